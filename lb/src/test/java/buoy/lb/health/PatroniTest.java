package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.ServerHealth.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Patroni's REST API as three nodes answer it: one port, an address for each node. */
class PatroniTest {
    private static final Duration EVERY = Duration.ofMillis(100);

    /** One node: {@code 127.0.0.N}, on a port that all share. */
    private static final class Node implements AutoCloseable {
        private final TestServer rest;
        private volatile String role = "replica";
        private volatile String body = "{}";
        private volatile boolean silent;
        private volatile String asked = "";

        Node() {
            rest = TestServer.start(this::answer);
        }

        /** On another address, but the same port. */
        Node(String address, Node other) throws IOException {
            rest =
                    TestServer.start(
                            InetAddress.getByName(address), other.rest.port(), this::answer);
        }

        private void answer(Socket socket) throws IOException {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            if (request == null || silent) {
                return;
            }
            asked = request;
            String answer =
                    request.startsWith("GET /" + role)
                            ? "HTTP/1.0 200 OK\r\n\r\n"
                            : "HTTP/1.0 503 Service Unavailable\r\n\r\n";
            answer += body;
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }

        Pool pool(Role role, OptionalLong lag, int fall, Node... others) {
            List<Endpoint> servers = new ArrayList<>(List.of(rest.endpoint()));
            for (Node other : others) {
                servers.add(other.rest.endpoint());
            }
            return Configs.pool(
                    "pg",
                    new Balance.RoundRobin(),
                    Optional.of(
                            new Health(
                                    new Probe.Patroni(role, rest.port(), lag, Optional.empty()),
                                    EVERY,
                                    Duration.ofSeconds(1),
                                    fall,
                                    2,
                                    EVERY)),
                    OnDown.CLOSE_SESSIONS,
                    servers.toArray(Endpoint[]::new));
        }

        @Override
        public void close() {
            rest.kill();
        }
    }

    private static Config config(Pool pool) {
        return Configs.of(List.of(), List.of(pool));
    }

    @Test
    void aRoleThatIsAnsweredCountsAtOnceBothWays() throws Exception {
        try (Node node = new Node();
                Running buoy =
                        Running.start(config(node.pool(Role.PRIMARY, OptionalLong.empty(), 3)))) {
            Await.until("it is known to follow", () -> buoy.up("pg") == 0);
            assertThat(buoy.server("pg", "s1").health().why()).isEqualTo("Patroni: not primary");
            node.role = "primary";
            Await.until("it leads", () -> buoy.up("pg") == 1);
            assertThat(buoy.server("pg", "s1").health().why()).isEqualTo("Patroni: primary");
            node.role = "replica";
            Await.until("it follows again", () -> buoy.up("pg") == 0);
            assertThat(node.asked).isEqualTo("GET /primary HTTP/1.1");
        }
    }

    @Test
    void oneThatIsBeingPromotedIsNoPrimaryYetAndAskedAgainSoon() throws Exception {
        try (Node node = new Node()) {
            node.role = "primary";
            node.body = "{\"state\": \"running\", \"role\": \"replica\"}";
            Pool pool =
                    Configs.pool(
                            "pg",
                            new Balance.RoundRobin(),
                            Optional.of(
                                    new Health(
                                            new Probe.Patroni(
                                                    Role.PRIMARY,
                                                    node.rest.port(),
                                                    OptionalLong.empty(),
                                                    Optional.empty()),
                                            Duration.ofHours(1),
                                            Duration.ofSeconds(1),
                                            3,
                                            2,
                                            Duration.ofHours(1))),
                            OnDown.CLOSE_SESSIONS,
                            node.rest.endpoint());
            try (Running buoy = Running.start(config(pool))) {
                Await.until("it is known", () -> buoy.up("pg") == 0);
                assertThat(buoy.server("pg", "s1").health().why())
                        .isEqualTo("Patroni: primary, still in recovery");
                node.body = "{\"state\": \"running\", \"role\": \"master\"}";
                Await.until("it leads", () -> buoy.up("pg") == 1);
            }
        }
    }

    /** Patroni 3.0 says so of one that it stops for a switch-over, until that follows. */
    @Test
    void aStoppedFormerPrimaryIsNoRival() throws Exception {
        try (Node former = new Node();
                Node next = new Node("127.0.0.2", former)) {
            former.role = "primary";
            former.body = "{\"state\": \"running\", \"role\": \"master\", \"timeline\": 1}";
            Pool pool = former.pool(Role.PRIMARY, OptionalLong.empty(), 3, next);
            try (Running buoy = Running.start(config(pool))) {
                Await.until("it leads", () -> buoy.up("pg") == 1);
                former.role = "replica";
                former.body = "{\"state\": \"stopped\", \"role\": \"master\"}";
                Await.until("it is gone", () -> buoy.up("pg") == 0);
                next.body = "{\"state\": \"running\", \"role\": \"master\", \"timeline\": 2}";
                next.role = "primary";
                Await.until("the other leads", () -> buoy.up("pg") == 1);
                assertThat(buoy.server("pg", "s2").health().why()).isEqualTo("Patroni: primary");
            }
        }
    }

    @Test
    void silenceIsCounted() throws Exception {
        try (Node node = new Node()) {
            node.role = "primary";
            try (Running buoy =
                    Running.start(config(node.pool(Role.PRIMARY, OptionalLong.empty(), 3)))) {
                Await.until("it leads", () -> buoy.up("pg") == 1);
                long began = System.nanoTime();
                node.silent = true;
                Await.until("it is down", () -> buoy.up("pg") == 0);
                // Three failures take two intervals at least.
                assertThat(System.nanoTime() - began)
                        .isGreaterThan(EVERY.multipliedBy(2).toNanos() * 15 / 16);
                assertThat(buoy.server("pg", "s1").health().why())
                        .isEqualTo("Patroni: closed without an answer");
            }
        }
    }

    @Test
    void replicasAreAskedForTheirLag() throws Exception {
        try (Node node = new Node();
                Running buoy =
                        Running.start(
                                config(node.pool(Role.REPLICA, OptionalLong.of(1 << 20), 3)))) {
            Await.until("it follows closely", () -> buoy.up("pg") == 1);
            assertThat(node.asked).isEqualTo("GET /replica?lag=1048576 HTTP/1.1");
            assertThat(buoy.server("pg", "s1").health().state()).isEqualTo(State.UP);
        }
    }

    @Test
    void aSilentLeaderIsDownAsSoonAsAnotherLeads() throws Exception {
        try (Node old = new Node();
                Node other = new Node("127.0.0.2", old)) {
            old.role = "primary";
            // So patient that silence alone would never do it.
            Pool patient = old.pool(Role.PRIMARY, OptionalLong.empty(), 1_000_000, other);
            try (Running buoy = Running.start(config(patient))) {
                Await.until("the old one leads", () -> buoy.up("pg") == 1);
                old.silent = true;
                other.role = "primary";
                Await.until(
                        "the old one is down",
                        () -> buoy.server("pg", "s1").health().state() == State.DOWN);
                assertThat(buoy.server("pg", "s1").health().why())
                        .isEqualTo("silent, and s2 leads now");
                assertThat(buoy.server("pg", "s2").health().state()).isEqualTo(State.UP);
            }
        }
    }

    @Test
    void theConnectionIsKeptWhereTheServerKeepsIt() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        AtomicInteger asked = new AtomicInteger();
        try (TestServer patroni =
                TestServer.start(
                        socket -> {
                            BufferedReader in =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    socket.getInputStream(),
                                                    StandardCharsets.US_ASCII));
                            for (String line = in.readLine(); line != null; line = in.readLine()) {
                                if (line.isEmpty()) {
                                    asked.incrementAndGet();
                                    socket.getOutputStream()
                                            .write(answer.getBytes(StandardCharsets.US_ASCII));
                                }
                            }
                        })) {
            Pool pool =
                    Configs.pool(
                            "pg",
                            new Balance.RoundRobin(),
                            Optional.of(
                                    Configs.health(
                                            new Probe.Patroni(
                                                    Role.PRIMARY,
                                                    patroni.port(),
                                                    OptionalLong.empty(),
                                                    Optional.empty()))),
                            OnDown.CLOSE_SESSIONS,
                            patroni.endpoint());
            try (Running _ = Running.start(Configs.of(List.of(), List.of(pool)))) {
                Await.until("it was asked often", () -> asked.get() > 10);
                assertThat(patroni.accepted()).isEqualTo(1);
            }
        }
    }
}
