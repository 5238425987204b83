package buoy.lb.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final Duration TEN = Duration.ofNanos(10);

    @Test
    void whoWasHeardLastGoesLast() {
        SessionTable<String, Integer> table = new SessionTable<>();
        table.add("a", 1, 0);
        table.add("b", 2, 1);
        table.add("c", 3, 2);
        assertThat(table.heard("a", 5)).contains(1);
        assertThat(table.heard("x", 5)).isEmpty();

        assertThat(table.untilSilent(6, TEN)).hasValue(5);
        assertThat(table.removeSilent(10, TEN)).isEmpty();
        assertThat(table.removeSilent(11, TEN)).contains(2);
        assertThat(table.removeSilent(11, TEN)).isEmpty();
        assertThat(table.removeLongestSilent()).contains(3);
        assertThat(table.removeLongestSilent()).contains(1);
        assertThat(table.removeLongestSilent()).isEmpty();
        assertThat(table.untilSilent(11, TEN)).isEmpty();
    }

    @Test
    void theClockMayWrap() {
        SessionTable<String, Integer> table = new SessionTable<>();
        table.add("a", 1, Long.MAX_VALUE - 1);
        assertThat(table.removeSilent(Long.MIN_VALUE + 5, TEN)).isEmpty();
        assertThat(table.removeSilent(Long.MIN_VALUE + 8, TEN)).contains(1);
    }

    @Test
    void anEarlierSessionDoesNotTakeALaterOneAway() {
        SessionTable<String, Object> table = new SessionTable<>();
        Object early = new Object();
        Object late = new Object();
        table.add("a", early, 0);
        table.add("a", late, 1);
        table.remove("a", early);
        assertThat(table.heard("a", 2)).contains(late);
        table.remove("a", late);
        assertThat(table.heard("a", 3)).isEmpty();
    }

    @Test
    void whatIsOwedIsSettledByAsManyAnswers() {
        Owed two = new Owed(OptionalInt.of(2));
        assertThat(two.isOpen()).isFalse();
        two.asked();
        two.asked();
        assertThat(two.isSettledByAnswer()).isFalse();
        assertThat(two.isSettledByAnswer()).isFalse();
        assertThat(two.isSettledByAnswer()).isFalse();
        assertThat(two.isOpen()).isTrue();
        assertThat(two.isSettledByAnswer()).isTrue();
        assertThat(two.isSettledByAnswer()).isFalse();

        Owed none = new Owed(OptionalInt.of(0));
        none.asked();
        assertThat(none.isOpen()).isFalse();
        assertThat(none.isSettledByAnswer()).isFalse();
        assertThat(none.expectsAny()).isFalse();

        Owed unknown = new Owed(OptionalInt.empty());
        unknown.asked();
        assertThat(unknown.isSettledByAnswer()).isFalse();
        assertThat(unknown.isOpen()).isFalse();
        assertThat(unknown.expectsAny()).isTrue();
    }
}
