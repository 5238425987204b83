package buoy.vrrp.core;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Many short random lives of one router, always the same ones: which transitions there are. */
final class RandomStories {
    private static final InetAddress SELF = InetAddress.ofLiteral("198.51.100.100");
    private static final int STORIES = 100_000;
    private static final int EVENTS = 12;

    private final Random random;
    private Rules rules;

    private RandomStories(long seed) {
        random = new Random(seed);
        rules =
                new Rules(
                        any(Version.V2, Version.V3),
                        anyPriority(),
                        anyInterval(),
                        random.nextBoolean(),
                        any(Duration.ZERO, Duration.ofSeconds(3)));
    }

    static Set<Transition> transitions() {
        Set<Transition> transitions = new HashSet<>();
        for (long seed = 0; seed < STORIES; seed++) {
            new RandomStories(seed).play(transitions);
        }
        return transitions;
    }

    private void play(Set<Transition> transitions) {
        State state = new State.Initialize();
        Ticks now = new Ticks(0);
        for (int i = 0; i < EVENTS; i++) {
            now =
                    random.nextBoolean() && state.deadline().isPresent()
                            ? state.deadline().get().latest(now)
                            : now.plus(Duration.ofMillis(any(0, 1, 100, 1000, 4000)));
            Event event = anyEvent();
            Step step = new Election(rules).on(state, event, now);
            transitions.add(Transition.of(state, event, step));
            state = step.state();
        }
    }

    private Event anyEvent() {
        return switch (random.nextInt(16)) {
            case 0 -> new Event.LinkLost("down");
            case 1 -> new Event.Unfit("interface eth1 is down");
            case 2 -> new Event.StopRequested();
            case 3 -> new Event.ToldToWait("waiting");
            case 4, 5 -> new Event.Started();
            case 6 -> {
                Priority before = rules.priority();
                rules = rules.withPriority(anyPriority());
                yield new Event.PriorityTracked(before);
            }
            case 7 -> {
                Rules before = rules;
                rules =
                        new Rules(
                                rules.version(),
                                anyPriority(),
                                anyInterval(),
                                random.nextBoolean(),
                                rules.toleranceOfLesser());
                yield new Event.RulesChanged(before);
            }
            case 8, 9, 10, 11, 12 ->
                    new Event.Received(
                            new Advert(
                                    7,
                                    any(Priority.RESIGN, anyPriority()),
                                    anyInterval(),
                                    List.of()),
                            InetAddress.ofLiteral(any("198.51.100.2", "198.51.100.200")),
                            new Standpoint(SELF, random.nextBoolean()));
            default -> new Event.DeadlineReached();
        };
    }

    private Priority anyPriority() {
        return new Priority(any(1, 99, 100, 101, 255));
    }

    private Duration anyInterval() {
        return Duration.ofMillis(any(1000, 1000, 5000));
    }

    @SafeVarargs
    private <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
