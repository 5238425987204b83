package buoy.lab.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Random bytes to a TCP port, a steady number of pieces a second; a new connection whenever the
 * other side has had enough. An attempt is a connection: {@code ok} says that it was accepted.
 */
final class Noise implements Role {
    private static final int LONGEST_PIECE = 1400;
    private static final int CONNECT_MILLIS = 2000;
    private static final int LONGEST_CONNECTION = 500;

    private final String name;
    private final InetSocketAddress to;
    private final long spacing;
    private final Journal journal;

    /** Seeded by the name, so that a failure can be seen again. */
    private final Random random;

    private volatile boolean stopped;

    Noise(String name, InetSocketAddress to, int perSecond, Journal journal) {
        this.name = name;
        this.to = to;
        this.spacing = 1_000_000_000L / perSecond;
        this.journal = journal;
        this.random = new Random(name.hashCode());
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        while (!stopped) {
            Instant start = Instant.now();
            try (Socket socket = new Socket()) {
                socket.connect(to, CONNECT_MILLIS);
                journal.write(name, start, Attempt.OK, "");
                OutputStream out = socket.getOutputStream();
                for (int piece = 0; piece < LONGEST_CONNECTION && !stopped; piece++) {
                    out.write(piece());
                    next += spacing;
                    LockSupport.parkNanos(next - System.nanoTime());
                }
            } catch (IOException e) {
                journal.write(name, start, "refused", String.valueOf(e.getMessage()));
                next += spacing;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private byte[] piece() {
        byte[] piece = new byte[1 + random.nextInt(LONGEST_PIECE)];
        random.nextBytes(piece);
        return piece;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
