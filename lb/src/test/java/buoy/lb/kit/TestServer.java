package buoy.lb.kit;

import buoy.config.model.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server on loopback, a virtual thread for each connection. */
public final class TestServer implements AutoCloseable {
    /** What it does with one connection, which is closed afterwards. */
    public interface Service {
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    private TestServer(ServerSocket listening) {
        this.listening = listening;
    }

    public static TestServer start(Service service) {
        return start(0, service);
    }

    public static TestServer start(int port, Service service) {
        return start(InetAddress.getLoopbackAddress(), port, service);
    }

    public static TestServer start(InetAddress address, int port, Service service) {
        try {
            ServerSocket listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(address, port), 1024);
            TestServer server = new TestServer(listening);
            Thread.ofVirtual().start(() -> server.accept(service));
            return server;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Sends back what it gets, and ends when the client has ended. */
    public static TestServer echo() {
        return start(
                socket -> {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                    socket.shutdownOutput();
                });
    }

    /** Says its name to whoever connects, then waits for the client's end. */
    public static TestServer saying(String name) {
        return start(
                socket -> {
                    socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                });
    }

    /** What a server that is {@link #saying} something says to this client. */
    public static String said(Socket client) throws IOException {
        return String.valueOf(
                new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))
                        .readLine());
    }

    private void accept(Service service) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(service, socket));
            } catch (IOException _) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Service service, Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException _) {
            // The peer is gone, or this server is killed: what a test looks at is the other end.
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    public Endpoint endpoint() {
        return new Endpoint(listening.getInetAddress(), port());
    }

    /** Connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections open now. */
    public int open() {
        return open.size();
    }

    @Override
    public void close() {
        kill();
    }

    /** Stops listening and resets every connection, as the kernel does for a killed process. */
    public void kill() {
        try {
            listening.close();
            for (Socket socket : open) {
                reset(socket);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void reset(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (SocketException refused) {
            // Its own thread may have closed it in between.
            if (!socket.isClosed()) {
                throw refused;
            }
        }
    }
}
