package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.DataInputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients who were held and come to a server that says nothing after its first answer. */
class BeginningsTest {
    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationMD5Password: the client's turn. */
    private static final byte[] ASKING = HexFormat.of().parseHex("520000000c0000000501020304");

    private static final int AT_ONCE = 16;
    private static final int CLIENTS = 3 * AT_ONCE + 8;
    private static final Duration TURN = Duration.ofMillis(250);

    /** When each StartupMessage came, by {@link System#nanoTime}. */
    private final Queue<Long> begun = new ConcurrentLinkedQueue<>();

    private final List<Socket> clients = new ArrayList<>();
    private final TestServer server =
            TestServer.start(
                    socket -> {
                        DataInputStream in = new DataInputStream(socket.getInputStream());
                        in.skipNBytes(in.readInt() - 4);
                        begun.add(System.nanoTime());
                        socket.getOutputStream().write(ASKING);
                        in.readAllBytes();
                    });

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        server.close();
    }

    private Running holding(Duration hold) throws Exception {
        Running buoy =
                Running.start(
                        Configs.of(
                                List.of(Configs.postgres("db", "pg")),
                                List.of(
                                        Configs.holding(
                                                Configs.pool("pg", server.endpoint()),
                                                hold,
                                                CLIENTS))));
        assertThat(buoy.balancer().pause("pg")).isPresent();
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = buoy.connect("db");
            clients.add(client);
            client.getOutputStream().write(HELLO);
        }
        Await.until("all wait", () -> buoy.pool("pg").waiting() == CLIENTS);
        return buoy;
    }

    private void awaitAll(Running buoy) throws Exception {
        for (Socket client : clients) {
            assertThat(client.getInputStream().readNBytes(ASKING.length)).isEqualTo(ASKING);
        }
        assertThat(buoy.listener("db").totals().failures()).isEqualTo(Map.of());
    }

    /** Each keeps its turn until it is ready, or for so long: a slow machine makes it later. */
    @Test
    void noMoreThanAFewBeginAtOnce() throws Exception {
        try (Running buoy = holding(Duration.ofMinutes(1))) {
            long resumed = System.nanoTime();
            buoy.balancer().resume("pg");
            awaitAll(buoy);
            for (int turns = 1; turns <= 3; turns++) {
                long until = resumed + turns * TURN.toNanos();
                assertThat(begun.stream().filter(at -> at - until < 0).count())
                        .as("within %d turns", turns)
                        .isLessThanOrEqualTo((long) turns * AT_ONCE);
            }
        }
    }

    /** They have waited for longer than they may, and no server has been asked for them. */
    @Test
    void whoseTurnWouldComeTooLateIsServedAllTheSame() throws Exception {
        try (Running buoy = holding(Duration.ofMillis(1))) {
            buoy.balancer().resume("pg");
            awaitAll(buoy);
        }
    }
}
