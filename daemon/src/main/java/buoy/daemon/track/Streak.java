package buoy.daemon.track;

import java.util.Optional;

/**
 * Good or bad, judged by results in a row. The first result counts at once, either way.
 *
 * @param fall bad results in a row until it is bad
 * @param rise good results in a row until it is good
 * @param good empty before the first result
 * @param contrary how many of the latest results say otherwise
 */
record Streak(int fall, int rise, Optional<Boolean> good, int contrary) {
    static Streak of(int fall, int rise) {
        return new Streak(fall, rise, Optional.empty(), 0);
    }

    /** As it is after one more result. */
    Streak after(boolean result) {
        if (good.isEmpty()) {
            return new Streak(fall, rise, Optional.of(result), 0);
        }
        if (good.get() == result) {
            return new Streak(fall, rise, good, 0);
        }
        int enough = result ? rise : fall;
        return contrary + 1 >= enough
                ? new Streak(fall, rise, Optional.of(result), 0)
                : new Streak(fall, rise, good, contrary + 1);
    }

    /** As somebody else left it. */
    Streak startingFrom(boolean known) {
        return new Streak(fall, rise, Optional.of(known), 0);
    }

    boolean isGood() {
        return good.orElse(false);
    }
}
