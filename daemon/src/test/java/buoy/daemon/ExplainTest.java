package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.explain.Explanation;
import buoy.daemon.explain.LivePools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
    private static final String CONFIG =
            """
            admin: {socket: DIRECTORY/admin.sock}
            listeners:
              web:
                bind: ["198.51.100.100:80"]
                protocol: http
                routes:
                  - {match: {host: www.example.org}, pool: app}
                  - {match: {path: /api, methods: [POST]}, pool: writers}
                  - {match: {path: /api}, rewrite: {strip-prefix: /api}, pool: app}
                  - {match: {path: /old}, redirect: {to: "https://${host}/new${path}", status: 301}}
                  - {match: {path: /blue, headers: {X-Tenant: blue}, query: {a: "1"}, client: [203.0.113.0/24]}, pool: app}
            pools:
              app:
                balance: least-connections
                servers:
                  a1: {address: "198.51.100.11:5000"}
                  a2: {address: "198.51.100.12:5000", backup: true}
              writers:
                fallback: app
                servers: {w1: "198.51.100.13:5000"}
            """;

    @TempDir Path directory;
    private Path config = Path.of("");
    private final Operator operator = new Operator();

    @BeforeEach
    void write() throws IOException {
        config =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        CONFIG.replace("DIRECTORY", directory.toString()));
    }

    private ExitCode explain(String... args) {
        List<String> all = new ArrayList<>(List.of("explain", "-c", config.toString()));
        all.addAll(List.of(args));
        return operator.says(all.toArray(String[]::new));
    }

    private String said() {
        return operator.out();
    }

    private String complained() {
        return operator.err();
    }

    @Test
    void thePageShowsWhatIsSaid() throws IOException {
        assertThat(explain("http://app.example.org/api/x", "--from", "203.0.113.7"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said()).isEqualTo(Shown.block("operations.md", "explain").text());
        assertThat(complained()).as("no buoy runs").contains("states of servers are not known");
    }

    @Test
    void everyConditionThatDoesNotHoldIsNamed() {
        assertThat(explain("http://app.example.org/blue?a=2")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains(
                        "routes[4]    does not fit: not header x-tenant: blue, not query a=1, not client 203.0.113.0/24")
                .contains("ends         no route fits: 404 (no-route)");
        assertThat(
                        explain(
                                "http://app.example.org/blue?a=1",
                                "-H",
                                "X-Tenant: blue",
                                "--from",
                                "203.0.113.9"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("routes[4]    fits").contains("sent         X-Tenant: blue");
    }

    @Test
    void theMethodDecidesAndTheFallbackIsShown() {
        assertThat(explain("-X", "POST", "http://app.example.org/api/x")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("routes[1]    fits: path /api, method POST")
                .contains("pool         writers, the pool")
                .contains("pool         app, fallback");
    }

    @Test
    void aRedirectSaysWhereTo() {
        assertThat(explain("http://app.example.org/old/x")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("redirected with 301 to https://app.example.org/new/old/x")
                .doesNotContain("sent ");
    }

    @Test
    void whatNoListenerTakesIsRefused() {
        assertThat(explain("http://app.example.org/open%2f..%2fapi/x")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("refused with 400: servers would read the path differently");
        assertThat(explain("http://app.example.org/", "-X", "TRACE")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("refused with 405");
    }

    @Test
    void whoAsksForAnotherPortIsToldWhatThereIs() {
        assertThat(explain("https://app.example.org/")).isEqualTo(ExitCode.REFUSED);
        assertThat(complained())
                .contains("no listener with TLS for app.example.org:443")
                .contains("web at 198.51.100.100:80");
        assertThat(explain("http://app.example.org:8080/", "--listener", "web"))
                .isEqualTo(ExitCode.DONE);
        assertThat(explain("http://198.51.100.9/")).as("another's").isEqualTo(ExitCode.REFUSED);
        assertThat(explain("http://198.51.100.100/")).isEqualTo(ExitCode.DONE);
    }

    private void sessions() throws IOException {
        Files.writeString(
                config,
                """
                admin: {socket: DIRECTORY/admin.sock}
                listeners:
                  raw:
                    bind: ["198.51.100.100:8883"]
                    protocol: tcp
                    routes:
                      - {match: {sni: "*.mqtt.example.org"}, pool: mqtt}
                      - {match: {client: [203.0.113.0/24]}, pool: other}
                  db:
                    bind: ["198.51.100.100:5432", "[2001:db8::1]:5432"]
                    protocol: postgres
                    routes:
                      - {match: {database: reports, user: ann}, pool: other}
                      - {match: {parameters: {buoy.role: replica}}, pool: other}
                      - {match: {client: [203.0.113.0/24]}, pool: mqtt}
                  names: {bind: ["198.51.100.100:53"], protocol: udp, pool: mqtt, limits: {connections-per-client: 5}}
                pools:
                  mqtt: {balance: source-hash, servers: {m1: "198.51.100.11:1883", m2: "198.51.100.12:1883"}}
                  other: {servers: {o1: "198.51.100.13:1883"}}
                """
                        .replace("DIRECTORY", directory.toString()));
    }

    @Test
    void aSessionGoesByTheNameThatItsTlsIsBegunFor() throws IOException {
        sessions();
        assertThat(explain("tcp://198.51.100.100:8883?sni=A.mqtt.example.org"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("listener     raw, bound to 198.51.100.100:8883")
                .contains("routes[0]    fits: sni *.mqtt.example.org")
                .contains("goes         to a server of pool mqtt")
                .contains("pool         mqtt, the pool: source-hash");
        assertThat(explain("tcp://lb:8883", "--from", "203.0.113.9")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("routes[0]    does not fit: not sni *.mqtt.example.org")
                .contains("routes[1]    fits: client 203.0.113.0/24");
        assertThat(explain("tcp://lb:8883")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("ends         no route fits: closed (no-route)");
        assertThat(explain("udp://lb:53")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("fits: it takes everything")
                .contains("mind         a client may have 5 connections at one time");
    }

    @Test
    void aSessionOfPostgresGoesByWhatItBeginsWith() throws IOException {
        sessions();
        assertThat(explain("postgres://ann:secret@lb/reports?sslmode=require"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("routes[0]    fits: database reports, user ann");
        assertThat(
                        explain(
                                "postgresql://bob@[2001:db8::1]/reports?options=-c%20buoy.role%3Dreplica"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("routes[0]    does not fit: not user ann")
                .contains("routes[1]    fits: parameter buoy.role=replica");
        assertThat(explain("postgres://bob@lb/", "--from", "203.0.113.9", "--json"))
                .isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("\"outcome\" : \"to a server of pool mqtt\"");
        assertThat(explain("postgres://bob@lb")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("ends         no route fits: refused with SQLSTATE 08004");
    }

    @Test
    void aSessionThatCannotBeIsRefused() throws IOException {
        sessions();
        assertThat(explain("tcp://lb:5432")).isEqualTo(ExitCode.REFUSED);
        assertThat(complained())
                .contains("no listener of protocol tcp for lb:5432 (there are: raw at");
        assertThat(explain("tcp://lb")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("tcp://lb:8883?database=x")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("postgres://l b/")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(complained()).contains("write tcp://HOST:PORT");
        assertThat(explain("tcp://lb:1", "--listener", "db")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void whatIsNoRequestIsBadUsage() {
        assertThat(explain()).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("app.example.org")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("http://a/", "-H", "nonsense")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("http://a/", "--from", "example.org")).isEqualTo(ExitCode.BAD_USAGE);
        assertThat(explain("http://a:70000/")).isEqualTo(ExitCode.BAD_USAGE);
    }

    @Test
    void asJson() {
        assertThat(explain("--json", "http://app.example.org/api/x")).isEqualTo(ExitCode.DONE);
        assertThat(said())
                .contains("\"listener\" : \"web\"")
                .contains("\"misses\" : [ \"host www.example.org\" ]")
                .contains("\"outcome\" : \"to a server of pool app\"")
                .doesNotContain("eligible");
    }

    @Test
    void theStatusOfARunningBuoyIsRead() throws IOException {
        String status =
                """
                {"version": "1", "listeners": [{"name": "web", "answers": {"2xx": 1}},
                   {"name": "db", "bind": ["[::]:5432"], "paused-since": "2026-11-21T04:33:54Z", "latency": {"count": 1}}],
                 "configuration": {"file": "f", "hash": "abc", "reloads": {"applied": 1}},
                 "pools": [{"name": "app", "servers-up": 1, "troubles": [],
                   "servers": [{"name": "a1", "state": "down", "latency": {"count": 1}, "active": 3}]}],
                 "workers": []}
                """;
        LivePools read = LivePools.read(status);
        assertThat(read.hash()).isEqualTo("abc");
        assertThat(read.paused()).isEqualTo(Map.of("db", "2026-11-21T04:33:54Z"));
        Explanation web =
                new Explanation(
                        "web",
                        "bound to it",
                        Optional.empty(),
                        false,
                        List.of(),
                        "",
                        List.of(),
                        List.of(),
                        List.of());
        assertThat(web.knowing(read)).isSameAs(web);
        assertThat(web.knowing(new LivePools("abc", Map.of(), Map.of("web", "then"))).why())
                .isEqualTo("bound to it; paused since then: who comes now is refused");
        assertThat(read.pools())
                .isEqualTo(
                        Map.of(
                                "app",
                                new LivePools.LivePool(
                                        Map.of("name", "app", "servers-up", "1"),
                                        Map.of(
                                                "a1",
                                                Map.of(
                                                        "name", "a1", "state", "down", "active",
                                                        "3")))));
    }
}
