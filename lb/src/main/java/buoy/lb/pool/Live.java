package buoy.lb.pool;

/** A connection that control may want to end. Called on the connection's own worker. */
public interface Live {
    /**
     * Finish what is under way, begin nothing new, then close. An HTTP connection closes now if
     * idle, else after its exchange; a session, which nothing but its client can finish, goes on.
     */
    default void drain() {}

    /**
     * The server is somewhere else from now on. What is idle closes, an HTTP connection after its
     * exchange; a session goes on.
     */
    default void moved() {}

    /** Close now; what is under way fails with this reason. */
    void cut(Reason reason);
}
