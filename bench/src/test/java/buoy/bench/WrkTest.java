package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkTest {
    private static final String QUIET =
            """
            Running 1s test @ http://127.0.0.1:18081/
              1 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   412.11us  120.90us   4.43ms   91.95%
                Req/Sec    77.93k     3.19k   84.18k    72.73%
              Latency Distribution
                 50%  401.00us
                 75%  450.00us
                 90%  512.00us
                 99%    1.20ms
              85196 requests in 1.10s, 18.20MB read
            Requests/sec:  77457.10
            Transfer/sec:     16.55MB
            """;

    @Test
    void requestsTimeAndPercentilesAreRead() {
        Load load = Wrk.read(QUIET);

        assertThat(load.requests()).isEqualTo(85196);
        assertThat(load.seconds()).isEqualTo(1.1);
        assertThat(load.p50()).isEqualTo(401);
        assertThat(load.p99()).isEqualTo(1200);
        assertThat(load.errors()).isZero();
        assertThat(load.requestsPerSecond()).isBetween(77_450.0, 77_452.0);
    }

    @Test
    void minutesAreRead() {
        assertThat(Wrk.read("  600 requests in 1.00m, 1MB read").seconds()).isEqualTo(60);
    }

    @Test
    void errorsOfBothKindsAreAddedUp() {
        String failing =
                QUIET
                        + "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
                        + "  Non-2xx or 3xx responses: 100\n";

        assertThat(Wrk.read(failing).errors()).isEqualTo(110);
    }

    @Test
    void whatIsNoReportIsSaid() {
        assertThatThrownBy(() -> Wrk.read("unable to connect to 127.0.0.1:1 Connection refused\n"))
                .isInstanceOf(BenchFailed.class)
                .hasMessageContaining("Connection refused");
    }
}
