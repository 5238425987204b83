package buoy.lb;

import java.util.List;

/**
 * The sessions that were asked for.
 *
 * @param sessions the longest there first, no more than were wanted
 * @param matching how many there are, listed or not
 * @param silent workers that did not answer in time: what they have is not in it
 */
public record SessionList(List<LiveSession> sessions, long matching, List<Integer> silent) {
    public SessionList {
        sessions = List.copyOf(sessions);
        silent = List.copyOf(silent);
    }
}
