package buoy.lb.health;

import buoy.lb.health.Answer.Extent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request after the other to one port of a server, on one connection where the server
 * keeps it.
 */
final class HttpConversation implements AutoCloseable {
    /** Enough for a status line and a body to look into. */
    private static final int MOST = 64 * 1024;

    /** How long an answer that is known already may take to end, for its connection to be kept. */
    private static final Duration BRIEF = Duration.ofMillis(100);

    /** RFC 9110 15.5.9: what some say to a connection that they close, asked or not. */
    private static final int TIMED_OUT = 408;

    private final Door door;
    private final int port;
    private Door.@Nullable Terms terms;
    private @Nullable Socket kept;

    HttpConversation(Door door, int port) {
        this.door = door;
        this.port = port;
    }

    /** The port asked, as a host field has it. */
    String host() {
        return door.server().authority(port);
    }

    /**
     * Sends a request without a body and reads the answer.
     *
     * @param fields further ones, each with its line end
     * @param wantBody whether the answer's body matters
     * @return {@link Answer.NeedMore} if it is over 64 KiB
     */
    Answer ask(
            String method,
            String path,
            String host,
            String fields,
            boolean wantBody,
            Patience patience)
            throws IOException {
        byte[] request =
                """
                %s %s HTTP/1.1\r
                Host: %s\r
                User-Agent: buoy\r
                Accept: */*\r
                Connection: keep-alive\r
                %s\r
                """
                        .formatted(method, path, host, fields)
                        .getBytes(StandardCharsets.UTF_8);
        Extent extent = method.equals("HEAD") ? Extent.HEAD : Extent.WHOLE;
        Door.Terms now = door.terms();
        Socket before = kept;
        if (before != null) {
            kept = null;
            try {
                if (now.equals(terms)
                        && exchange(before, request, wantBody, extent, patience)
                                instanceof Answer.Response answer
                        && answer.status() != TIMED_OUT) {
                    return answer;
                }
            } catch (IOException _) {
                // It was closed in between, most likely; whether the server works a new one tells.
            }
            Quietly.close(before);
            kept = null;
        }
        terms = now;
        return exchange(door.http(port, patience), request, wantBody, extent, patience);
    }

    /** The socket is kept or closed. */
    private Answer exchange(
            Socket socket, byte[] request, boolean wantBody, Extent extent, Patience patience)
            throws IOException {
        boolean keeps = false;
        try {
            socket.getOutputStream().write(request);
            Answer answer = read(socket, wantBody, extent, patience);
            keeps = answer instanceof Answer.Response response && response.keeps();
            if (keeps) {
                kept = socket;
            }
            return answer;
        } finally {
            if (!keeps) {
                Quietly.close(socket);
            }
        }
    }

    /** Without a body to look into, the status decides, whatever becomes of the rest. */
    private static Answer read(Socket socket, boolean wantBody, Extent extent, Patience patience)
            throws IOException {
        Arriving arriving = new Arriving(socket);
        if (wantBody) {
            return arriving.read(extent, patience);
        }
        Answer status = arriving.read(Extent.STATUS, patience);
        if (!(status instanceof Answer.Response(int code, _, _))) {
            return status;
        }
        try {
            Duration left = patience.left();
            Patience brief = new Patience(left.compareTo(BRIEF) < 0 ? left : BRIEF);
            return arriving.read(extent, brief) instanceof Answer.Response whole
                    ? new Answer.Response(code, "", whole.keeps())
                    : status;
        } catch (IOException _) {
            // Late, or lost: the connection is not kept.
            return status;
        }
    }

    /** One answer, as it comes. */
    private static final class Arriving {
        private final Socket socket;
        private byte[] bytes = new byte[1024];
        private int length;
        private boolean ended;

        Arriving(Socket socket) {
            this.socket = socket;
        }

        Answer read(Extent extent, Patience patience) throws IOException {
            while (true) {
                Answer answer = Answer.read(bytes, length, ended, extent);
                if (!(answer instanceof Answer.NeedMore) || ended || length == MOST) {
                    return answer;
                }
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.min(MOST, length * 4));
                }
                socket.setSoTimeout(patience.millisLeft());
                int count = socket.getInputStream().read(bytes, length, bytes.length - length);
                ended = count < 0;
                length += Math.max(count, 0);
            }
        }
    }

    @Override
    public void close() {
        Socket open = kept;
        if (open != null) {
            kept = null;
            Quietly.close(open);
        }
    }
}
