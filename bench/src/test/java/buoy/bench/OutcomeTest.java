package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final Contender CONTENDER = Contender.haproxy(Path.of("haproxy"));

    /** Rounds of 1000 requests with that much CPU time. */
    private static Outcome outcome(int... cpuMillis) {
        return outcome(CONTENDER, 99, cpuMillis);
    }

    private static Outcome outcome(Contender contender, int idlePercent, int... cpuMillis) {
        return new Outcome(
                Case.HTTP_64B,
                contender,
                IntStream.of(cpuMillis)
                        .mapToObj(
                                millis ->
                                        new Sample(
                                                new Load(1000, 1, 0, 100, 200),
                                                Duration.ofMillis(millis)))
                        .toList(),
                List.of(
                        new Latency(500, 100, 900, 1000),
                        new Latency(500, 100, 300, 1000),
                        new Latency(500, 100, 200, 1000)),
                2048,
                idlePercent);
    }

    @Test
    void latenciesAreThoseOfTheMiddleRound() {
        assertThat(outcome(1).medianLatency(Latency::p99)).isEqualTo(300);
    }

    @Test
    void thePictureHasABarAsLongAsTheRatio() {
        assertThat(Chart.svg(List.of(outcome(10, 12, 95))))
                .contains(
                        ">HTTP/1.1 keep-alive, 64 B<",
                        ">HAProxy<",
                        "width='240'",
                        ">1.00 (12.0 us)<");
    }

    @Test
    void theMedianIsNotMovedByOneBadRound() {
        Outcome outcome = outcome(12, 11, 95);

        assertThat(outcome.microsPerRequest()).isEqualTo(12);
        assertThat(outcome.least()).isEqualTo(11);
        assertThat(outcome.most()).isEqualTo(95);
        assertThat(Outcome.median(1, 2, 3, 4)).isEqualTo(2.5);
        assertThat(Outcome.median()).isNaN();
    }

    @Test
    void theRatioComparesTurnsOfTheSameRound() {
        Outcome first = outcome(10, 20, 40);
        Outcome second = outcome(11, 22, 44);

        assertThat(second.ratio(first)).isEqualTo(1.1);
        assertThat(first.ratio(first)).isEqualTo(1);
    }

    @Test
    void theTableNamesEveryContenderWithItsFigures() {
        assertThat(Report.of(List.of(outcome(12, 11, 13))))
                .contains(Case.HTTP_64B.title())
                .containsPattern("HAProxy +12.0 +11.0-13.0 +1.00 +1.00 +1000 +2.1");
    }

    @Test
    void theBestIncumbentIsWhatAnOperatorWouldTakeInstead() {
        Outcome haproxy = outcome(12);
        Outcome nginx = outcome(Contender.nginx(Path.of("nginx")), 99, 10);
        Outcome pooler = outcome(Contender.pgbouncer(Path.of("pgbouncer")), 99, 5);
        Outcome buoy = outcome(Contender.buoyNative(Path.of("buoy")), 99, 9);
        List<Outcome> rows = List.of(haproxy, nginx, pooler, buoy);

        assertThat(Outcome.best(rows)).isSameAs(nginx);
        assertThat(Report.of(rows)).containsPattern("Buoy native +9.0 +9.0-9.0 +0.75 +0.90 ");
    }

    @Test
    void aCaseBesideOtherWorkSaysSo() {
        assertThat(Report.of(List.of(outcome(CONTENDER, 42, 12))))
                .contains(Case.HTTP_64B.title() + " (the machine was 42 % idle before it)");
        assertThat(Report.of(List.of(outcome(12)))).doesNotContain("idle before");
    }

    @Test
    void aTurnWithoutAnyAnswerIsNotDividedByZero() {
        assertThat(new Sample(new Load(0, 1, 0, 0, 0), Duration.ofMillis(1)).microsPerRequest())
                .isEqualTo(1000);
    }
}
