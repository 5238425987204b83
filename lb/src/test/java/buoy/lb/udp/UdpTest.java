package buoy.lb.udp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Datagrams to servers and back, over real sockets. Two workers. */
class UdpTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Something that datagrams come to. */
    private static class Peer implements AutoCloseable {
        final DatagramSocket socket;

        Peer() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(10_000);
        }

        DatagramPacket next() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(packet);
            return packet;
        }

        void say(String text, InetAddress to, int port) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, to, port));
        }

        Endpoint endpoint() {
            return Configs.loopback(socket.getLocalPort());
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** A server that answers each datagram with its name and what it was told. */
    private static final class Server extends Peer {
        Server(String name, int answers) throws IOException {
            socket.setSoTimeout(0);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (true) {
                                        DatagramPacket asked = next();
                                        String answer = name + " " + text(asked);
                                        for (int i = 0; i < answers; i++) {
                                            say(answer, asked.getAddress(), asked.getPort());
                                        }
                                    }
                                } catch (IOException _) {
                                    // Closed: the test is over.
                                }
                            });
        }
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private static final class Client extends Peer {
        private final Running buoy;

        Client(Running buoy) throws IOException {
            this.buoy = buoy;
        }

        void send(String text) throws IOException {
            say(text, InetAddress.getLoopbackAddress(), buoy.port("in"));
        }

        String answer() throws IOException {
            DatagramPacket packet = next();
            assertThat(packet.getPort()).isEqualTo(buoy.port("in"));
            assertThat(packet.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
            return text(packet);
        }

        String ask(String text) throws IOException {
            send(text);
            return answer();
        }
    }

    private static Listener udp(Duration idle, OptionalInt responses, OptionalInt most) {
        return new Listener.Udp(
                "in",
                List.of(Configs.loopback(0)),
                most,
                idle,
                responses,
                "app",
                Listener.Admission.ANY);
    }

    private static Listener udp(OptionalInt responses) {
        return udp(LONG, responses, OptionalInt.empty());
    }

    private static Config config(Listener listener, Peer... servers) {
        return config(listener, new Balance.RoundRobin(), servers);
    }

    private static Config config(Listener listener, Balance balance, Peer... servers) {
        Endpoint[] endpoints = new Endpoint[servers.length];
        for (int i = 0; i < servers.length; i++) {
            endpoints[i] = servers[i].endpoint();
        }
        return config(
                listener,
                Configs.pool("app", balance, Optional.empty(), OnDown.KEEP_SESSIONS, endpoints));
    }

    private static Config config(Listener listener, Pool pool) {
        return Configs.of(List.of(listener), List.of(pool));
    }

    private static void awaitSessions(Running buoy, int many) {
        Await.until(
                () -> many + " sessions, there are " + buoy.listener("in").connections(),
                () -> buoy.listener("in").connections() == many);
    }

    @Test
    void aClientsPortIsASessionWithOneServerUntilItIsSilent() throws Exception {
        try (Server a = new Server("a", 1);
                Server b = new Server("b", 1);
                Running buoy = Running.start(config(udp(OptionalInt.empty()), a, b));
                Client one = new Client(buoy);
                Client two = new Client(buoy)) {
            String first = one.ask("x");
            assertThat(first).isIn("a x", "b x");
            for (int i = 0; i < 4; i++) {
                assertThat(one.ask("x")).isEqualTo(first);
            }
            String large = "y".repeat(60_000);
            assertThat(two.ask(large)).endsWith(" " + large);
            awaitSessions(buoy, 2);
            assertThat(buoy.listener("in").protocol()).isEqualTo("udp");
            assertThat(buoy.listener("in").totals().bytesFromClient()).isEqualTo(60_005);
            assertThat(buoy.listener("in").totals().bytesToClient()).isEqualTo(60_017);
            assertThat(buoy.server("app", "s1").active() + buoy.server("app", "s2").active())
                    .isEqualTo(2);
        }
    }

    @Test
    void aSessionIsOverWithTheLastAnswer() throws Exception {
        try (Server a = new Server("a", 2);
                Server b = new Server("b", 2);
                Running buoy = Running.start(config(udp(OptionalInt.of(2)), a, b));
                Client client = new Client(buoy)) {
            Set<String> said = new TreeSet<>();
            for (int i = 0; i < 4; i++) {
                said.add(client.ask("x"));
                said.add(client.answer());
                awaitSessions(buoy, 0);
            }
            assertThat(said).containsExactly("a x", "b x");
            assertThat(buoy.listener("in").totals().finished()).isEqualTo(4);
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
            assertThat(buoy.server("app", "s1").totals().latency().count()).isEqualTo(2);
        }
    }

    @Test
    void whatIsSilentForTooLongIsOverAndAnAnswerThatIsOwedIsAFailure() throws Exception {
        Duration soon = Duration.ofMillis(300);
        try (Peer silent = new Peer()) {
            try (Running buoy =
                            Running.start(
                                    config(
                                            udp(soon, OptionalInt.of(1), OptionalInt.empty()),
                                            silent));
                    Client client = new Client(buoy)) {
                client.send("x");
                awaitSessions(buoy, 1);
                awaitSessions(buoy, 0);
                assertThat(buoy.listener("in").totals().failures())
                        .containsOnlyKeys(Reason.RESPONSE_TIMEOUT);
                assertThat(buoy.server("app", "s1").totals().failures())
                        .containsOnlyKeys(Reason.RESPONSE_TIMEOUT);
            }
            try (Running buoy =
                            Running.start(
                                    config(
                                            udp(soon, OptionalInt.of(0), OptionalInt.empty()),
                                            silent));
                    Client client = new Client(buoy)) {
                client.send("x");
                awaitSessions(buoy, 1);
                awaitSessions(buoy, 0);
                assertThat(buoy.listener("in").totals().finished()).isEqualTo(1);
                assertThat(buoy.listener("in").totals().failures()).isEmpty();
            }
        }
    }

    @Test
    void whereNobodyListensAnotherServerIsAskedAndTheClientNoticesNothing() throws Exception {
        Peer gone = new Peer();
        Endpoint nobody = gone.endpoint();
        gone.close();
        try (Server b = new Server("b", 1);
                Running buoy =
                        Running.start(
                                config(
                                        udp(OptionalInt.of(1)),
                                        Configs.pool(
                                                "app",
                                                new Balance.First(),
                                                Optional.empty(),
                                                OnDown.KEEP_SESSIONS,
                                                nobody,
                                                b.endpoint())));
                Client client = new Client(buoy)) {
            assertThat(client.ask("x")).isEqualTo("b x");
            assertThat(buoy.server("app", "s1").totals().failures())
                    .containsOnlyKeys(Reason.SERVER_REFUSED);
            assertThat(buoy.server("app", "s2").totals().retries()).isEqualTo(1);
            awaitSessions(buoy, 0);
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
        }
    }

    @Test
    void whatIsLargeIsNotKeptToBeSentAgain() throws Exception {
        Peer gone = new Peer();
        Endpoint nobody = gone.endpoint();
        gone.close();
        try (Server b = new Server("b", 1);
                Running buoy =
                        Running.start(
                                config(
                                        udp(OptionalInt.of(1)),
                                        Configs.pool(
                                                "app",
                                                new Balance.First(),
                                                Optional.empty(),
                                                OnDown.KEEP_SESSIONS,
                                                nobody,
                                                b.endpoint())));
                Client client = new Client(buoy)) {
            client.send("y".repeat(4097));
            Await.until(
                    "it is lost",
                    () ->
                            buoy.listener("in")
                                    .totals()
                                    .failures()
                                    .containsKey(Reason.SERVER_REFUSED));
            // The server that is gone is avoided, and the client's next goes where it is answered.
            assertThat(client.ask("x")).isEqualTo("b x");
        }
    }

    @Test
    void onlyTheServersOwnAnswersReachTheClient() throws Exception {
        try (Peer server = new Peer();
                Peer stranger = new Peer();
                Running buoy = Running.start(config(udp(OptionalInt.empty()), server));
                Client client = new Client(buoy)) {
            client.send("x");
            DatagramPacket asked = server.next();
            stranger.say("forged", asked.getAddress(), asked.getPort());
            server.say("true", asked.getAddress(), asked.getPort());
            assertThat(client.answer()).isEqualTo("true");
            assertThat(buoy.listener("in").totals().bytesToClient()).isEqualTo(4);
        }
    }

    @Test
    void theLongestSilentMakesRoomForWhoComes() throws Exception {
        try (Server a = new Server("a", 1);
                Running buoy =
                        Running.start(
                                config(udp(LONG, OptionalInt.empty(), OptionalInt.of(4)), a))) {
            // On each worker somebody has to be there whose place is taken: many clients see to it.
            for (int i = 0; i < 40; i++) {
                try (Client client = new Client(buoy)) {
                    client.send("x");
                }
            }
            // Two of them may have had one port, and so one session. Where the first four are all
            // one worker's, the other has nobody that could make room.
            Await.until("all were heard", () -> heard(buoy) + refused(buoy) == 40);
            assertThat(heard(buoy)).isGreaterThanOrEqualTo(5);
            assertThat(buoy.listener("in").connections()).isBetween(1, 4);
            assertThat(buoy.listener("in").totals().finished()).isPositive();
        }
    }

    private static long heard(Running buoy) {
        return buoy.listener("in").totals().bytesFromClient();
    }

    private static long refused(Running buoy) {
        return buoy.listener("in").totals().failures().getOrDefault(Reason.CONNECTION_LIMIT, 0L);
    }

    @Test
    void aClientHasAsManySessionsAsItMay() throws Exception {
        Listener bounded =
                new Listener.Udp(
                        "in",
                        List.of(Configs.loopback(0)),
                        OptionalInt.empty(),
                        LONG,
                        OptionalInt.empty(),
                        "app",
                        new Listener.Admission(OptionalInt.of(2), List.of()));
        try (Server a = new Server("a", 1);
                Running buoy = Running.start(config(bounded, a));
                Client one = new Client(buoy);
                Client two = new Client(buoy);
                Client three = new Client(buoy)) {
            assertThat(one.ask("x")).isEqualTo("a x");
            assertThat(two.ask("x")).isEqualTo("a x");
            three.send("x");
            Await.until(
                    "it was refused",
                    () ->
                            buoy.listener("in")
                                    .totals()
                                    .failures()
                                    .containsKey(Reason.CLIENT_CONNECTION_LIMIT));
            assertThat(one.ask("y")).isEqualTo("a y");
            three.socket.setSoTimeout(1);
            assertThatThrownBy(three::answer).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void oneAddressMeetsOneServerByItsHash() throws Exception {
        try (Server a = new Server("a", 1);
                Server b = new Server("b", 1);
                Running buoy =
                        Running.start(
                                config(udp(OptionalInt.of(1)), new Balance.SourceHash(), a, b))) {
            Set<String> said = new TreeSet<>();
            for (int i = 0; i < 8; i++) {
                try (Client client = new Client(buoy)) {
                    said.add(client.ask("x"));
                }
            }
            assertThat(said).hasSize(1);
        }
    }

    /** Workers learn of it a moment later. */
    private static String firstOfAnother(Client client) throws IOException {
        String said = client.ask("three");
        for (int i = 0; i < 1000 && said.startsWith("a"); i++) {
            said = client.ask("three");
        }
        return said;
    }

    @Test
    void reloadsKeepSessionsAndWhatLeavesIsLeft() throws Exception {
        try (Server a = new Server("a", 1);
                Server b = new Server("b", 1);
                Running buoy = Running.start(config(udp(OptionalInt.empty()), a));
                Client client = new Client(buoy)) {
            assertThat(client.ask("one")).isEqualTo("a one");
            int port = buoy.port("in");

            // Another idle time, one server more: the session is what it was.
            buoy.apply(
                    config(
                            udp(Duration.ofMinutes(2), OptionalInt.empty(), OptionalInt.empty()),
                            a,
                            b));
            assertThat(buoy.port("in")).isEqualTo(port);
            assertThat(client.ask("two")).isEqualTo("a two");
            assertThat(buoy.listener("in").connections()).isEqualTo(1);

            // Its server leaves: what comes next goes to another.
            buoy.apply(config(udp(OptionalInt.empty()), b));
            assertThat(firstOfAnother(client)).isEqualTo("b three");

            // The name is a TCP listener's now: other sockets, and no session is left.
            buoy.apply(
                    Configs.of(
                            List.of(Configs.tcp("in", "app")),
                            List.of(Configs.pool("app", b.endpoint()))));
            assertThat(buoy.listener("in").protocol()).isEqualTo("tcp");
            Await.until("all are over", () -> buoy.status().connections() == 0);
        }
    }

    @Test
    void anEmptyDatagramIsDroppedAndNobodyIsBlamed() throws Exception {
        try (Server a = new Server("a", 1);
                Running buoy = Running.start(config(udp(OptionalInt.of(1)), a));
                Client client = new Client(buoy)) {
            client.send("");
            Await.until(
                    "it is dropped",
                    () ->
                            buoy.listener("in")
                                    .totals()
                                    .failures()
                                    .containsKey(Reason.DATAGRAM_DROPPED));
            assertThat(buoy.listener("in").connections()).isZero();
            assertThat(client.ask("x")).isEqualTo("a x");
            assertThat(buoy.server("app", "s1").totals().failures()).isEmpty();
        }
    }

    @Test
    void aReloadToLessPatienceHoldsForThoseWhoAreThere() throws Exception {
        try (Server a = new Server("a", 1);
                Running buoy = Running.start(config(udp(OptionalInt.empty()), a));
                Client client = new Client(buoy)) {
            assertThat(client.ask("x")).isEqualTo("a x");
            buoy.apply(
                    config(
                            udp(Duration.ofMillis(300), OptionalInt.empty(), OptionalInt.empty()),
                            a));
            awaitSessions(buoy, 0);
        }
    }

    @Test
    void aStopWaitsForWhatIsOwedAlone() throws Exception {
        try (Peer syslog = new Peer();
                Running buoy = Running.start(config(udp(OptionalInt.of(0)), syslog));
                Client client = new Client(buoy)) {
            client.send("x");
            awaitSessions(buoy, 1);
            assertThat(buoy.balancer().awaitNobody(Duration.ZERO)).isTrue();
        }
        try (Peer server = new Peer();
                Running buoy = Running.start(config(udp(OptionalInt.of(1)), server));
                Client client = new Client(buoy)) {
            client.send("x");
            DatagramPacket asked = server.next();
            assertThat(buoy.balancer().awaitNobody(Duration.ZERO)).isFalse();
            server.say("y", asked.getAddress(), asked.getPort());
            assertThat(buoy.balancer().awaitNobody(Duration.ofSeconds(20))).isTrue();
            assertThat(client.answer()).isEqualTo("y");
        }
    }

    /** Six sessions at most, of both. */
    @Test
    void aFloodOnOneListenerShutsNobodyOutOfAnother() throws Exception {
        Listener other =
                new Listener.Udp(
                        "other",
                        List.of(Configs.loopback(0)),
                        OptionalInt.empty(),
                        LONG,
                        OptionalInt.empty(),
                        "app",
                        Listener.Admission.ANY);
        try (Server a = new Server("a", 1);
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(udp(OptionalInt.empty()), other),
                                        List.of(
                                                Configs.pool(
                                                        "app",
                                                        new Balance.RoundRobin(),
                                                        Optional.empty(),
                                                        OnDown.KEEP_SESSIONS,
                                                        a.endpoint())),
                                        OptionalInt.of(8)))) {
            List<Client> flood = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Client client = new Client(buoy);
                client.send("x");
                flood.add(client);
            }
            Await.until(
                    () -> "all were heard: " + buoy.listener("in").totals(),
                    () -> {
                        var totals = buoy.listener("in").totals();
                        return totals.finished()
                                        + totals.failed()
                                        + buoy.listener("in").connections()
                                == 40;
                    });
            // Each comes to either worker, and there is somebody on one of them at least.
            for (int i = 0; i < 20; i++) {
                try (Peer late = new Peer()) {
                    late.say("y", InetAddress.getLoopbackAddress(), buoy.port("other"));
                }
            }
            Await.until("one has a session", () -> buoy.listener("other").connections() > 0);
            flood.forEach(Peer::close);
        }
    }
}
