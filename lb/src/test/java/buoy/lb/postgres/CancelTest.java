package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Network;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Where requests to cancel go, as servers see it. */
class CancelTest {
    private static final int LONG_KEY = 32;

    /** Gives every session one key, and keeps the keys it is asked to cancel with. */
    private static final class Node implements AutoCloseable {
        private final TestServer server = TestServer.start(this::serve);
        private final byte[] key;
        private final List<String> cancelled = new CopyOnWriteArrayList<>();

        Node(int processId, int keyLength) {
            key = new byte[4 + keyLength];
            Arrays.fill(key, (byte) processId);
        }

        private void serve(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] message = new byte[in.readInt() - 4];
            in.readFully(message);
            if (ByteBuffer.wrap(message).getInt() == 80877102) {
                cancelled.add(HexFormat.of().formatHex(message, 4, message.length));
                return;
            }
            OutputStream out = socket.getOutputStream();
            out.write(HexFormat.of().parseHex("520000000800000000"));
            ByteBuffer given = ByteBuffer.allocate(5 + key.length);
            out.write(given.put((byte) 'K').putInt(4 + key.length).put(key).array());
            out.write(HexFormat.of().parseHex("5a0000000549"));
            in.transferTo(OutputStream.nullOutputStream());
        }

        Endpoint endpoint() {
            return server.endpoint();
        }

        String key() {
            return HexFormat.of().formatHex(key);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static Running buoy(Node... nodes) throws Exception {
        Endpoint[] servers = Arrays.stream(nodes).map(Node::endpoint).toArray(Endpoint[]::new);
        return Running.start(
                Configs.of(
                        List.of(Configs.postgres("db", "pg"), Configs.postgres("other", "pg")),
                        List.of(Configs.pool("pg", servers), Configs.pool("again", servers))));
    }

    /** Opens a session; when this returns the client has its key. */
    private static Socket session(Running buoy) throws IOException {
        Socket client = buoy.connect("db");
        client.getOutputStream()
                .write(HexFormat.of().parseHex("000000120003000075736572" + "00626f620000"));
        DataInputStream in = new DataInputStream(client.getInputStream());
        char type = 0;
        while (type != 'Z') {
            type = (char) in.readByte();
            in.skipNBytes(in.readInt() - 4);
        }
        return client;
    }

    /** Sends a request and waits until it was taken, as libpq does. */
    private static void cancel(Running buoy, String listener, String key) throws IOException {
        try (Socket client = buoy.connect(listener)) {
            byte[] octets = HexFormat.of().parseHex(key);
            client.getOutputStream()
                    .write(
                            ByteBuffer.allocate(8 + octets.length)
                                    .putInt(8 + octets.length)
                                    .putInt(80877102)
                                    .put(octets)
                                    .array());
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aKeyThatWasGivenHereGoesToItsServerAlone() throws Exception {
        try (Node one = new Node(1, 4);
                Node two = new Node(2, LONG_KEY);
                Running buoy = buoy(one, two);
                Socket _ = session(buoy);
                Socket _ = session(buoy)) {
            for (int i = 0; i < 10; i++) {
                cancel(buoy, "db", one.key());
                cancel(buoy, "other", two.key());
            }
            assertThat(one.cancelled).hasSize(10).containsOnly(one.key());
            assertThat(two.cancelled).hasSize(10).containsOnly(two.key());
        }
    }

    @Test
    void anUnknownKeyGoesToEveryServer() throws Exception {
        String strange = "00000007" + "0badcafe".repeat(LONG_KEY / 4);
        try (Node one = new Node(1, 4);
                Node two = new Node(2, 4);
                Running buoy = buoy(one, two)) {
            for (int i = 0; i < 100; i++) {
                cancel(buoy, "db", strange);
            }
            assertThat(one.cancelled).hasSize(100).containsOnly(strange);
            assertThat(two.cancelled).hasSize(100).containsOnly(strange);
            assertThat(buoy.listener("db").totals().finished()).isEqualTo(100);
        }
    }

    @Test
    void anUnknownKeyStaysOutOfPoolsThatAreNotForTheClient() throws Exception {
        Network elsewhere = new Network(InetAddress.ofLiteral("203.0.113.0"), 24);
        PostgresMatch theirs =
                new PostgresMatch(Optional.empty(), Optional.empty(), Map.of(), List.of(elsewhere));
        try (Node one = new Node(1, 4);
                Node two = new Node(2, 4);
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.postgres(
                                                        "db",
                                                        new PostgresRoute(theirs, "theirs"),
                                                        new PostgresRoute(
                                                                PostgresMatch.ANY, "pg"))),
                                        List.of(
                                                Configs.pool("theirs", one.endpoint()),
                                                Configs.pool("pg", two.endpoint()))))) {
            cancel(buoy, "db", "0000000700000008");
            assertThat(two.cancelled).containsExactly("0000000700000008");
            assertThat(one.cancelled).isEmpty();
        }
    }

    @Test
    void aKeyIsForgottenWithItsSession() throws Exception {
        try (Node one = new Node(1, 4);
                Node two = new Node(2, 4);
                Running buoy = buoy(one, two)) {
            session(buoy).close();
            session(buoy).close();
            Await.until(
                    "both sessions are over", () -> buoy.listener("db").totals().finished() == 2);
            cancel(buoy, "db", one.key());
            assertThat(one.cancelled).containsExactly(one.key());
            assertThat(two.cancelled).containsExactly(one.key());
        }
    }

    @Test
    void aClientNeedNotWaitForTheAnswer() throws Exception {
        try (Node one = new Node(1, 4);
                Running buoy = buoy(one)) {
            try (Socket client = buoy.connect("db")) {
                client.getOutputStream()
                        .write(HexFormat.of().parseHex("0000001004d2162e0000000100000002"));
            }
            Await.until("it arrives", () -> one.cancelled.equals(List.of("0000000100000002")));
        }
    }

    @Test
    void aDeadServerDoesNotKeepTheClient() throws Exception {
        Node dead = new Node(1, 4);
        dead.close();
        try (Node two = new Node(2, 4);
                Running buoy = buoy(dead, two)) {
            cancel(buoy, "db", two.key());
            assertThat(two.cancelled).containsExactly(two.key());
        }
    }
}
