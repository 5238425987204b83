package buoy.lab.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * An application server: {@code /api/health}, {@code /slow?ms=20}, a WebSocket echo on {@code /ws},
 * and a greeting anywhere else. It names itself in {@code X-Server}, so that a client can see who
 * answered.
 */
public final class AppServer implements AutoCloseable {
    private final String name;
    private final ServerSocket listening;

    private AppServer(String name, ServerSocket listening) {
        this.name = name;
        this.listening = listening;
    }

    /**
     * Serves from a thread of its own.
     *
     * @param port 0 for any free one
     */
    public static AppServer start(String name, String address, int port) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(address, port), 1024);
        AppServer server = new AppServer(name, listening);
        Thread.ofPlatform().name("accept " + name).daemon().start(server::accept);
        return server;
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> new Conversation(name, socket).run());
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    System.err.println(name + ": accept: " + e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /**
     * Serves until its standard input closes.
     *
     * @param arguments the server's name and its port
     */
    public static void main(String[] arguments) throws IOException {
        try (AppServer server = start(arguments[0], "0.0.0.0", Integer.parseInt(arguments[1]))) {
            System.out.println("serving on port " + server.port());
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
