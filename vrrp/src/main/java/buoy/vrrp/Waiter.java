package buoy.vrrp;

/** The speaker's clock, and its one place to wait. */
public interface Waiter {
    /** Nanoseconds on the monotonic clock; any thread. */
    long now();

    /**
     * Returns as soon as {@link #now} has reached {@code deadline} (compare by subtraction), a
     * channel has a datagram, a link event waits, or somebody called {@link #wakeUp} since the last
     * return. May return early for no reason.
     */
    void await(long deadline) throws KernelRefused;

    /** Makes the present or the next {@link #await} return; any thread, never waits. */
    void wakeUp();
}
