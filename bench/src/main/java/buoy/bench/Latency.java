package buoy.bench;

import java.util.Arrays;

/**
 * How long answers took at a rate that does not depend on them (open loop): who is slow is asked no
 * less.
 *
 * @param rate requests a second
 * @param p50 half the requests took no longer, in microseconds
 * @param p99 in microseconds
 * @param p999 99.9 % took no longer, in microseconds
 */
record Latency(double rate, double p50, double p99, double p999) {
    /** Of what each request took, in microseconds. */
    static Latency of(double rate, long... micros) {
        long[] sorted = micros.clone();
        Arrays.sort(sorted);
        return new Latency(
                rate, quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 0.999));
    }

    private static double quantile(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * share)];
    }
}
