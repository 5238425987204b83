package buoy.lb.pool;

/** What an operator wants of a server, until one says otherwise. */
public enum Duty {
    /** Takes work while its health lets it. */
    READY,
    /** Takes nothing new; what is under way goes on. It counts as up. */
    DRAIN,
    /** Counts as down: takes nothing new, and what is left after the pool's drain time is cut. */
    MAINTENANCE
}
