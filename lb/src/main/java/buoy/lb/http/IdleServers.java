package buoy.lb.http;

import buoy.lb.pool.Server;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One worker's kept connections to servers. The last one put back is the first one taken: the
 * others grow old and are closed.
 */
final class IdleServers {
    /**
     * Kept for each server at most; a burst's connections beyond it are closed. A dozen clients of
     * HTTP/2 ask for five hundred things at once, again and again.
     */
    private static final int MOST = 1024;

    private final IdentityHashMap<Server, Stack> stacks = new IdentityHashMap<>();

    private static final class Stack {
        private ServerConnection[] connections = new ServerConnection[8];
        private int size;
    }

    @Nullable ServerConnection take(Server server) {
        Stack stack = stacks.get(server);
        return stack == null || stack.size == 0 ? null : stack.connections[--stack.size];
    }

    /** False if enough are kept. */
    boolean put(ServerConnection connection) {
        Stack stack = stacks.get(connection.server());
        if (stack == null) {
            stack = new Stack();
            stacks.put(connection.server(), stack);
        }
        if (stack.size == MOST) {
            return false;
        }
        if (stack.size == stack.connections.length) {
            stack.connections = java.util.Arrays.copyOf(stack.connections, stack.size * 2);
        }
        stack.connections[stack.size++] = connection;
        return true;
    }

    /** An idle connection was closed. */
    void remove(ServerConnection connection) {
        Stack stack = stacks.get(connection.server());
        if (stack == null) {
            return;
        }
        int at = stack.size - 1;
        while (at >= 0 && stack.connections[at] != connection) {
            at--;
        }
        if (at >= 0) {
            System.arraycopy(stack.connections, at + 1, stack.connections, at, --stack.size - at);
        }
        if (stack.size == 0) {
            // The server may have left the configuration.
            stacks.remove(connection.server());
        }
    }
}
