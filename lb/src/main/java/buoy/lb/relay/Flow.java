package buoy.lb.relay;

/**
 * Tells whether a direction of a relay carries much: then its bytes are better left in the kernel,
 * which costs two calls more and saves the copying. What was seen so far is a number, as there are
 * two directions of each session. Pure.
 */
final class Flow {
    /** Nothing was seen yet. */
    static final int NEW = 0;

    /** As much at once is worth it. */
    private static final int MUCH = 32 * 1024;

    /** So often in a row, so that a single large answer is not yet a flow; and as often not. */
    private static final int STEADY = 4;

    /** Beside how often, from 0 to {@link #STEADY}. */
    private static final int BULK = 8;

    private Flow() {}

    /** After one more batch of reads, of so many bytes. */
    static int after(int flow, int bytes) {
        int before = flow & ~BULK;
        int score = Math.clamp(bytes >= MUCH ? before + 1 : before - 1, 0, STEADY);
        boolean bulk = score == STEADY || (score > 0 && isBulk(flow));
        return bulk ? score | BULK : score;
    }

    static boolean isBulk(int flow) {
        return (flow & BULK) != 0;
    }
}
