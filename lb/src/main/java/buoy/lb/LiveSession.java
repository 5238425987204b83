package buoy.lb;

import buoy.lb.pool.Doing;
import buoy.lb.proxy.Ends;
import java.time.Instant;

/**
 * A client's connection or session as of one moment.
 *
 * @param id by which it can be ended; no other ever has the same
 * @param protocol of the listener
 * @param ends {@link Ends#UNKNOWN} on a unix socket
 * @param since when it came
 */
public record LiveSession(
        String id, String listener, String protocol, Ends ends, Instant since, Doing doing) {}
