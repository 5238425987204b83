package buoy.lab.app;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection: requests and responses in turn (RFC 9112), until either side has enough. */
final class Conversation implements Runnable {
    private static final int LONGEST_LINE = 16 * 1024;
    private static final Pattern MILLIS = Pattern.compile("[?&]ms=(\\d{1,6})");

    private final String server;
    private final Socket socket;

    Conversation(String server, Socket socket) {
        this.server = server;
        this.socket = socket;
    }

    private record Request(String method, String target, Map<String, String> headers, long body) {
        boolean wantsUpgrade() {
            return headers.getOrDefault("upgrade", "").equalsIgnoreCase("websocket");
        }

        boolean wantsClose() {
            return headers.getOrDefault("connection", "")
                    .toLowerCase(Locale.ROOT)
                    .contains("close");
        }
    }

    @Override
    public void run() {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            while (true) {
                Optional<Request> request = read(in);
                if (request.isEmpty()) {
                    return;
                }
                if (request.get().wantsUpgrade()) {
                    upgrade(request.get(), out);
                    new Echo(in, out).run();
                    return;
                }
                answer(request.get(), in, out);
                if (request.get().wantsClose()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client is gone in the middle of something. That is its right, and nobody is left
            // to be told.
            return;
        }
    }

    private void answer(Request request, InputStream in, OutputStream out) throws IOException {
        in.skipNBytes(request.body);
        String path = request.target.replaceFirst("\\?.*", "");
        String body =
                switch (path) {
                    case "/api/health" -> "{\"status\":\"ok\",\"server\":\"" + server + "\"}";
                    case "/slow" -> slow(request.target);
                    default -> "hello from " + server + ", you asked for " + path + "\n";
                };
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nX-Server: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(
                                path.startsWith("/api") ? "application/json" : "text/plain",
                                server,
                                bytes.length);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!request.method.equals("HEAD")) {
            out.write(bytes);
        }
        out.flush();
    }

    private static String slow(String target) {
        Matcher millis = MILLIS.matcher(target);
        long time = millis.find() ? Long.parseLong(millis.group(1)) : 20;
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "that took " + time + " ms\n";
    }

    private void upgrade(Request request, OutputStream out) throws IOException {
        String key = request.headers.getOrDefault("sec-websocket-key", "");
        String head =
                """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                X-Server: %s\r
                Sec-WebSocket-Accept: %s\r
                \r
                """
                        .formatted(server, Echo.accept(key));
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** The next request, or empty if the client has no more. */
    private static Optional<Request> read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3) {
            throw new IOException("not a request line: " + first);
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        long body = Long.parseLong(headers.getOrDefault("content-length", "0"));
        return Optional.of(new Request(words[0], words[1], headers, body));
    }

    /** A line without its end; empty also at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                if (line.isEmpty()) {
                    return "";
                }
                throw new EOFException();
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line without end");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
