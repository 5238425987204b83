package buoy.lb.relay;

/**
 * Tells whether a direction of a relay carries much: then its bytes are better left in the kernel,
 * which costs two calls more and saves the copying. Pure.
 */
final class Flow {
    /** As much at once is worth it. */
    private static final int MUCH = 32 * 1024;

    /** So often in a row, so that a single large answer is not yet a flow; and as often not. */
    private static final int STEADY = 4;

    private int score;
    private boolean bulk;

    /** After one batch of reads of so many bytes. */
    boolean isBulkAfter(int bytes) {
        score = Math.clamp(bytes >= MUCH ? score + 1 : score - 1, 0, STEADY);
        if (score == STEADY) {
            bulk = true;
        } else if (score == 0) {
            bulk = false;
        }
        return bulk;
    }
}
