package buoy.lb.select;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The order of turns for given weights: in any stretch from the start, a server's count of turns is
 * less than one away from its exact share.
 *
 * <p>Each turn of a server has a window in which it is due (its release and its deadline by exact
 * share, "P-fair" scheduling of Baruah et al.); among those released, the earliest deadline goes
 * first. On one processor with full load that meets every window.
 */
final class Turns {
    private static final int NONE = -1;

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
        if (total == weights.length) {
            // Each once: as of thousands of servers nearly always.
            Arrays.setAll(sequence, i -> i);
            return sequence;
        }
        long[] given = new long[weights.length];
        // Those that are released at each turn, as lists linked through the servers' indices.
        int[] released = new int[sequence.length];
        Arrays.fill(released, NONE);
        int[] next = new int[weights.length];
        for (int i = weights.length - 1; i >= 0; i--) {
            next[i] = released[0];
            released[0] = i;
        }
        Queue<Long> due = new PriorityQueue<>();
        for (int turn = 0; turn < sequence.length; turn++) {
            for (int i = released[turn]; i != NONE; i = next[i]) {
                long share = weights[i] / divisor;
                long deadline = Math.ceilDiv((given[i] + 1) * total, share);
                // The lower index goes first of those with one deadline.
                due.add(deadline << Integer.SIZE | i);
            }
            int best = due.remove().intValue();
            sequence[turn] = best;
            given[best]++;
            // A window may open before the one it follows has closed: it is looked at next turn.
            long release = Math.max(turn + 1, given[best] * total / (weights[best] / divisor));
            if (release < sequence.length) {
                next[best] = released[(int) release];
                released[(int) release] = best;
            }
        }
        return sequence;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
