package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Pool.Passive;
import buoy.lb.BalancerEvent;
import buoy.lb.Pause;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that is lost when the client has heard what it alone stands by, and a session is not
 * ready yet. {@link LoginTest} has what comes before that.
 */
class LostTest {
    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationMD5Password with its salt. */
    private static final String MD5 = "520000000c0000000501020304";

    private static final String OK = "520000000800000000";
    private static final String READY = "5a0000000549";

    /** How a server leaves. */
    enum Leaves {
        BY_AN_END(Reason.SERVER_CLOSED) {
            @Override
            void leave(Socket client) throws IOException {
                client.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes()).isNotNull();
            }
        },
        BY_A_RESET(Reason.SERVER_RESET) {
            @Override
            void leave(Socket client) throws IOException {
                client.setSoLinger(true, 0);
                client.close();
            }
        };

        final Reason reason;

        Leaves(Reason reason) {
            this.reason = reason;
        }

        abstract void leave(Socket client) throws IOException;
    }

    /** Says something to each StartupMessage, waits for the next octet, and leaves. */
    private static TestServer saying(String hex, Leaves how) {
        return TestServer.start(
                socket -> {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    in.skipNBytes(in.readInt() - 4);
                    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
                    assertThat(in.read()).isNotNegative();
                    how.leave(socket);
                });
    }

    private static Running before(TestServer server) throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.postgres("db", "pg")),
                        List.of(Configs.pool("pg", server.endpoint()))));
    }

    /** What the client has read when its connection ends. */
    private static String heard(Socket client, String greeting) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(HELLO);
        assertThat(client.getInputStream().readNBytes(greeting.length() / 2))
                .isEqualTo(HexFormat.of().parseHex(greeting));
        out.write('p');
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        client.getInputStream().transferTo(rest);
        return rest.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void theClientIsToldAndItIsCounted(Leaves how) throws Exception {
        try (TestServer server = saying(MD5, how);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            assertThat(heard(client, MD5))
                    .startsWith("E")
                    .contains("C57P03", "connect again (" + how.reason + ")");
            Await.until("it is over", () -> buoy.server("pg", "s1").active() == 0);
            assertThat(buoy.server("pg", "s1").totals().failures())
                    .isEqualTo(Map.of(how.reason, 1L));
        }
    }

    @Test
    void aDriverSaysSo() throws Exception {
        try (TestServer server = saying(MD5, Leaves.BY_A_RESET);
                Running buoy = before(server)) {
            String url =
                    "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable&gssEncMode=disable"
                            .formatted(buoy.port("db"));
            assertThatThrownBy(() -> DriverManager.getConnection(url, "bob", "secret").close())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P03"))
                    .hasMessageContaining("lost while the session began");
        }
    }

    /** The server is still there: it is not said to be lost. */
    @Test
    void aSessionThatIsCutWhileItBeginsIsToldWhy() throws Exception {
        try (TestServer server = saying(MD5, Leaves.BY_A_RESET);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().readNBytes(MD5.length() / 2)).isNotEmpty();
            Pause pause = buoy.balancer().pause("pg").orElseThrow();
            pause.cut();
            assertThat(client.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("E")
                    .contains("C57P03", "the connection was ended", "(pool-paused)")
                    .doesNotContain("lost");
        }
    }

    /** Any client could have a server ejected that does as it is told. */
    @ParameterizedTest
    @EnumSource
    void anEndThatAnswersTheClientIsNotHeldAgainstTheServer(Leaves how) throws Exception {
        try (TestServer first = saying(MD5, how);
                TestServer second = saying(MD5, how);
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.postgres("db", "pg")),
                                        List.of(
                                                Configs.watched(
                                                        Configs.pool(
                                                                "pg",
                                                                first.endpoint(),
                                                                second.endpoint()),
                                                        new Passive(
                                                                1,
                                                                Duration.ofMinutes(1),
                                                                Duration.ofMinutes(1))))))) {
            for (int i = 1; i <= 4; i++) {
                try (Socket client = buoy.connect("db")) {
                    assertThat(heard(client, MD5)).contains("(" + how.reason + ")");
                }
            }
            assertThat(buoy.listener("db").totals().failures()).isEqualTo(Map.of(how.reason, 4L));
            if (how == Leaves.BY_A_RESET) {
                Await.until("one is ejected", () -> !ejected(buoy).isEmpty());
            } else {
                assertThat(ejected(buoy)).isEmpty();
            }
        }
    }

    private static List<BalancerEvent> ejected(Running buoy) {
        return buoy.events().stream()
                .filter(BalancerEvent.ServerEjected.class::isInstance)
                .toList();
    }

    /** Nothing can be put in the midst of a message, nor into a session that is under way. */
    @ParameterizedTest
    @EnumSource
    void whereAnErrorHasNoPlaceTheConnectionIsReset(Leaves how) throws Exception {
        for (String greeting : List.of(MD5 + MD5.substring(0, 20), OK + READY)) {
            try (TestServer server = saying(greeting, how);
                    Running buoy = before(server);
                    Socket client = buoy.connect("db")) {
                if (how == Leaves.BY_A_RESET) {
                    assertThatThrownBy(() -> heard(client, greeting))
                            .isInstanceOf(SocketException.class);
                } else {
                    assertThat(heard(client, greeting)).isEmpty();
                }
            }
        }
    }

    /** As psql does when it has to ask for the password: it comes again. */
    @Test
    void aClientThatLeavesFirstHasLostNothing() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    DataInputStream in =
                                            new DataInputStream(socket.getInputStream());
                                    in.skipNBytes(in.readInt() - 4);
                                    socket.getOutputStream().write(HexFormat.of().parseHex(MD5));
                                    in.readAllBytes();
                                });
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().readNBytes(MD5.length() / 2)).isNotEmpty();
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Await.until("it is over", () -> buoy.server("pg", "s1").totals().finished() == 1);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }
}
