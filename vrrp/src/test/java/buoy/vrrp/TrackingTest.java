package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Priority;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrackingTest {
    @Test
    void weightsAddUp() {
        VirtualRouter router =
                tracking(150, new Track.PoolWeight("a", 2, -60), new Track.PoolWeight("b", 1, 5));
        assertThat(Tracking.of(router, Map.of("a", 1, "b", 0)).effective())
                .isEqualTo(new Priority(95));
        assertThat(Tracking.of(router, Map.of("a", 2, "b", 1)).effective())
                .isEqualTo(new Priority(150));
    }

    @Test
    void aPoolNobodyHasToldAboutContributesNothing() {
        assertThat(Tracking.of(tracking(150, new Track.PoolFault("a", 1)), Map.of()))
                .isEqualTo(new Tracking(new Priority(150), List.of(), List.of("pool a")));
    }

    @Test
    void aFaultedPoolIsTheLastResortWhateverTheWeights() {
        VirtualRouter router =
                tracking(150, new Track.PoolFault("a", 1), new Track.PoolWeight("b", 1, 100));
        assertThat(Tracking.of(router, Map.of("a", 0, "b", 0)).effective())
                .isEqualTo(Priority.LAST_RESORT);
    }

    @Property(tries = 300)
    void theEffectivePriorityNeverLeavesItsBounds(
            @ForAll @IntRange(min = 1, max = 254) int priority,
            @ForAll @IntRange(min = -254, max = 254) int one,
            @ForAll @IntRange(min = -254, max = 254) int other) {
        VirtualRouter router =
                tracking(
                        priority,
                        new Track.PoolWeight("a", 1, one),
                        new Track.PoolWeight("a", 1, other));
        assertThat(Tracking.of(router, Map.of("a", 0)).effective().value()).isBetween(1, 254);
    }

    private static VirtualRouter tracking(int priority, Track... tracks) {
        return Routers.web().priority(priority).tracking(tracks).router();
    }
}
