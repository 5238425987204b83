package buoy.lb.select;

/**
 * The order of turns for given weights: in any stretch from the start, a server's count of turns is
 * less than one away from its exact share.
 *
 * <p>Each turn of a server has a window in which it is due (its release and its deadline by exact
 * share, "P-fair" scheduling of Baruah et al.); among those released, the earliest deadline goes
 * first. On one processor with full load that meets every window.
 */
final class Turns {
    private Turns() {}

    /** Indices into {@code weights}, each as often as its weight says, after reduction. */
    static int[] of(int[] weights) {
        int divisor = 0;
        for (int weight : weights) {
            divisor = gcd(divisor, weight);
        }
        long total = 0;
        for (int weight : weights) {
            total += weight / divisor;
        }
        int[] sequence = new int[Math.toIntExact(total)];
        long[] given = new long[weights.length];
        for (int turn = 0; turn < sequence.length; turn++) {
            int best = -1;
            long bestDeadline = Long.MAX_VALUE;
            for (int i = 0; i < weights.length; i++) {
                long share = weights[i] / divisor;
                long release = given[i] * total / share;
                long deadline = Math.ceilDiv((given[i] + 1) * total, share);
                if (release <= turn && deadline < bestDeadline) {
                    best = i;
                    bestDeadline = deadline;
                }
            }
            sequence[turn] = best;
            given[best]++;
        }
        return sequence;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
