package buoy.daemon.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Connections that have not proved yet to know the secret. Each has a short time for all of it,
 * however slowly it speaks; and where there are too many, the oldest makes room for the newest.
 */
final class Strangers implements AutoCloseable {
    private static final int MOST = 64;
    private static final int MOST_OF_ONE_ADDRESS = 16;

    private final Duration time;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> Thread.ofPlatform().name("buoy-peer-timer").daemon().unstarted(task));

    /** The oldest first, and what closes each. Guarded by this. */
    private final Map<Socket, Future<?>> waiting = new LinkedHashMap<>();

    Strangers(Duration time) {
        this.time = time;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** One more. */
    synchronized void enter(Socket socket) throws IOException {
        if (timer.isShutdown()) {
            socket.close();
            return;
        }
        List<Socket> neighbours =
                waiting.keySet().stream().filter(each -> from(each).equals(from(socket))).toList();
        if (neighbours.size() >= MOST_OF_ONE_ADDRESS) {
            turnOut(neighbours.getFirst());
        } else if (waiting.size() >= MOST) {
            turnOut(waiting.keySet().iterator().next());
        }
        waiting.put(
                socket,
                timer.schedule(() -> turnOut(socket), time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static InetAddress from(Socket socket) {
        return socket.getInetAddress();
    }

    private synchronized void turnOut(Socket socket) {
        if (leave(socket)) {
            try {
                socket.close();
            } catch (IOException _) {
                // It is being thrown away.
            }
        }
    }

    /**
     * It is known now, or gone.
     *
     * @return whether it was here
     */
    synchronized boolean leave(Socket socket) {
        Future<?> end = waiting.remove(socket);
        if (end == null) {
            return false;
        }
        end.cancel(false);
        return true;
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
    }
}
