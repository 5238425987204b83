package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Endpoint;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Encryption is between client and server, and there is no server for the moment: a client that
 * asks for it is answered as the last one was, and waits for its session after that.
 */
class TlsHabitTest {
    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationOk, ReadyForQuery. */
    private static final byte[] WELCOME =
            HexFormat.of().parseHex("520000000800000000" + "5a0000000549");

    /** Says this to a request for TLS, and this to what comes then. */
    private static void serve(Socket socket, char tls, byte[] greeting) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        in.skipNBytes(length - 4);
        if (length == Startup.REQUEST) {
            socket.getOutputStream().write(tls);
            in.skipNBytes(1);
        }
        socket.getOutputStream().write(greeting);
        in.readAllBytes();
    }

    private static TestServer server(int port, char tls, byte[] greeting) {
        return TestServer.start(port, socket -> serve(socket, tls, greeting));
    }

    private static Running buoy(Endpoint... servers) throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.postgres("db", "pg")),
                        List.of(
                                Configs.holding(
                                        Configs.pool("pg", servers), Duration.ofMinutes(2), 10))));
    }

    private static int ask(Socket client) throws IOException {
        client.getOutputStream().write(Startup.sslRequest());
        return client.getInputStream().read();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One client, so that it is known what the server says; then the server is gone. */
    private static void learn(Running buoy, TestServer server, char expected) throws IOException {
        try (Socket client = buoy.connect("db")) {
            assertThat(ask(client)).isEqualTo(expected);
        }
        server.kill();
        Await.until("nobody listens there", () -> refuses(server));
    }

    /** A thread that waits in accept() may hold the port for a moment. */
    private static boolean refuses(TestServer server) {
        try (Socket _ = new Socket(server.endpoint().address(), server.port())) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void whereTheLastServerSpokeTlsItIsPromisedAndTheNextServerIsAskedForIt() throws Exception {
        TestServer first = server(0, 'S', text("not this"));
        try (Running buoy = buoy(first.endpoint())) {
            learn(buoy, first, 'S');
            try (Socket client = buoy.connect("db")) {
                assertThat(ask(client)).isEqualTo('S');
                assertThat(buoy.pool("pg").waiting()).isEqualTo(1);
                client.getOutputStream().write(text("handshake"));
                try (TestServer _ = server(first.port(), 'S', text("certificate"))) {
                    assertThat(client.getInputStream().readNBytes(11))
                            .isEqualTo(text("certificate"));
                }
            }
        }
    }

    @Test
    void aPromiseThatNoServerKeepsEndsTheConnectionAndTheNextClientIsToldTheTruth()
            throws Exception {
        TestServer first = server(0, 'S', text("not this"));
        try (Running buoy = buoy(first.endpoint())) {
            learn(buoy, first, 'S');
            try (Socket client = buoy.connect("db")) {
                assertThat(ask(client)).isEqualTo('S');
                client.getOutputStream().write(text("handshake"));
                try (TestServer _ = server(first.port(), 'N', WELCOME)) {
                    assertThat(ended(client)).isTrue();
                    assertThat(buoy.listener("db").totals().failures())
                            .containsEntry(Reason.SERVER_TLS_FAILED, 1L);
                    assertThat(buoy.server("pg", "s1").totals().failures())
                            .doesNotContainKey(Reason.SERVER_TLS_FAILED);
                    try (Socket next = buoy.connect("db")) {
                        assertThat(ask(next)).isEqualTo('N');
                        next.getOutputStream().write(HELLO);
                        assertThat(next.getInputStream().readNBytes(WELCOME.length))
                                .isEqualTo(WELCOME);
                    }
                }
            }
        }
    }

    private static boolean ended(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whereItSpokeNoneTheClientIsToldSoAndWaitsInClear() throws Exception {
        TestServer first = server(0, 'N', WELCOME);
        try (Running buoy = buoy(first.endpoint())) {
            learn(buoy, first, 'N');
            try (Socket client = buoy.connect("db")) {
                assertThat(ask(client)).isEqualTo('N');
                client.getOutputStream().write(HELLO);
                Await.until("it waits again", () -> buoy.pool("pg").waiting() == 1);
                try (TestServer _ = server(first.port(), 'N', WELCOME)) {
                    assertThat(client.getInputStream().readNBytes(WELCOME.length))
                            .isEqualTo(WELCOME);
                }
            }
            assertThat(buoy.listener("db").totals().failures().keySet())
                    .isSubsetOf(Reason.BAD_STARTUP, Reason.CLIENT_CLOSED, Reason.SERVER_RESET);
        }
    }

    @Test
    void whereNobodyWasAskedYetTheServerDecides() throws Exception {
        TestServer first = server(0, 'S', text("certificate"));
        int port = first.port();
        first.kill();
        try (Running buoy = buoy(first.endpoint());
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(Startup.sslRequest());
            Await.until("it waits", () -> buoy.pool("pg").waiting() == 1);
            client.setSoTimeout(3000);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            try (TestServer _ = server(port, 'N', WELCOME)) {
                client.setSoTimeout(0);
                assertThat(client.getInputStream().read()).isEqualTo('N');
            }
            assertThat(buoy.listener("db").totals().failures()).isEqualTo(Map.of());
        }
    }
}
