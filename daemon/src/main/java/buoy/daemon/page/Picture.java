package buoy.daemon.page;

import buoy.daemon.events.Said;
import buoy.daemon.history.Past;
import buoy.daemon.status.Status;
import buoy.daemon.status.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All that the page shows, as of one moment.
 *
 * @param recent what happened last, the latest first
 * @param actions whether there are buttons for those who may act
 * @param past what charts are drawn of
 * @param pace of servers, in the last seconds
 */
public record Picture(Status status, List<Said> recent, boolean actions, Past past, Pace pace) {
    public Picture {
        recent = List.copyOf(recent);
    }

    /** The same where no pace is known. */
    public Picture(Status status, List<Said> recent, boolean actions, Past past) {
        this(status, recent, actions, past, Pace.NONE);
    }

    /** How long ago it was, in words. */
    String since(Instant then) {
        return Words.span(Duration.between(then, status.at()));
    }
}
