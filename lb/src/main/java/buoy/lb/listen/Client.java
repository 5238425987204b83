package buoy.lb.listen;

import buoy.lb.pool.Busy;

/** A client's connection, as its listener keeps it. Called on the connection's own worker. */
public interface Client extends Busy {
    /** What a connection is busy with, for whoever wants to be rid of it. */
    enum Activity {
        /** Nothing: it can be closed, and nobody misses anything. */
        IDLE,
        /** An exchange, which ends by itself. */
        EXCHANGE,
        /** A session or a tunnel, which ends when its peers end it. */
        SESSION
    }

    default Activity activity() {
        return Activity.SESSION;
    }

    /**
     * The next answer says that it is the last of this connection (RFC 9112 9.6). Until then it
     * stays; sessions and tunnels have no way to be told.
     */
    default void endWithNextAnswer() {}

    /** Where a connection is kept. */
    interface Seat {
        Seat NONE = _ -> {};

        /** Another is at the connection from now on, and will be to its end. */
        void takenBy(Client next);
    }

    /** It is the one at the connection. Who only leads up to another keeps this, to give it up. */
    default void isAt(Seat seat) {}
}
