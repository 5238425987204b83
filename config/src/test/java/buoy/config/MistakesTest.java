package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of {@code mistakes.txt}: a file as operators write them, and exactly what they read.
 */
class MistakesTest {
    /** What an operator wrote under a title, and the lines said about it. */
    record Case(String title, String yaml, List<String> said) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(MistakesTest.class.getResourceAsStream("/mistakes.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.split("(?m)^### "));
            return parts.subList(1, parts.size()).stream().map(MistakesTest::parse).toList();
        }
    }

    private static Case parse(String part) {
        List<String> lines = part.lines().toList();
        List<String> yaml = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            (line.startsWith("! ") || line.startsWith("? ") ? said : yaml).add(line);
        }
        return new Case(lines.getFirst(), String.join("\n", yaml).stripTrailing() + "\n", said);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isSaidCompletelyAndInOrder(Case mistake) {
        Problems problems = new Problems();
        byte[] yaml = mistake.yaml().getBytes(StandardCharsets.UTF_8);

        Reading reading =
                ConfigFile.judge(Document.parse("buoy.yaml", yaml, problems), "lb1", problems);

        List<String> said = new ArrayList<>();
        problems.errors().forEach(p -> said.add("! " + p));
        problems.warnings().forEach(p -> said.add("? " + p));
        assertThat(said.stream().map(line -> line.replace("buoy.yaml:", "")).toList())
                .containsExactlyElementsOf(mistake.said());
        assertThat(reading instanceof Reading.Rejected).isEqualTo(!problems.errors().isEmpty());
    }

    @Test
    void tenMistakesAreTenLines() {
        Reading reading =
                Written.read(
                        """
                        log: {levle: debug}
                        vrrp:
                          web:
                            interface: eth0
                            router-id: 300
                            advertise: 100ms
                            addresses: [198.51.100.100]
                            track: [{pool: app, below: 2}]
                        listeners:
                          https:
                            bind: ["198.51.100.100"]
                            protocol: http
                            tls: {certificates: [sight]}
                            routes:
                              - pool: ordres
                            timeouts: {idle: 60}
                        certificates:
                          site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
                        pools:
                          app: {servers: ["app1"], health: {tcp: {}}}
                          orders: {servers: ["198.51.100.12:5000"], health: {tcp: {}}, protocol: h3}
                        """);

        assertThat(Written.problems(reading))
                .containsExactly(
                        "buoy.yaml:1:7: log.levle: unknown key (did you mean \"level\"?)",
                        "buoy.yaml:5:16: vrrp.web.router-id: must be 1..255, got 300",
                        "buoy.yaml:7:17: vrrp.web.addresses[0]: needs the length of its network, got"
                                + " \"198.51.100.100\" (write 198.51.100.100/24)",
                        "buoy.yaml:8:13: vrrp.web.track[0].weight: is required",
                        "buoy.yaml:11:12: listeners.https.bind[0]: must be an address and a port, such"
                                + " as 198.51.100.1:443 or [2001:db8::1]:443, got \"198.51.100.100\"",
                        "buoy.yaml:13:26: listeners.https.tls.certificates[0]: \"sight\" is not a"
                                + " certificate (there is site)",
                        "buoy.yaml:15:15: listeners.https.routes[0].pool: \"ordres\" is not a pool (did"
                                + " you mean \"orders\"?)",
                        "buoy.yaml:16:22: listeners.https.timeouts.idle: a duration needs a unit, got"
                                + " \"60\" (write 60ms, 60s or 60m)",
                        "buoy.yaml:20:19: pools.app.servers[0]: must be an address and a port, such as"
                                + " 198.51.100.1:443 or app1.internal:5000, got \"app1\"",
                        "buoy.yaml:21:74: pools.orders.protocol: must be http1, h2 or h2c, got"
                                + " \"h3\" (did you mean \"h2\"?)");
    }
}
