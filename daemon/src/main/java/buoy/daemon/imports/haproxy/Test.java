package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.RouteMatch;
import java.util.List;

/** What an ACL asks, as far as a configuration of Buoy can ask it. */
sealed interface Test {
    /** A request or session that fits the match. */
    record Asks(RouteMatch match) implements Test {}

    record Always(boolean holds) implements Test {}

    /** Whether the client came by TLS: the same for all clients of one socket. */
    record Encrypted() implements Test {}

    /** Whether the client came to this port. */
    record Port(int port) implements Test {}

    /** Whether the request names a user of this list with the right password. */
    record LoggedIn(String users) implements Test {}

    /** Whether fewer servers of this pool are up than so many. */
    record FewerUp(String pool, int than) implements Test {}

    /** Whether a client has more than so many connections or requests, or a request more octets. */
    record MoreThan(What what, long number) implements Test {
        enum What {
            CONNECTIONS,
            REQUESTS,
            BODY
        }
    }

    /**
     * What Buoy cannot ask.
     *
     * @param why in a few words
     * @param instead what to do
     */
    record Unknown(String why, String instead) implements Test {}

    /**
     * A part of a condition: one of the tests holds, or with a {@code !} none of them.
     *
     * @param text as it stands in the file
     */
    record Literal(boolean negated, List<Test> anyOf, String text) {
        Literal not() {
            return new Literal(!negated, anyOf, text);
        }
    }
}
