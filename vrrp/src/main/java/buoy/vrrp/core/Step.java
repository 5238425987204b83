package buoy.vrrp.core;

import java.util.List;

/**
 * The answer of the election.
 *
 * @param effects to be performed in this order
 * @param cause why the state is another one, in words; empty where it is the same
 */
public record Step(State state, List<Effect> effects, String cause) {
    public Step {
        effects = List.copyOf(effects);
    }

    static Step stay(State state, Effect... effects) {
        return new Step(state, List.of(effects), "");
    }

    static Step because(String cause, State next, Effect... effects) {
        return new Step(next, List.of(effects), cause);
    }
}
