package buoy.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;

/** A session with one of the {@link PatroniNode}s, as a client has it. */
final class PostgresSession implements AutoCloseable {
    /** StartupMessage 3.0 of user bob. */
    static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationOk, ReadyForQuery. */
    static final byte[] WELCOME = HexFormat.of().parseHex("520000000800000000" + "5a0000000549");

    /** An empty Query. */
    static final byte[] QUERY = HexFormat.of().parseHex("510000000500");

    private final Socket socket;
    private boolean welcome;

    PostgresSession(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Child.PATIENCE.toMillis());
        socket.getOutputStream().write(HELLO);
    }

    /** Who answers. */
    String awaitServer() throws IOException {
        InputStream in = socket.getInputStream();
        if (!welcome) {
            byte[] greeting = in.readNBytes(WELCOME.length);
            if (greeting.length < WELCOME.length || greeting[0] != 'R') {
                throw new SocketException("no session");
            }
            welcome = true;
        }
        socket.getOutputStream().write(QUERY);
        return new String(in.readNBytes(3), ISO_8859_1);
    }

    /** The connection ends, with or without a word. */
    void awaitEnd() throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // a reset is an end, too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
