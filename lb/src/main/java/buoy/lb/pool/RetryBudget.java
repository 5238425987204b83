package buoy.lb.pool;

/**
 * Keeps retries below a share of the work ({@code retries.budget}), so that a sick pool is not
 * asked ever more often. One for each worker and pool; not shared.
 *
 * <p>Each piece of work earns its share of a retry and a retry spends a whole one. Up to {@value
 * #MOST} are saved, and as many are there at the start: connections that break all at once, when a
 * server dies, are no storm.
 */
final class RetryBudget {
    private static final int MOST = 100;

    /** In hundredths of a retry. */
    private int saved = MOST * 100;

    void earn(int percent) {
        saved = Math.min(MOST * 100, saved + percent);
    }

    boolean spend() {
        if (saved < 100) {
            return false;
        }
        saved -= 100;
        return true;
    }
}
