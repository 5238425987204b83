package buoy.lb.health;

import buoy.lb.health.Outcome.Clear;
import buoy.lb.health.Outcome.Failed;
import buoy.lb.health.Outcome.Fit;
import buoy.lb.health.Outcome.Granted;
import buoy.lb.health.Outcome.Passed;
import buoy.lb.pool.ServerHealth.State;

/** What the outcomes so far say of a server. */
sealed interface Verdict {
    /** Nothing was asked yet. */
    record Unknown() implements Verdict {}

    /**
     * Takes work.
     *
     * @param failures in a row
     */
    record Up(int failures) implements Verdict {}

    /**
     * Takes none.
     *
     * @param successes in a row
     * @param everUp whether it was up before; if not, the first success counts at once
     */
    record Down(int successes, boolean everUp) implements Verdict {}

    /**
     * The verdict after one more outcome.
     *
     * @param rise successes in a row until up
     * @param fall failures in a row until down
     */
    default Verdict after(Outcome outcome, int rise, int fall) {
        return switch (outcome) {
            case Clear(Fit fit, _, _) -> fit == Fit.YES ? new Up(0) : new Down(0, everUp());
            case Granted _ -> new Up(0);
            case Passed _ ->
                    switch (this) {
                        case Unknown _, Up _ -> new Up(0);
                        case Down(int successes, boolean everUp) ->
                                !everUp || successes + 1 >= rise
                                        ? new Up(0)
                                        : new Down(successes + 1, true);
                    };
            case Failed _ ->
                    switch (this) {
                        // It takes no work yet, so nothing is lost by saying so at once.
                        case Unknown _ -> new Down(0, false);
                        case Up(int failures) ->
                                failures + 1 >= fall ? new Down(0, true) : new Up(failures + 1);
                        case Down(_, boolean everUp) -> new Down(0, everUp);
                    };
        };
    }

    /** Between up and down: outcomes are being counted, and the next one is wanted soon. */
    default boolean isUndecided() {
        return switch (this) {
            case Unknown _ -> true;
            case Up(int failures) -> failures > 0;
            case Down(int successes, _) -> successes > 0;
        };
    }

    private boolean everUp() {
        return switch (this) {
            case Unknown _ -> false;
            case Up _ -> true;
            case Down(_, boolean everUp) -> everUp;
        };
    }

    default State state() {
        return switch (this) {
            case Unknown _ -> State.UNKNOWN;
            case Up _ -> State.UP;
            case Down _ -> State.DOWN;
        };
    }

    /** To go on from what is known of a server already, after a reload. */
    static Verdict of(State state) {
        return switch (state) {
            case UNKNOWN -> new Unknown();
            case UP -> new Up(0);
            case DOWN -> new Down(0, true);
        };
    }
}
