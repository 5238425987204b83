package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;

/** One rule of a proxy, in the order in which HAProxy tries them. */
record Rule(Mark at, Condition condition, Action action) {
    /** What is done with the requests that a rule is for. */
    sealed interface Action {
        /**
         * They are answered here.
         *
         * @param key {@code respond} or {@code redirect}
         * @param refuses whether somebody relies on it that they reach no server
         */
        record Answer(String key, Node.Mapping value, boolean refuses) implements Action {}

        record ToPool(String backend) implements Action {}

        /** The rules up to this place of the list are passed over. */
        record Skip(int to) implements Action {}

        /** A session is closed. */
        record Close() implements Action {}

        /** They have to name a user. */
        record Login(Node.Mapping basicAuth) implements Action {}

        /** Something is taken off the beginning of their path. */
        record Strip(String prefix) implements Action {}
    }
}
