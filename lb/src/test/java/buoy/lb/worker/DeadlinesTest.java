package buoy.lb.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.lb.worker.Deadlines.Deadline;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long TICK = 100;

    private final List<String> expired = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines(0, TICK);

    private Deadline named(String name) {
        return new Deadline(() -> expired.add(name));
    }

    private void sweepTo(long now) {
        for (long at = TICK; at <= now; at += TICK) {
            deadlines.sweep(at);
        }
    }

    @Test
    void aDeadlineExpiresOnceAndNotEarly() {
        deadlines.set(named("a"), 250);
        sweepTo(200);
        assertThat(expired).isEmpty();
        sweepTo(1000);
        assertThat(expired).containsExactly("a");
    }

    @Test
    void aMovedDeadlineCountsFromItsLastMove() {
        Deadline a = named("a");
        deadlines.set(a, 200);
        deadlines.set(a, 900);
        sweepTo(800);
        assertThat(expired).isEmpty();
        sweepTo(1000);
        assertThat(expired).containsExactly("a");
        deadlines.set(a, 5000);
        deadlines.set(a, 1200);
        sweepTo(1300);
        assertThat(expired).hasSize(2);
    }

    @Test
    void oneThatFailsHoldsNoOtherUp() {
        deadlines.set(named("a"), 250);
        deadlines.set(
                new Deadline(
                        () -> {
                            throw new IllegalStateException("a bug");
                        }),
                250);
        deadlines.set(named("b"), 250);
        assertThatThrownBy(() -> deadlines.sweep(300)).hasMessage("a bug");
        deadlines.set(named("c"), 250);
        deadlines.sweep(300);
        assertThat(expired).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void whatIsOffDoesNotExpire() {
        Deadline a = named("a");
        Deadline b = named("b");
        deadlines.set(a, 200);
        deadlines.set(b, 200);
        deadlines.off(a);
        deadlines.off(a);
        sweepTo(1000);
        assertThat(expired).containsExactly("b");
    }

    @Test
    void expiringOneMayTurnOffAndSetOthersOfTheSameTick() {
        List<Deadline> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(
                    new Deadline(
                            () -> {
                                expired.add("x");
                                all.forEach(deadlines::off);
                                deadlines.set(all.getFirst(), 1000);
                            }));
            deadlines.set(all.get(i), 200);
        }
        sweepTo(300);
        assertThat(expired).hasSize(1);
        sweepTo(1100);
        assertThat(expired).hasSize(2);
    }

    @Test
    void aDeadlineBeyondTheWheelsHorizonIsNotForgotten() {
        deadlines.set(named("a"), 5000 * TICK);
        sweepTo(4999 * TICK);
        assertThat(expired).isEmpty();
        sweepTo(5001 * TICK);
        assertThat(expired).containsExactly("a");
    }

    /** Late by two ticks at most, never early, and exactly once, whatever the times are. */
    @Property(tries = 300)
    void everyDeadlineExpiresOnTime(
            @ForAll @Size(max = 20) List<@LongRange(min = 1, max = 500_000) Long> times) {
        Deadlines wheel = new Deadlines(0, TICK);
        long[] seen = new long[times.size()];
        long[] now = new long[1];
        for (int i = 0; i < seen.length; i++) {
            int index = i;
            wheel.set(new Deadline(() -> seen[index] = now[0]), times.get(i));
        }
        for (now[0] = TICK; now[0] <= 501_000; now[0] += TICK) {
            wheel.sweep(now[0]);
        }
        for (int i = 0; i < seen.length; i++) {
            assertThat(seen[i]).isBetween(times.get(i), times.get(i) + 2 * TICK);
        }
    }
}
