package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The demo itself: the whole of examples/scenario-2 with its failures. How soon the first write
 * follows Patroni's election can only be made longer by a busy machine, so a bound that was missed
 * is measured again, at most three times, and the best counts.
 */
@Alone
@Needs(
        value = {"patroni", "etcd", "initdb", "openssl", "setpriv"},
        buoy = true)
class DemoIT {
    private static final int ROUNDS = 3;

    /** As in the example. */
    private static final Duration HEALTH_INTERVAL = Duration.ofMillis(500);

    private static final Duration LIMIT = HEALTH_INTERVAL.plusMillis(300);

    @Test
    void theStoryEndsWellAndSoon() {
        Duration best = Duration.ofDays(1);
        for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
            LanDemo.Ending ending = LanDemo.tell(new Story());
            Figures.say(
                    "demo: %s in all; first write %s after /primary answered 200 (limit %s)"
                            .formatted(
                                    Figures.ms(ending.total()),
                                    Figures.ms(ending.firstWrite()),
                                    Figures.ms(LIMIT)));
            assertThat(ending.good()).isTrue();
            assertThat(ending.total()).isLessThan(Duration.ofMinutes(3));
            best = best.compareTo(ending.firstWrite()) < 0 ? best : ending.firstWrite();
        }
        assertThat(best).isLessThanOrEqualTo(LIMIT);
    }
}
