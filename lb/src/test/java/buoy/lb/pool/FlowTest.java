package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowTest {
    @Test
    void itIsTheSumOfAllWorkersWithLatenciesWhereTheyBelong() {
        Tally one = new Tally();
        Tally other = new Tally();
        one.finished();
        other.finished();
        other.failed(Reason.SERVER_REFUSED);
        one.latency(TimeUnit.MICROSECONDS.toNanos(40));
        one.latency(TimeUnit.MICROSECONDS.toNanos(700));
        other.latency(TimeUnit.MICROSECONDS.toNanos(700));
        other.latency(TimeUnit.MINUTES.toNanos(2));
        for (int asked = 0; asked < 2; asked++) {
            Flow flow = Tally.flow("app", List.of(one, other));
            assertThat(flow.finished()).isEqualTo(2);
            assertThat(flow.failed()).isEqualTo(1);
            assertThat(flow.latencies()).hasSize(Flow.BUCKETS);
            assertThat(flow.latencies().get(0)).isEqualTo(1);
            assertThat(flow.latencies().get(2)).isEqualTo(2);
            assertThat(flow.latencies().get(Flow.BUCKETS - 1)).isEqualTo(1);
            assertThat(flow.latencies().stream().mapToLong(Long::longValue).sum()).isEqualTo(4);
        }
    }

    @Test
    void eachBucketReachesTwiceAsFar() {
        assertThat(Flow.belowMicros(0)).isEqualTo(250);
        assertThat(Flow.belowMicros(2)).isEqualTo(1000);
        assertThat(Flow.belowMicros(14)).isEqualTo(4_096_000);
    }
}
