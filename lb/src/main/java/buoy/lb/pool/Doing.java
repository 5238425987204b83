package buoy.lb.pool;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client's connection or session is about at one moment. Plain values: nothing of it leads
 * back to a worker.
 *
 * @param version of its protocol, where the listener's has several
 * @param targets where it is served or to be served; several where exchanges run side by side
 * @param exchanges under way
 * @param fromClient bytes that went to servers since it began
 * @param toClient bytes of servers that went to the client since it began
 * @param user whose session it is, as the client says
 * @param database that the session is with
 */
public record Doing(
        State state,
        Optional<String> version,
        List<Target> targets,
        int exchanges,
        long fromClient,
        long toClient,
        Optional<String> user,
        Optional<String> database) {
    /** What it waits for, or what is under way. */
    public enum State {
        /** The client has not said yet what it wants: TLS, a PROXY header, a first message. */
        BEGINNING,
        /** A connection that is kept, with no request on it. */
        IDLE,
        /** No server takes it; it waits for the pool's {@code hold}. */
        HELD,
        /** Every server is at its {@code max-connections}; it stands in line. */
        QUEUED,
        /** A connection to a server is being made for it. */
        CONNECTING,
        /** A request is being served. */
        EXCHANGE,
        /** A session with a server. */
        SESSION,
        /** A WebSocket. */
        TUNNEL,
        /** All is said; the connection is being closed. */
        ENDING;

        /** As users read it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where something is served.
     *
     * @param server empty while there is none
     */
    public record Target(String pool, Optional<String> server) {
        @Override
        public String toString() {
            return server.map(name -> pool + "/" + name).orElse(pool);
        }
    }

    public Doing {
        targets = List.copyOf(targets);
    }

    public static Doing of(State state) {
        return new Doing(
                state, Optional.empty(), List.of(), 0, 0, 0, Optional.empty(), Optional.empty());
    }

    /** With a server. */
    public static Doing of(State state, Server with) {
        return of(state).at(List.of(target(with)));
    }

    /** For a pool, whichever of its servers it will be. */
    public static Doing of(State state, Pool in) {
        return of(state).at(List.of(new Target(in.name(), Optional.empty())));
    }

    private static Target target(Server server) {
        return new Target(server.pool(), Optional.of(server.name()));
    }

    public Doing at(List<Target> places) {
        return new Doing(state, version, places, exchanges, fromClient, toClient, user, database);
    }

    public Doing version(String spoken) {
        return new Doing(
                state,
                Optional.of(spoken),
                targets,
                exchanges,
                fromClient,
                toClient,
                user,
                database);
    }

    public Doing exchanges(int underWay) {
        return new Doing(state, version, targets, underWay, fromClient, toClient, user, database);
    }

    /** With so many bytes more. */
    public Doing plus(long moreFromClient, long moreToClient) {
        return new Doing(
                state,
                version,
                targets,
                exchanges,
                fromClient + moreFromClient,
                toClient + moreToClient,
                user,
                database);
    }

    public Doing said(Optional<String> byUser, Optional<String> ofDatabase) {
        return new Doing(
                state, version, targets, exchanges, fromClient, toClient, byUser, ofDatabase);
    }
}
