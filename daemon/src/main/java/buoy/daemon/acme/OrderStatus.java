package buoy.daemon.acme;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One certificate that Buoy orders, as it stands.
 *
 * @param directory of its CA
 * @param names that are wanted
 * @param why what it is waited for or done, in words
 * @param next when something is done next by itself, if that is known
 * @param notAfter until when the one that is there is valid, if there is one
 * @param issued since the start, by this host
 * @param failed since the start, of this host's orders
 * @param lastFailure since the last success, in words
 */
public record OrderStatus(
        String name,
        String directory,
        List<String> names,
        State state,
        String why,
        Optional<Instant> next,
        Optional<Instant> notAfter,
        long issued,
        long failed,
        Optional<String> lastFailure) {
    public OrderStatus {
        names = List.copyOf(names);
    }

    /** What is going on. */
    public enum State {
        /** It is there, and young enough. */
        VALID,
        /** An order is under way. */
        ORDERING,
        /** An order has failed, and the next is some time off. */
        WAITING,
        /** It is to be ordered, by another host. */
        ELSEWHERE
    }
}
