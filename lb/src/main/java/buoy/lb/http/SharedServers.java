package buoy.lb.http;

import buoy.lb.pool.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker's HTTP/2 connections to servers, which many exchanges share. Where none has room one
 * exchange makes another, and those that come meanwhile wait for it: a burst is no burst of
 * connections.
 */
final class SharedServers {
    private static final class Shared {
        private final List<ServerStreams> connections = new ArrayList<>(2);
        private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
        private @Nullable Exchange maker;

        boolean isOver() {
            return connections.isEmpty() && waiting.isEmpty() && maker == null;
        }
    }

    /** What came of a connection that was to be made. */
    sealed interface Outcome {}

    record Made(ServerStreams connection) implements Outcome {}

    record Failed() implements Outcome {}

    /** Its maker has left before it was there: the next one makes it. */
    record Abandoned() implements Outcome {}

    private final IdentityHashMap<Server, Shared> all = new IdentityHashMap<>();

    /** A connection that takes one more exchange; null if there is none. */
    @Nullable ServerStreams withRoom(Server server) {
        Shared shared = all.get(server);
        if (shared != null) {
            for (int i = 0; i < shared.connections.size(); i++) {
                if (shared.connections.get(i).hasRoom()) {
                    return shared.connections.get(i);
                }
            }
        }
        return null;
    }

    void add(ServerStreams connection) {
        all.computeIfAbsent(connection.server(), _ -> new Shared()).connections.add(connection);
    }

    void remove(ServerStreams connection) {
        Shared shared = all.get(connection.server());
        if (shared != null) {
            shared.connections.remove(connection);
            forget(connection.server(), shared);
        }
    }

    /**
     * Whether somebody makes a connection, for which the exchange waits from now on: {@link
     * Exchange#made} tells it. Else it is the one that has to make it.
     */
    boolean awaits(Server server, Exchange exchange) {
        Shared shared = all.computeIfAbsent(server, _ -> new Shared());
        if (shared.maker == null || server.sendProxy().isPresent()) {
            shared.maker = exchange;
            return false;
        }
        shared.waiting.addLast(exchange);
        return true;
    }

    /** One that waits does not any more. */
    void leaves(Server server, Exchange exchange) {
        Shared shared = all.get(server);
        if (shared != null) {
            shared.waiting.remove(exchange);
            forget(server, shared);
        }
    }

    /**
     * Tells those that wait. Those that find no room wait again.
     *
     * @param maker who was to make it; nothing happens if that is somebody else
     */
    void made(Server server, Exchange maker, Outcome outcome) {
        Shared shared = all.get(server);
        if (shared == null || shared.maker != maker) {
            return;
        }
        shared.maker = null;
        List<Exchange> told = List.copyOf(shared.waiting);
        shared.waiting.clear();
        told.forEach(exchange -> exchange.made(outcome));
        forget(server, shared);
    }

    private void forget(Server server, Shared shared) {
        // The server may have left the configuration.
        if (shared.isOver()) {
            all.remove(server, shared);
        }
    }
}
