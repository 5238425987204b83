package buoy.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One contender in one case.
 *
 * @param samples one for each round, in order
 * @param latencies at half the rate that the slowest contender can bear, one for each round; none
 *     where the load has no rate
 * @param residentKib of all its processes, after the last round
 * @param idlePercent how idle the machine was before the case
 */
record Outcome(
        Case what,
        Contender contender,
        List<Sample> samples,
        List<Latency> latencies,
        long residentKib,
        int idlePercent) {
    Outcome {
        samples = List.copyOf(samples);
        latencies = List.copyOf(latencies);
    }

    /** Over the rounds; NaN where there are none. */
    double medianLatency(ToDoubleFunction<Latency> figure) {
        return median(latencies.stream().mapToDouble(figure).toArray());
    }

    double median(ToDoubleFunction<Sample> figure) {
        return median(samples.stream().mapToDouble(figure).toArray());
    }

    double microsPerRequest() {
        return median(Sample::microsPerRequest);
    }

    double least() {
        return samples.stream().mapToDouble(Sample::microsPerRequest).min().orElse(Double.NaN);
    }

    double most() {
        return samples.stream().mapToDouble(Sample::microsPerRequest).max().orElse(Double.NaN);
    }

    long errors() {
        return samples.stream().mapToLong(sample -> sample.load().errors()).sum();
    }

    /**
     * CPU for each request as a multiple of the other's: the median over the rounds, each compared
     * with the other's turn in the same round, so that what slowed down both does not count.
     */
    double ratio(Outcome other) {
        double[] ratios = new double[Math.min(samples.size(), other.samples.size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] =
                    samples.get(round).microsPerRequest()
                            / other.samples.get(round).microsPerRequest();
        }
        return median(ratios);
    }

    /** Of those that have this case: the incumbent that needs the least CPU for a request. */
    static Outcome best(List<Outcome> rows) {
        return rows.stream()
                .filter(row -> row.contender.role() == Contender.Role.INCUMBENT)
                .min(Comparator.comparingDouble(Outcome::microsPerRequest))
                .orElseThrow();
    }

    static double median(double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
