package buoy.daemon.track;

import buoy.vrrp.track.Fact;

/** Told by whoever watches, each time it has looked; any thread. */
@FunctionalInterface
interface Findings {
    /**
     * It was looked at.
     *
     * @param seen what was seen just now, in words
     */
    void found(Fact fact, String seen);
}
