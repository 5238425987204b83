package buoy.lab.client;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of the load: GET and its response, again and again. */
final class HttpConnection implements AutoCloseable {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private boolean reusable = true;
    private boolean answering;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * A response, its body read and dropped.
     *
     * @param server what {@code X-Server} says
     */
    record Response(int status, String server) {}

    Response get(String host, String path) throws IOException {
        answering = false;
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String first = line();
        if (!first.startsWith("HTTP/1.")) {
            throw new IOException("not a status line: " + first);
        }
        int status = Integer.parseInt(first.substring(9, 12));
        long length = -1;
        String server = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "content-length" -> length = Long.parseLong(value);
                case "x-server" -> server = value;
                case "connection" -> reusable = !value.equalsIgnoreCase("close");
                default -> {}
            }
        }
        if (length >= 0) {
            in.skipNBytes(length);
        } else {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            reusable = false;
        }
        return new Response(status, server);
    }

    /** Whether the end of the stream is there already. Takes a millisecond where it is not. */
    boolean isClosedByPeer() throws IOException {
        int patience = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            if (in.read() >= 0) {
                throw new IOException("an answer to nothing");
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } finally {
            socket.setSoTimeout(patience);
        }
    }

    boolean isReusable() {
        return reusable;
    }

    /** Whether anything of the answer to the last request came. */
    boolean hasBegunToAnswer() {
        return answering;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed by the other side");
            }
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line without end");
            }
            answering = true;
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
