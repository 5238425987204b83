package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A server that keeps every octet it gets, and knows which of them were whole requests. It reads
 * requests as the standard has them, so that whatever is smuggled past a proxy shows as one more.
 */
final class Capture implements AutoCloseable {
    /** What a server says, and whether it ends its connection then. */
    record Reply(String octets, End end) {
        static final Reply OK = new Reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", End.NO);
    }

    /** How a server ends its connection. */
    enum End {
        NO,
        CLOSE,
        RESET
    }

    /** One request: its octets, and the connection it came on. */
    record Received(String octets, int connection) {}

    private final ServerSocket listening =
            new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new ArrayList<>();
    private final List<StringBuilder> octets = new ArrayList<>();
    private final List<Received> whole = new ArrayList<>();

    /** For all requests but those for {@code /after}. */
    private final Reply reply;

    Capture(Reply reply) throws IOException {
        this.reply = reply;
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            for (int i = 0; true; i++) {
                Socket socket = listening.accept();
                int number = i;
                synchronized (this) {
                    open.add(socket);
                    octets.add(new StringBuilder());
                }
                Thread.ofVirtual().start(() -> serve(socket, number));
            }
        } catch (IOException _) {
            // close() ends the loop
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (true) {
                StringBuilder request = new StringBuilder();
                if (!request(in, number, request)) {
                    return;
                }
                synchronized (this) {
                    whole.add(new Received(request.toString(), number));
                }
                Reply said = request.indexOf(" /after ") > 0 ? Reply.OK : reply;
                out.write(said.octets.getBytes(ISO_8859_1));
                switch (said.end) {
                    case NO -> {}
                    case CLOSE -> {
                        return;
                    }
                    case RESET -> {
                        socket.setSoLinger(true, 0);
                        return;
                    }
                }
            }
        } catch (IOException _) {
            // the proxy closed; what it did before is what the test looks at
        }
    }

    private boolean request(InputStream in, int number, StringBuilder request) throws IOException {
        if (!read(in, number, request, "\r\n\r\n")) {
            return false;
        }
        String head = request.toString().toLowerCase(Locale.ROOT);
        int length = head.indexOf("\r\ncontent-length: ");
        if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return chunks(in, number, request);
        }
        int left = 0;
        if (length > 0) {
            String rest = head.substring(length + "\r\ncontent-length: ".length());
            left = Integer.parseInt(rest.substring(0, rest.indexOf('\r')));
        }
        return read(in, number, request, left);
    }

    private boolean chunks(InputStream in, int number, StringBuilder request) throws IOException {
        while (true) {
            int at = request.length();
            if (!read(in, number, request, "\r\n")) {
                return false;
            }
            int size = Integer.parseInt(request.substring(at, request.length() - 2), 16);
            if (size > 0) {
                if (!read(in, number, request, size + 2)) {
                    return false;
                }
                continue;
            }
            do {
                at = request.length();
                if (!read(in, number, request, "\r\n")) {
                    return false;
                }
            } while (request.length() > at + 2);
            return true;
        }
    }

    private boolean read(InputStream in, int number, StringBuilder request, String end)
            throws IOException {
        int from = request.length();
        while (request.length() < from + end.length()
                || request.indexOf(end, request.length() - end.length()) < 0) {
            if (!read(in, number, request, 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean read(InputStream in, int number, StringBuilder request, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            int octet = in.read();
            if (octet < 0) {
                return false;
            }
            request.append((char) octet);
            synchronized (this) {
                octets.get(number).append((char) octet);
            }
        }
        return true;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Every octet that came until now, in the order of the connections. */
    synchronized String octets() {
        return String.join("", octets);
    }

    /** The requests that came whole. */
    synchronized List<Received> whole() {
        return List.copyOf(whole);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        synchronized (this) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
