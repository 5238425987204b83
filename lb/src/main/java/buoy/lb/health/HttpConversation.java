package buoy.lb.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 request after the other to one port of a server, on a kept connection if wanted. */
final class HttpConversation implements AutoCloseable {
    /** Enough for a status line and a body to look into. */
    private static final int MOST = 64 * 1024;

    private final Door door;
    private final int port;
    private final boolean keep;
    private @Nullable Socket kept;

    /**
     * @param keep whether the connection is kept for the next request, where the server agrees
     */
    HttpConversation(Door door, int port, boolean keep) {
        this.door = door;
        this.port = port;
        this.keep = keep;
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
                Connection: %s\r
                %s\r
                """
                        .formatted(method, path, host, keep ? "keep-alive" : "close", fields)
                        .getBytes(StandardCharsets.UTF_8);
        Socket before = kept;
        if (before != null) {
            kept = null;
            try {
                return exchange(before, request, wantBody, patience);
            } catch (IOException _) {
                // It was closed in between, most likely; whether the server works a new one tells.
                before.close();
            }
        }
        return exchange(door.http(port, patience), request, wantBody, patience);
    }

    /** The socket is kept or closed. */
    private Answer exchange(Socket socket, byte[] request, boolean wantBody, Patience patience)
            throws IOException {
        boolean keeps = false;
        try {
            socket.getOutputStream().write(request);
            Answer answer = read(socket, wantBody, patience);
            keeps = keep && answer instanceof Answer.Response response && response.keeps();
            if (keeps) {
                kept = socket;
            }
            return answer;
        } finally {
            if (!keeps) {
                socket.close();
            }
        }
    }

    private static Answer read(Socket socket, boolean wantBody, Patience patience)
            throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[1024];
        int length = 0;
        while (true) {
            socket.setSoTimeout(patience.millisLeft());
            int count = in.read(bytes, length, bytes.length - length);
            length += Math.max(count, 0);
            Answer answer = Answer.read(bytes, length, count < 0, wantBody);
            if (!(answer instanceof Answer.NeedMore) || count < 0) {
                return answer;
            }
            if (length == bytes.length) {
                if (length == MOST) {
                    return answer;
                }
                bytes = Arrays.copyOf(bytes, Math.min(MOST, length * 4));
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
