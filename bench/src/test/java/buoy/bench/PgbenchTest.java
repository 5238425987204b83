package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PgbenchTest {
    private static final String REPORT =
            """
            pgbench (15.18 (Debian 15.18-0+deb12u1))
            transaction type: <builtin: select only>
            scaling factor: 1
            query mode: simple
            number of clients: 16
            number of threads: 1
            maximum number of tries: 1
            duration: 3 s
            number of transactions actually processed: 60210
            number of failed transactions: 0 (0.000%)
            latency average = 0.796 ms
            initial connection time = 12.345 ms
            tps = 20100.123456 (without initial connection time)
            """;

    @Test
    void transactionsAreReadByTheTimeThatTheyTook() {
        Load load = Pgbench.read(REPORT);

        assertThat(load.requests()).isEqualTo(60210);
        assertThat(load.seconds()).isCloseTo(2.9955, Offset.offset(0.001));
        assertThat(load.errors()).isZero();
    }

    @Test
    void aSessionThatWasLostIsAnError() {
        assertThat(
                        Pgbench.read(
                                        "pgbench: error: client 3 aborted in command 1\n"
                                                + REPORT.replace(
                                                        "failed transactions: 0",
                                                        "failed transactions: 2"))
                                .errors())
                .isEqualTo(3);
    }

    @Test
    void aTransactionCountsFromWhenItWasDue() {
        List<String> log =
                List.of(
                        "0 1 250 0 1700000000 100 20",
                        "3 7 900 0 1700000000 400 650",
                        "2 1 skipped 0 1700000000 500");

        assertThat(Pgbench.readLog(1000, log)).isEqualTo(new Latency(1000, 900, 900, 900));
        assertThat(Pgbench.readLog(1000, List.of()).p50()).isNaN();
    }

    @Test
    void whatIsNoReportIsSaid() {
        assertThatThrownBy(() -> Pgbench.read("pgbench: error: connection refused\n"))
                .isInstanceOf(BenchFailed.class)
                .hasMessageContaining("refused");
    }
}
