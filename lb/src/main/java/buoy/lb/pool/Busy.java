package buoy.lb.pool;

/** A connection that can tell what it is about. Called on the connection's own worker. */
public interface Busy extends Live {
    Doing doing();
}
