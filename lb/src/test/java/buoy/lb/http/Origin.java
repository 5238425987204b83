package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server whose every byte the test decides, and that shows every byte it got. */
final class Origin implements AutoCloseable {
    /** What the server does with one connection; the socket is closed behind it. */
    interface Script {
        void run(Talk talk) throws IOException;
    }

    /** One connection, seen from the server. */
    static final class Talk {
        final Socket socket;
        final int number;
        private final InputStream in;
        private final OutputStream out;
        private final BlockingQueue<String> heads;

        private Talk(Socket socket, int number, BlockingQueue<String> heads) throws IOException {
            this.socket = socket;
            this.number = number;
            this.heads = heads;
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        /** Reads a head; empty at the end of the connection. */
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    return "";
                }
                head.append((char) octet);
            }
            String text = head.toString().replace("\r\n", "\n");
            heads.add(text);
            return text;
        }

        String read(int bytes) throws IOException {
            return new String(in.readNBytes(bytes), ISO_8859_1);
        }

        /** Whether the peer has closed; waits for it. */
        boolean ended() throws IOException {
            return in.read() < 0;
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }

        /** {@code \n} stands for CRLF. */
        void send(String text) throws IOException {
            write(text.replace("\n", "\r\n"));
        }

        void ok(String body) throws IOException {
            write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
    }

    private final ServerSocket listening;
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    Origin(Script script) throws IOException {
        listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(script));
    }

    /** Answers every request on every connection with {@code 200} and this body. */
    static Origin answering(String body) throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        talk.ok(body);
                    }
                });
    }

    /**
     * Asks for an authentication that is a connection's (RFC 4559 5).
     *
     * @param says the content of each answer, one octet
     * @param ended run when a connection is over
     */
    static Origin negotiating(Function<Talk, Object> says, Runnable ended) throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        talk.send(
                                """
                                HTTP/1.1 401 No
                                WWW-Authenticate: Negotiate abc
                                Content-Length: 1

                                %s"""
                                        .formatted(says.apply(talk)));
                    }
                    ended.run();
                });
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(script, socket, number));
            }
        } catch (IOException _) {
            // close() ends the loop
        }
    }

    private void talk(Script script, Socket socket, int number) {
        try (socket) {
            script.run(new Talk(socket, number, heads));
        } catch (IOException _) {
            // the proxy closed; what it did before is what the test looks at
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections accepted until now. */
    int connections() {
        return connections.get();
    }

    /** The next request's head as it arrived, {@code \n} for CRLF. */
    String received() throws InterruptedException {
        String head = heads.poll(10, TimeUnit.SECONDS);
        if (head == null) {
            throw new AssertionError("no request arrived");
        }
        return head;
    }

    boolean receivedNothing() {
        return heads.isEmpty();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
