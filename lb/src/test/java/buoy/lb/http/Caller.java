package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;

/** A client that sends exactly what the test says. {@code \n} in heads stands for CRLF. */
final class Caller implements AutoCloseable {
    final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Caller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    Caller raw(String bytes) throws IOException {
        out.write(bytes.getBytes(ISO_8859_1));
        out.flush();
        return this;
    }

    Caller send(String text) throws IOException {
        return raw(text.replace("\n", "\r\n"));
    }

    Caller get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\nHost: a\n\n");
    }

    /** The next head, {@code \n} for CRLF. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the connection ended after: " + head);
            }
            head.append((char) octet);
        }
        return head.toString().replace("\r\n", "\n");
    }

    String read(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), ISO_8859_1);
    }

    /** A head and the body its Content-Length announces. */
    String response() throws IOException {
        String head = head();
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\n', at)));
        return head + read(length);
    }

    /** Everything until the connection ends; fails if it is reset. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** How the connection ends: {@code closed} or {@code reset}, behind whatever still comes. */
    String end() throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try {
            in.transferTo(seen);
            return "closed";
        } catch (SocketException reset) {
            return "reset";
        }
    }

    void hangUp() throws IOException {
        socket.close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
