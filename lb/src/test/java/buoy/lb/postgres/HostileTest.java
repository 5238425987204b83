package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that begin as no PostgreSQL client does: each is ended and counted by name, and those
 * beside it are served as ever.
 */
class HostileTest {
    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationOk, ReadyForQuery. */
    private static final byte[] WELCOME =
            HexFormat.of().parseHex("520000000800000000" + "5a0000000549");

    /** Says that a client is in, and sees what it says to its end. */
    private static TestServer server() {
        return TestServer.start(
                socket -> {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    in.skipNBytes(in.readInt() - 4L);
                    socket.getOutputStream().write(WELCOME);
                    in.readAllBytes();
                });
    }

    /** Where every client's start-up message has to be read. */
    private static Config config(TestServer server) {
        return Configs.of(
                List.of(
                        Configs.postgres(
                                "db",
                                new PostgresRoute(
                                        new PostgresMatch(Optional.empty(), Optional.of("nobody")),
                                        "pg"),
                                new PostgresRoute(PostgresMatch.ANY, "pg"))),
                List.of(Configs.pool("pg", server.endpoint())));
    }

    private static void assertServed(Running buoy) throws IOException {
        try (Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().readNBytes(WELCOME.length)).isEqualTo(WELCOME);
        }
    }

    private static Map<Reason, Long> failures(Running buoy) {
        return buoy.listener("db").totals().failures();
    }

    @ParameterizedTest
    @CsvSource({
        "a length of nothing,         00000000",
        "shorter than a code,         0000000700030000",
        "over the bound,              0000271100030000",
        "as long as can be written,   7fffffff00030000",
        "a negative length,           ffffffff00030000",
        "an unknown request,          0000000804d2270f",
        "protocol 2,                  0000000800020000",
        "SSLRequest that is too long, 0000000904d2162f00",
        "something behind SSLRequest, 0000000804d2162f00",
        "something behind GSSENC,     0000000804d2163000",
        "a key of nothing,            0000000c04d2162e00000001",
        "a key over the bound,        0000010d04d2162e00000001",
        "no end of the parameters,    0000001100030000757365720062626200",
        "a name without a value,      0000000e00030000757365720000",
        "TLS where there is none,     16030100"
    })
    void whatIsMalformedEndsAtOnce(String what, String hex) throws Exception {
        try (TestServer server = server();
                Running buoy = Running.start(config(server))) {
            try (Socket client = buoy.connect("db")) {
                client.getOutputStream().write(HexFormat.of().parseHex(hex));
                assertThat(client.getInputStream().read()).as(what).isEqualTo(-1);
            }
            assertThat(failures(buoy)).as(what).isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
            assertServed(buoy);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void whatIsTruncatedIsTheClientsDoing() throws Exception {
        try (TestServer server = server();
                Running buoy = Running.start(config(server))) {
            for (int length = 1; length < HELLO.length; length++) {
                try (Socket client = buoy.connect("db")) {
                    client.getOutputStream().write(HELLO, 0, length);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(failures(buoy)).isEqualTo(Map.of(Reason.CLIENT_CLOSED, HELLO.length - 1L));
            assertServed(buoy);
        }
    }

    /** The time is for the whole message, not from one octet to the next. */
    @Test
    @Tag("soak")
    void whoIsSlowIsEndedInTimeHoweverManyTheyAre() throws Exception {
        byte[] name = new byte[9_000];
        Arrays.fill(name, (byte) 'x');
        int crowd = 200;
        List<Socket> slow = new ArrayList<>();
        try (TestServer server = server();
                Running buoy = Running.start(config(server))) {
            for (int i = 0; i < crowd; i++) {
                Socket client = buoy.connect("db");
                slow.add(client);
                client.getOutputStream()
                        .write(HexFormat.of().parseHex("00002710000300007573657200"));
            }
            Await.until(
                    "each is ended",
                    () -> {
                        trickle(slow);
                        try {
                            assertServed(buoy);
                        } catch (IOException e) {
                            throw new AssertionError("a client beside them", e);
                        }
                        return failures(buoy).equals(Map.of(Reason.HEADER_TIMEOUT, (long) crowd));
                    });
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    private static void trickle(List<Socket> slow) {
        for (Socket each : slow) {
            try {
                each.getOutputStream().write('x');
            } catch (IOException _) {
                // Ended, which is what is awaited.
            }
        }
    }

    /** Octets of a start-up message replaced, taken out and put in. */
    @Test
    void whateverComesEndsByNameAndHurtsNobody() throws Exception {
        Random random = new Random(7);
        try (TestServer server = server();
                Running buoy = Running.start(config(server))) {
            for (int i = 0; i < 1_000; i++) {
                try (Socket client = buoy.connect("db")) {
                    client.getOutputStream().write(mutated(random));
                    client.shutdownOutput();
                    client.getInputStream().readAllBytes();
                } catch (SocketException _) {
                    // It was ended before it had said everything.
                }
                if (i % 10 == 0) {
                    assertServed(buoy);
                }
            }
            Await.until("all are over", () -> buoy.server("pg", "s1").active() == 0);
            assertThat(failures(buoy))
                    .containsKeys(Reason.BAD_STARTUP, Reason.CLIENT_CLOSED)
                    .doesNotContainKeys(Reason.INTERNAL, Reason.HEADER_TIMEOUT);
            assertServed(buoy);
        }
    }

    private static byte[] mutated(Random random) {
        byte[] begin =
                switch (random.nextInt(4)) {
                    case 0 -> HexFormat.of().parseHex("0000000804d2162f");
                    case 1 -> HexFormat.of().parseHex("0000001004d2162e0000000100000002");
                    case 2 -> "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                    default -> HELLO.clone();
                };
        for (int i = random.nextInt(4); i > 0; i--) {
            begin[random.nextInt(begin.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(begin, random.nextInt(begin.length) + random.nextInt(8));
    }
}
