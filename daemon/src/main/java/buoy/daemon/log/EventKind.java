package buoy.daemon.log;

import java.util.Locale;
import java.util.Optional;

/** What a line of the log that is an event is about; docs/operations.md explains each. */
public enum EventKind {
    START,
    STOP,
    RELOAD,
    ROUTER_STATE,
    ROUTER_PRIORITY,
    ROUTER_PEER,
    ROUTER_WARNING,
    HANDOVER,
    TAKEN_OVER,
    TRACKED,
    NOTIFY,
    SERVER,
    NAME,
    POOL,
    LISTENER,
    CERTIFICATE,
    PEER,
    LOGIN,
    ACTION,
    WORKER,
    ACCESS_LOG,
    READER_CUT;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<EventKind> of(String word) {
        for (EventKind kind : values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
