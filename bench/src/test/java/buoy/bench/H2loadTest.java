package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class H2loadTest {
    @Test
    void requestsTimeAndErrorsAreRead() {
        Load load =
                H2load.read(
                        """
                        finished in 2.00s, 31234.50 req/s, 2.10MB/s
                        requests: 62600 total, 62981 started, 62469 done, 62465 succeeded, 4 failed, 0 errored, 0 timeout
                        status codes: 62465 2xx, 0 3xx, 0 4xx, 4 5xx
                        """);

        assertThat(load.requests()).isEqualTo(62465);
        assertThat(load.errors()).isEqualTo(4);
        assertThat(load.seconds()).isCloseTo(2.0, Offset.offset(0.01));
    }

    @Test
    void whatIsNoReportIsSaid() {
        assertThatThrownBy(() -> H2load.read("Could not connect\n"))
                .isInstanceOf(BenchFailed.class)
                .hasMessageContaining("Could not connect");
    }
}
