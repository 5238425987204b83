package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.Shown;
import buoy.daemon.json.JsonText;
import buoy.lb.LiveSession;
import buoy.lb.SessionList;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Doing.State;
import buoy.lb.pool.Doing.Target;
import buoy.lb.proxy.Ends;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionsTextTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static LiveSession session(
            String id, String client, String listener, String protocol, Duration ago, Doing doing) {
        String[] parts = client.split(":", -1);
        return new LiveSession(
                id,
                listener,
                protocol,
                new Ends(
                        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])),
                        new InetSocketAddress("198.51.100.100", 443)),
                NOW.minus(ago),
                doing);
    }

    /** Of one client, to one database. */
    private static LiveSession queries(String id, int port, Duration ago, Doing doing) {
        return session(id, "203.0.113.7:" + port, "db", "postgres", ago, doing);
    }

    private static Doing with(State state, String pool, String server) {
        return Doing.of(state)
                .at(
                        List.of(
                                new Target(
                                        pool,
                                        server.isEmpty()
                                                ? Optional.empty()
                                                : Optional.of(server))));
    }

    private static final SessionList SAMPLE =
            new SessionList(
                    List.of(
                            queries(
                                    "k3f9ax-0-17",
                                    40112,
                                    Duration.ofMinutes(192),
                                    with(State.SESSION, "pg", "pg1")
                                            .said(Optional.of("app"), Optional.of("sales"))
                                            .plus(49_254, 2_202_010)),
                            session(
                                    "k3f9ax-1-20113",
                                    "203.0.113.9:51930",
                                    "web",
                                    "http",
                                    Duration.ofSeconds(725),
                                    with(State.EXCHANGE, "app", "a1")
                                            .version("2")
                                            .exchanges(3)
                                            .plus(93_184, 7_759_462)),
                            queries(
                                    "k3f9ax-0-31007",
                                    40340,
                                    Duration.ofSeconds(4),
                                    with(State.HELD, "pg", "")
                                            .said(Optional.of("app"), Optional.of("sales"))),
                            session(
                                    "k3f9ax-1-31008",
                                    "203.0.113.8:36000",
                                    "web",
                                    "http",
                                    Duration.ofMillis(350),
                                    Doing.of(State.IDLE).version("1").plus(412, 1_638))),
                    2415,
                    List.of());

    @Test
    void itLooksAsThePageSays() throws Exception {
        assertThat(SessionsText.of(SAMPLE, NOW))
                .isEqualTo(Shown.block("operations.md", "sessions").text());
    }

    @Test
    void whatAClientSaysOfItselfDoesNothingToATerminal() {
        SessionList list =
                new SessionList(
                        List.of(
                                queries(
                                        "k3f9ax-0-17",
                                        40112,
                                        Duration.ofSeconds(1),
                                        with(State.SESSION, "pg", "pg1")
                                                .said(
                                                        Optional.of("a\u001b[2Jb\u202e c"),
                                                        Optional.of("x".repeat(9000))))),
                        1,
                        List.of(3));
        String text = SessionsText.of(list, NOW);
        assertThat(text)
                .contains("a?[2Jb??c in " + "x".repeat(63) + "...\n")
                .contains("worker 3 does not answer");
        assertThat(SessionsJson.of(list, new JsonText()))
                .contains("\"user\":\"a?[2Jb??c\"", "\"database\":\"" + "x".repeat(63) + "...\"");
    }

    @Test
    void nobodyIsSaidToBeThere() {
        assertThat(SessionsText.of(new SessionList(List.of(), 0, List.of()), NOW))
                .isEqualTo("no sessions\n");
    }

    @Test
    void machinesGetEveryNumber() {
        String json = SessionsJson.of(SAMPLE, new JsonText());
        assertThat(json)
                .startsWith(
                        "{\"matching\":2415,\"silent-workers\":[],\"sessions\":[{\"id\":\"k3f9ax-0-17\",")
                .contains(
                        "\"targets\":[{\"pool\":\"pg\",\"server\":\"pg1\"}],\"state\":\"session\"",
                        "\"since\":\"2026-03-01T08:48:00Z\"",
                        "\"bytes-from-client\":49254,\"bytes-to-client\":2202010,\"user\":\"app\",\"database\":\"sales\"",
                        "\"targets\":[{\"pool\":\"pg\"}],\"state\":\"held\"",
                        "\"protocol\":\"http/2\"");
    }
}
