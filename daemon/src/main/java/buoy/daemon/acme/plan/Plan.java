package buoy.daemon.acme.plan;

import buoy.config.model.Certificate.Acme;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What to do about one certificate. */
public sealed interface Plan {
    /** It is to be ordered now. */
    record Order(Why why, Acme.Challenge challenge) implements Plan {}

    /**
     * Nothing is to be done before this time.
     *
     * @param why in words
     */
    record Rest(Instant until, String why) implements Plan {}

    /** It is to be ordered, but not by this host as things stand. */
    record Leave(Why why, String to) implements Plan {}

    /** What an order is for. */
    enum Why {
        /** There is none. */
        FIRST("there is none"),
        /** Other names are asked for. */
        NAMES("its names have changed"),
        /** Another CA is asked. */
        AUTHORITY("its CA has changed"),
        /** It is old enough. */
        RENEWAL("it is to be renewed");

        private final String words;

        Why(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Decides by what is wanted and there, who orders, what came of it so far, and the time. */
    static Plan of(Acme wanted, Optional<Held> held, Place place, Trials trials, Instant now) {
        Optional<Why> why = why(wanted, held, now);
        if (why.isEmpty()) {
            return new Rest(held.orElseThrow().renewal(), "renewal");
        }
        if (place instanceof Place.Elsewhere(var to)) {
            return new Leave(why.get(), to);
        }
        Optional<Instant> pause =
                trials.pauseUntil()
                        .filter(now::isBefore)
                        // Further away than any pause: the clock was set back meanwhile.
                        .filter(until -> !until.isAfter(now.plus(Failure.LONGEST_PAUSE)));
        if (pause.isPresent()) {
            return new Rest(pause.get(), "next try");
        }
        return new Order(
                why.get(), wanted.challenges().get(trials.refusals() % wanted.challenges().size()));
    }

    /** What there is to order it for, if anything. */
    static Optional<Why> why(Acme wanted, Optional<Held> held, Instant now) {
        if (held.isEmpty()) {
            return Optional.of(Why.FIRST);
        }
        Held has = held.get();
        if (!has.names().equals(Set.copyOf(wanted.names()))) {
            return Optional.of(Why.NAMES);
        }
        if (!has.directory().equals(wanted.directory())) {
            return Optional.of(Why.AUTHORITY);
        }
        return now.isBefore(has.renewal()) ? Optional.empty() : Optional.of(Why.RENEWAL);
    }
}
