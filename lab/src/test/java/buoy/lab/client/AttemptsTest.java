package buoy.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Instant ZERO = Instant.parse("2026-11-21T00:00:00Z");

    private static Instant at(long millis) {
        return ZERO.plusMillis(millis);
    }

    private static Attempt attempt(long start, long end, String outcome) {
        return new Attempt("http", at(start), at(end), outcome, "app1");
    }

    @Test
    void aLineReadsBackAsTheAttemptItWas() {
        Attempt attempt = attempt(10, 25, "ok");
        assertThat(Attempt.parse(attempt.line())).contains(attempt);
    }

    @Test
    void theGapIsBetweenTheEndsOfSuccessesThatFollowEachOther() {
        Attempts attempts =
                new Attempts(
                        List.of(
                                attempt(0, 10, "ok"),
                                attempt(20, 500, "reset"),
                                attempt(390, 410, "ok"),
                                attempt(400, 420, "ok")));
        assertThat(attempts.longestGap(at(0), at(420))).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void theGapCountsFromTheLastSuccessBeforeTheSpanAndToItsEnd() {
        Attempts attempts = new Attempts(List.of(attempt(0, 10, "ok"), attempt(0, 20, "ok")));
        assertThat(attempts.longestGap(at(100), at(150))).isEqualTo(Duration.ofMillis(130));
    }

    @Test
    void whatWasUnderWayWhenTheSpanBeganBelongsToIt() {
        Attempts attempts =
                new Attempts(
                        List.of(
                                attempt(0, 99, "ok"),
                                attempt(0, 101, "reset"),
                                attempt(201, 202, "ok")));
        assertThat(attempts.between(at(100), at(200)).reasons()).isEqualTo(Map.of("reset", 1));
    }
}
