package buoy.tls;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The OCSP response that goes with one chain. Workers read it; one fetch at a time replaces it. */
final class Staple {
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LAST_RETRY = Duration.ofHours(1);

    private final Optional<Question> question;
    private volatile State state = new State(null, Instant.MIN, Instant.MIN, 0, false);

    /** Whom to ask about what. */
    record Question(URI responder, X509Certificate certificate, X509Certificate issuer) {}

    /**
     * @param response DER; {@code null} is none
     * @param until clients believe it
     * @param next when to ask next
     * @param failures in a row
     * @param asking whether it is being fetched
     */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record State(
            byte @Nullable [] response,
            Instant until,
            Instant next,
            int failures,
            boolean asking) {}

    /**
     * @param chain has to have the issuer, without whose key there is no question
     */
    Staple(List<X509Certificate> chain) {
        this.question =
                chain.size() < 2
                        ? Optional.empty()
                        : Ocsp.responder(chain.get(0))
                                .map(uri -> new Question(uri, chain.get(0), chain.get(1)));
    }

    /** Read only; {@code null} is nothing to staple. */
    byte @Nullable [] response() {
        return state.response();
    }

    /** What is to be asked now, if anything; then the answer is awaited. */
    Optional<Question> due(Instant now) {
        State was = state;
        if (question.isEmpty()) {
            return Optional.empty();
        }
        boolean ask = !was.asking() && !now.isBefore(was.next());
        boolean over = was.response() != null && !now.isBefore(was.until());
        if (ask || over) {
            state =
                    new State(
                            over ? null : was.response(),
                            was.until(),
                            was.next(),
                            was.failures(),
                            ask || was.asking());
        }
        return ask ? question : Optional.empty();
    }

    /** Asked again when half of its time is over. */
    void answered(byte[] response, Instant until, Instant now) {
        Duration half = Duration.between(now, until).dividedBy(2);
        Instant next = now.plus(half.compareTo(FIRST_RETRY) > 0 ? half : FIRST_RETRY);
        state = new State(response, until, next, 0, false);
    }

    /**
     * Asked again before long, and rarer and rarer.
     *
     * @param keep whether what is there goes on being stapled while it is valid
     */
    void failed(boolean keep, Instant now) {
        State was = state;
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(was.failures(), 6));
        state =
                new State(
                        keep ? was.response() : null,
                        was.until(),
                        now.plus(wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY),
                        was.failures() + 1,
                        false);
    }

    /** Failures in a row. */
    int failures() {
        return state.failures();
    }
}
