package buoy.daemon.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OthersTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final Others others = new Others();

    @Test
    void anOrderOfAnotherHostIsWaitedForUntilItIsOverOrHangsOrTheHostIsGone() {
        others.orders("i1", "lb1", Set.of("site"), NOW);
        assertThat(others.ordering("site", NOW)).contains("lb1");
        assertThat(others.ordering("shop", NOW)).isEmpty();
        assertThat(others.ordering("site", NOW.plus(Duration.ofMinutes(11)))).isEmpty();

        others.orders("i1", "lb1", Set.of(), NOW);
        assertThat(others.ordering("site", NOW)).isEmpty();

        others.orders("i2", "lb2", Set.of("site"), NOW);
        others.gone("i2", NOW);
        assertThat(others.ordering("site", NOW)).isEmpty();
    }

    @Test
    void theLastOfferCountsAndThereAreNotTooMany() {
        others.offered("site", "lb1", "one");
        others.offered("site", "lb2", "two");
        assertThat(others.offer("site")).contains(new Others.Offer("lb2", "two"));

        for (int i = 0; i < 5000; i++) {
            others.offered("n" + i, "lb1", "text");
        }
        assertThat(others.offer("n1")).isPresent();
        assertThat(others.offer("n4999")).isEmpty();
        others.offered("site", "lb1", "three");
        assertThat(others.offer("site")).contains(new Others.Offer("lb1", "three"));
    }

    @Test
    void whoIsGoneIsForgottenLaterUnlessItIsBack() {
        Instant later = NOW.plus(Duration.ofMinutes(11));
        others.orders("i1", "lb1", Set.of("site"), NOW);
        others.orders("i2", "lb2", Set.of("site"), NOW);
        others.gone("i1", NOW);
        others.gone("i2", NOW);
        assertThat(others.forgotten(NOW.plus(Duration.ofMinutes(9)))).isEmpty();
        others.orders("i2", "lb2", Set.of(), NOW);

        assertThat(others.forgotten(later)).containsExactly("i1");
        assertThat(others.forgotten(later)).isEmpty();
    }
}
