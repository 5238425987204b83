package buoy.lb.http.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The routes with one host and path, as far as they can be reached: those with a condition, in the
 * order of the file, up to the first without one.
 */
final class Bucket {
    /** No route: behind all of them. */
    static final int NEVER = Integer.MAX_VALUE;

    private Condition[] conditions = {};
    private int[] asking = {};
    private int always = NEVER;

    /** Routes come in the order of the file. */
    void add(int route, @Nullable Condition condition) {
        if (always != NEVER) {
            return;
        }
        if (condition == null) {
            always = route;
            return;
        }
        asking = Arrays.copyOf(asking, asking.length + 1);
        asking[asking.length - 1] = route;
        conditions = Arrays.copyOf(conditions, asking.length);
        conditions[asking.length - 1] = condition;
    }

    /** The first route that fits, if it comes before {@code best}; else {@code best}. */
    int first(int best, Request request) {
        for (int i = 0; i < asking.length && asking[i] < best; i++) {
            if (conditions[i].holds(request)) {
                return asking[i];
            }
        }
        return Math.min(best, always);
    }
}
