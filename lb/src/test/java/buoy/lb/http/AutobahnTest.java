package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Autobahn's fuzzing client (WebSocket, RFC 6455) through Buoy to a server that echoes, by
 * connections of HTTP/1.1 and by a stream from one Buoy to another. It is Python and runs under
 * Jython, for which it takes its time.
 */
class AutobahnTest {
    @TempDir private Path directory;

    /** Framing, pings, reserved bits, opcodes, fragments, UTF-8, closing: some of each. */
    @Test
    void someOfEachKind() throws Exception {
        holds(cases("1.1.7", "2.5", "3.3", "4.1.3", "5.8", "6.6.3", "7.1.5", "10.1.1"), 8);
    }

    /** All but limits, performance and compression, which are the server's business alone. */
    @Tag("soak")
    @Test
    void allOfThem() throws Exception {
        holds(cases("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"), 247);
    }

    /** The server behaves through Buoy as it does without, and well. */
    private static void holds(Map<String, Map<String, String>> behaviours, int cases) {
        holds(behaviours, "buoy", cases);
        holds(behaviours, "streams", cases);
    }

    private static void holds(Map<String, Map<String, String>> behaviours, String way, int cases) {
        Map<String, String> through = behaviours.getOrDefault(way, Map.of());
        assertThat(through).hasSize(2 * cases).isEqualTo(behaviours.get("direct"));
        assertThat(through)
                .allSatisfy(
                        (_, behaviour) ->
                                assertThat(behaviour).isIn("OK", "NON-STRICT", "INFORMATIONAL"));
        assertThat(through.values().stream().filter("NON-STRICT"::equals).count())
                .isLessThanOrEqualTo(4);
    }

    /** How the server behaved in each case, by its number, and how it closed; by the way to it. */
    private Map<String, Map<String, String>> cases(String... cases) throws Exception {
        try (EchoServer server = new EchoServer();
                Proxy proxy = Proxy.to(server.port()).start();
                Proxy streams = overStreams(proxy).start()) {
            String specification =
                    """
                    {"outdir": "%s", "cases": ["%s"], "exclude-cases": [], "exclude-agent-cases": {},
                     "servers": [{"agent": "direct", "url": "ws://127.0.0.1:%d/"},
                                 {"agent": "buoy", "url": "ws://127.0.0.1:%d/"},
                                 {"agent": "streams", "url": "ws://127.0.0.1:%d/"}]}
                    """
                            .formatted(
                                    directory,
                                    String.join("\", \"", cases),
                                    server.port(),
                                    proxy.port,
                                    streams.port);
            Path script = directory.resolve("run.py");
            Files.writeString(
                    script,
                    """
                    import json, sys
                    sys.path[:0] = [sys.argv[1], sys.argv[1] + "/autobahntestsuite"]
                    import choosereactor
                    from twisted.internet import reactor
                    from autobahntestsuite import fuzzing
                    if fuzzing.startClient(json.loads(sys.argv[2])):
                        reactor.run()
                    """);
            run(script, specification);
        }
        return behaviours(directory.resolve("index.json"));
    }

    /** The way on from here is HTTP/2 (RFC 8441). */
    private static Proxy.Setup overStreams(Proxy next) {
        Proxy.Setup setup = Proxy.to(next.port);
        setup.protocol = Protocol.H2C;
        return setup;
    }

    private void run(Path script, String specification) throws Exception {
        Path suite = jar("/autobahntestsuite/fuzzing.py");
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dpython.cachedir.skip=true",
                                "-cp",
                                jar("/org/python/util/jython.class").toString(),
                                "org.python.util.jython",
                                script.toString(),
                                suite.toString(),
                                specification)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int code = process.waitFor();
        assertThat(code).as(Files.readString(log, StandardCharsets.ISO_8859_1)).isZero();
    }

    /** The archive with this in it. */
    private static Path jar(String resource) throws URISyntaxException {
        String found =
                Objects.requireNonNull(AutobahnTest.class.getResource(resource), resource)
                        .toString();
        return Path.of(found.substring("jar:file:".length(), found.indexOf('!')));
    }

    /** From {@code {"buoy": {"1.1.1": {"behavior": ..., "behaviorClose": ..., ...}, ...}}}. */
    private static Map<String, Map<String, String>> behaviours(Path report) throws IOException {
        Map<String, Map<String, String>> behaviours = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(report.toFile())) {
            List<String> path = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> path.add(String.valueOf(parser.currentName()));
                    case END_OBJECT -> path.removeLast();
                    case VALUE_STRING -> {
                        String field = parser.currentName();
                        if (field.startsWith("behavior")) {
                            String closing = field.equals("behaviorClose") ? " closing" : "";
                            behaviours
                                    .computeIfAbsent(path.get(1), _ -> new TreeMap<>())
                                    .put(path.get(2) + closing, parser.getText());
                        }
                    }
                    default -> {}
                }
            }
        }
        return behaviours;
    }
}
