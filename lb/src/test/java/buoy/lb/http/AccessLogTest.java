package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.AccessLog;
import buoy.config.model.AccessLog.Destination;
import buoy.config.model.AccessLog.Fact;
import buoy.config.model.AccessLog.Format;
import buoy.config.model.AccessLog.Literal;
import buoy.config.model.AccessLog.Part;
import buoy.config.model.Listener;
import buoy.lb.kit.Await;
import buoy.lb.kit.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in an access log after real exchanges. */
class AccessLogTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final Path NGINX = Peer.NGINX;
    private static final Path HAPROXY = Peer.HAPROXY;

    /** The facts that are the same each time. */
    private static final Format STEADY =
            pattern(
                    Fact.METHOD,
                    Fact.URI,
                    Fact.STATUS,
                    Fact.BYTES_RECEIVED,
                    Fact.BODY_BYTES_SENT,
                    Fact.POOL,
                    Fact.SERVER,
                    Fact.RETRIES,
                    Fact.REASON);

    @TempDir Path directory;

    private static Format pattern(Fact... facts) {
        List<Part> parts = new ArrayList<>();
        for (Fact fact : facts) {
            if (!parts.isEmpty()) {
                parts.add(new Literal(" "));
            }
            parts.add(fact);
        }
        return new Format.Pattern(parts);
    }

    private Path log() {
        return directory.resolve("access.log");
    }

    private Proxy.Setup logging(Format format, int... ports) {
        Proxy.Setup setup = Proxy.to(ports);
        setup.accessLog = Optional.of(new AccessLog(format, new Destination.File(log())));
        return setup;
    }

    private static List<String> lines(Path file, int count) {
        Await.until(() -> count + " lines in " + read(file), () -> read(file).size() >= count);
        return read(file);
    }

    private static List<String> read(Path file) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            // The last line may be under way.
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachExchangeHasOneLine() throws Exception {
        try (Origin origin = Origin.answering("12345");
                Proxy proxy = logging(STEADY, origin.port()).start();
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/a", "/b?c=d")) {
                var request =
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port + path))
                                .header("User-Agent", "\"a\"")
                                .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                        .isEqualTo("12345");
            }

            assertThat(lines(log(), 2))
                    .satisfiesExactly(
                            one -> assertThat(one).matches("GET /a 200 \\d+ 5 app s1 0 -"),
                            two -> assertThat(two).matches("GET /b\\?c=d 200 \\d+ 5 app s1 0 -"));
        }
    }

    @Test
    void bytesOfBodiesAreCountedBothWays() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.read(100_000);
                                    talk.ok("y".repeat(200_000));
                                });
                Proxy proxy = logging(STEADY, origin.port()).start();
                Caller caller = proxy.call()) {
            String head = "POST /up HTTP/1.1\nHost: a\nContent-Length: 100000\n\n";
            caller.send(head).raw("x".repeat(100_000));
            assertThat(caller.response()).endsWith("yyy");

            assertThat(lines(log(), 1))
                    .containsExactly(
                            "POST /up 200 %d 200000 app s1 0 -"
                                    .formatted(head.replace("\n", "\r\n").length() + 100_000));
        }
    }

    @Test
    void failuresHaveTheirReasonAndRetriesAreCounted() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        try (Proxy proxy = logging(STEADY, nobody).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/x").response()).contains("502 server-refused");
            assertThat(caller.send("GET / HTTP/1.1\nno colon\n\n").rest())
                    .contains("400 bad-request");

            assertThat(lines(log(), 2))
                    .satisfiesExactly(
                            one ->
                                    assertThat(one)
                                            .matches("GET /x 502 \\d+ 19 app s1 0 server-refused"),
                            two -> assertThat(two).matches("- - 400 0 \\d+ - - 0 bad-request"));
        }
        try (Origin origin = Origin.answering("late");
                Proxy proxy = logging(STEADY, nobody, origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/y").response()).endsWith("late");

            assertThat(lines(log(), 3).getLast()).matches("GET /y 200 \\d+ 4 app s2 1 -");
        }
    }

    @Test
    void aClientThatLeavesIsThere() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    assertThat(talk.ended()).isTrue();
                                });
                Proxy proxy = logging(STEADY, origin.port()).start();
                Caller caller = proxy.call()) {
            caller.get("/never");
            origin.received();
            caller.socket.setSoLinger(true, 0);
            caller.hangUp();

            assertThat(lines(log(), 1).getFirst())
                    .matches("GET /never - \\d+ 0 app s1 0 client-reset");
        }
    }

    @Test
    void answersOfOurOwnAreThere() throws Exception {
        try (Proxy proxy =
                        logging(STEADY)
                                .route(Listener.Match.ANY, new Listener.Action.Respond(403, "no"))
                                .start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/blocked").response()).contains("403");

            assertThat(lines(log(), 1).getFirst()).matches("GET /blocked 403 \\d+ 2 - - 0 -");
        }
    }

    @Test
    void aWebSocketHasItsLineAtTheEndWithAllItsBytes() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 101 Switching Protocols
                                            Upgrade: websocket
                                            Connection: Upgrade
                                            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

                                            """);
                                    talk.read(5);
                                    talk.write("1234567");
                                });
                Proxy proxy = logging(STEADY, origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send(
                    """
                    GET /ws HTTP/1.1
                    Host: a
                    Upgrade: websocket
                    Connection: Upgrade
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                    Sec-WebSocket-Version: 13

                    """);
            assertThat(caller.head()).contains("101");
            assertThat(read(log())).isEmpty();
            caller.raw("hello");
            assertThat(caller.read(7)).isEqualTo("1234567");
            caller.hangUp();

            assertThat(lines(log(), 1).getFirst()).matches("GET /ws 101 \\d+ 7 app s1 0 .*");
        }
    }

    @Test
    void combinedIsWhatNginxWrites() throws Exception {
        assumeThat(NGINX).exists();
        assumeThat(CURL).exists();
        Path theirs = directory.resolve("nginx.log");
        int port = Peer.freePort();
        try (Origin origin = Origin.answering("12345");
                Proxy proxy = logging(new Format.Combined(), origin.port()).start();
                Peer _ =
                        Peer.nginx(
                                port,
                                directory,
                                """
                                server {
                                  listen 127.0.0.1:%1$d;
                                  access_log %2$s combined;
                                  location / { proxy_pass http://127.0.0.1:%3$d; }
                                }
                                """
                                        .formatted(port, theirs, origin.port()))) {
            curls(proxy.port);
            curls(port);

            List<String> ours =
                    lines(log(), REQUESTS).stream().map(AccessLogTest::undated).toList();
            assertThat(ours)
                    .containsExactlyElementsOf(
                            lines(theirs, REQUESTS).stream().map(AccessLogTest::undated).toList())
                    .allMatch(line -> line.contains("[DATE]"));
        }
    }

    @Test
    void haproxyIsWhatHaproxyWrites() throws Exception {
        assumeThat(HAPROXY).exists();
        assumeThat(CURL).exists();
        Path config = directory.resolve("haproxy.cfg");
        int port = Peer.freePort();
        try (Origin origin = Origin.answering("12345");
                Proxy proxy = logging(new Format.Haproxy(), origin.port()).start();
                Peer peer =
                        Peer.start(
                                port,
                                config,
                                """
                                global
                                  log stdout format raw local0
                                defaults
                                  mode http
                                  log global
                                  option httplog
                                  timeout client 10s
                                  timeout server 10s
                                  timeout connect 10s
                                frontend web
                                  bind 127.0.0.1:%d
                                  default_backend app
                                backend app
                                  server s1 127.0.0.1:%d
                                """
                                        .formatted(port, origin.port()),
                                HAPROXY + "",
                                "-db",
                                "-f",
                                config + "")) {
            curls(proxy.port);
            curls(port);

            Await.until(
                    () -> "lines of HAProxy in " + read(peer.log()),
                    () -> requests(peer.log()).size() == REQUESTS);
            assertThat(lines(log(), REQUESTS).stream().map(AccessLogTest::unmeasured).toList())
                    .containsExactlyElementsOf(
                            requests(peer.log()).stream().map(AccessLogTest::unmeasured).toList())
                    .allMatch(line -> line.contains(" web app/s1 N/N/N/N/N 200 "));
        }
    }

    private static List<String> requests(Path log) {
        return read(log).stream().filter(line -> line.contains(" app/s1 ")).toList();
    }

    /**
     * Without times, ports, counts and sizes of heads, which depend on the moment and the proxy.
     */
    private static String unmeasured(String line) {
        return line.replaceFirst(
                        "^127.0.0.1:\\d+ \\[\\d\\d/\\w{3}/\\d{4}(:\\d\\d){3}\\.\\d{3}]", "WHEN")
                .replaceFirst(" \\d+/\\d+/\\d+/\\d+/\\d+ 200 \\d+ ", " N/N/N/N/N 200 N ")
                .replaceFirst(" \\d+/\\d+/\\d+/\\d+/0 0/0 ", " C/C/C/C/0 0/0 ");
    }

    private static String undated(String line) {
        return line.replaceFirst("\\[\\d\\d/\\w{3}/\\d{4}(:\\d\\d){3} [+-]\\d{4}]", "[DATE]");
    }

    private static final int REQUESTS = 4;

    private static void curls(int port) throws Exception {
        String url = "http://127.0.0.1:" + port;
        curl(url + "/plain?a=b");
        curl("-A", "a \"quoted\\\" \u00e9 agent", "-e", "http://r/#x", url + "/quoted");
        curl("--data", "abc", "--http1.0", url + "/old");
        curl("-I", url + "/head");
    }

    private static void curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(CURL + "", "-sS", "-o", "/dev/null"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command).inheritIO().start();
        assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(curl.exitValue()).isZero();
    }
}
