package buoy.lb.listen;

import buoy.lb.pool.Busy;
import buoy.lb.proxy.Ends;

/**
 * A client of a listener, by connection or by datagram, for whoever wants to see it or have it go.
 * Called on its own worker.
 */
public interface Guest extends Busy {
    /** {@link buoy.lb.worker.Worker#number}, when it came. */
    long number();

    /** When it came, in {@link System#nanoTime}'s terms. */
    long came();

    /** Whose it is. */
    Ends ends();

    /** False once it has left. */
    boolean isHere();
}
