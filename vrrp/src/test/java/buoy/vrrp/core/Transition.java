package buoy.vrrp.core;

import java.util.stream.Collectors;

/**
 * One way through the table of the election, without its numbers: in which state what happens, and
 * what comes of it.
 *
 * @param from a state, and what a backup knew of the active router
 * @param effects in their order, by name
 */
record Transition(String from, String event, String to, String effects) {
    static Transition of(State before, Event event, Step step) {
        return new Transition(
                kind(before),
                kind(event),
                kind(step.state()),
                step.effects().stream().map(Transition::kind).collect(Collectors.joining(", ")));
    }

    private static String kind(State state) {
        return state instanceof State.Backup backup
                ? "Backup (%s)".formatted(backup.outlook().getClass().getSimpleName())
                : state.getClass().getSimpleName();
    }

    private static String kind(Event event) {
        return event instanceof Event.Received heard && heard.advert().priority().isResign()
                ? "Received (priority 0)"
                : event.getClass().getSimpleName();
    }

    private static String kind(Effect effect) {
        return effect instanceof Effect.Send(var priority) && priority.isResign()
                ? "Send (priority 0)"
                : effect.getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return "%s, %s -> %s [%s]".formatted(from, event, to, effects);
    }
}
