package buoy.vrrp.core;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/**
 * What one router goes by.
 *
 * @param priority the effective one, tracking included
 * @param interval own advertisement interval
 * @param preempt whether to take over from a live active router of lower priority; an owner always
 *     does
 * @param preemptDelay how long such a router is tolerated first
 * @param self our own address on the link, which decides between equals
 */
public record Rules(
        Version version,
        Priority priority,
        Duration interval,
        boolean preempt,
        Duration preemptDelay,
        InetAddress self) {

    public Rules withPriority(Priority other) {
        return new Rules(version, other, interval, preempt, preemptDelay, self);
    }

    boolean preempts() {
        return preempt || priority.isOwner();
    }

    Duration toleranceOfLesser() {
        return priority.isOwner() ? Duration.ZERO : preemptDelay;
    }

    /**
     * Whether an active router with these rules yields to that advertisement. RFC 9568 6.4.3: the
     * higher priority wins, between equals the higher address, compared as an unsigned integer in
     * network byte order.
     */
    boolean yieldsTo(Priority theirs, InetAddress source) {
        int order = theirs.compareTo(priority);
        return order > 0
                || (order == 0
                        && Arrays.compareUnsigned(source.getAddress(), self.getAddress()) > 0);
    }
}
