package buoy.vrrp.core;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Interprets a golden conversation: a router line, then one event a line with the state and the
 * effects it leads to. The words are those of the files in {@code conversations/}; their README
 * lists them.
 */
final class Conversation {
    private InetAddress self = address("198.51.100.1");
    private Election election = new Election(rules(new ArrayDeque<>()));
    private State state = new State.Initialize();
    private Ticks now = new Ticks(Long.MAX_VALUE - 5_000_000_000L); // wraps during most stories
    private final Consumer<Transition> watch;

    private Conversation(Consumer<Transition> watch) {
        this.watch = watch;
    }

    /** The file as it would be if every expectation were what happens. */
    static List<String> replay(List<String> lines) {
        return replay(lines, _ -> {});
    }

    /** The same, and {@code watch} is told of each step. */
    static List<String> replay(List<String> lines, Consumer<Transition> watch) {
        Conversation conversation = new Conversation(watch);
        List<String> replayed = new ArrayList<>();
        for (String line : lines) {
            String event = line.contains(" -> ") ? line.substring(0, line.indexOf(" -> ")) : line;
            String stripped = event.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                replayed.add(line.stripTrailing());
            } else if (stripped.startsWith("router")) {
                conversation.introduce(words(stripped));
                replayed.add(stripped);
            } else {
                replayed.add("%-45s -> %s".formatted(stripped, conversation.happens(stripped)));
            }
        }
        return replayed;
    }

    private static Deque<String> words(String line) {
        return new ArrayDeque<>(Arrays.asList(line.split("\\s+")));
    }

    private void introduce(Deque<String> words) {
        words.pop();
        election = new Election(rules(words));
        state = new State.Initialize();
    }

    private Rules rules(Deque<String> words) {
        Version version = Version.V3;
        Priority priority = new Priority(100);
        Duration interval = Duration.ofSeconds(1);
        boolean preempt = true;
        Duration preemptDelay = Duration.ZERO;
        self = address("198.51.100.1");
        while (!words.isEmpty()) {
            switch (words.pop()) {
                case "version" -> version = words.pop().equals("2") ? Version.V2 : Version.V3;
                case "priority" -> priority = new Priority(Integer.parseInt(words.pop()));
                case "interval" -> interval = duration(words.pop());
                case "no-preempt" -> preempt = false;
                case "preempt-delay" -> preemptDelay = duration(words.pop());
                case "self" -> self = address(words.pop());
                case String other -> throw new IllegalArgumentException("router ... " + other);
            }
        }
        return new Rules(version, priority, interval, preempt, preemptDelay);
    }

    private String happens(String event) {
        Deque<String> words = words(event);
        List<Effect> effects = new ArrayList<>();
        String cause =
                switch (words.pop()) {
                    case "start" -> step(new Event.Started(), effects);
                    case "silence" -> silence(duration(words.pop()), effects);
                    case "frozen" -> {
                        now = now.plus(duration(words.pop()));
                        yield "";
                    }
                    case "thawed" -> step(new Event.DeadlineReached(), effects);
                    case "advert" -> advert(words, effects);
                    case "tracking" -> {
                        words.pop(); // priority
                        Priority before = election.rules().priority();
                        election =
                                new Election(
                                        election.rules()
                                                .withPriority(
                                                        new Priority(
                                                                Integer.parseInt(words.pop()))));
                        yield step(new Event.PriorityTracked(before), effects);
                    }
                    case "reload" -> {
                        Rules before = election.rules();
                        election = new Election(rules(words));
                        yield step(new Event.RulesChanged(before), effects);
                    }
                    case "link" -> {
                        words.pop(); // lost
                        yield step(new Event.LinkLost("link eth0 is down"), effects);
                    }
                    case "wait" -> step(new Event.ToldToWait("waiting"), effects);
                    case "unfit" -> step(new Event.Unfit(String.join(" ", words)), effects);
                    case "fit" -> step(new Event.Started(), effects);
                    case "stop" -> step(new Event.StopRequested(), effects);
                    case String other -> throw new IllegalArgumentException(other);
                };
        return outcome(effects, cause);
    }

    private String silence(Duration lasting, List<Effect> effects) {
        Ticks end = now.plus(lasting);
        String cause = "";
        for (Optional<Ticks> next = state.deadline();
                next.isPresent() && end.isAtOrAfter(next.get());
                next = state.deadline()) {
            now = next.get().latest(now);
            String because = step(new Event.DeadlineReached(), effects);
            cause = because.isEmpty() ? cause : because;
        }
        now = end;
        return cause;
    }

    private String advert(Deque<String> words, List<Effect> effects) {
        boolean settlesTies = !words.peek().equals("aside");
        if (!settlesTies) {
            words.pop();
        }
        words.pop(); // from
        InetAddress from = address(words.pop());
        words.pop(); // priority
        Priority priority = new Priority(Integer.parseInt(words.pop()));
        Duration every = election.rules().interval();
        if (!words.isEmpty()) {
            words.pop(); // every
            every = duration(words.pop());
        }
        Advert advert = new Advert(7, priority, every, List.of());
        Standpoint at = new Standpoint(self, settlesTies);
        return step(new Event.Received(advert, from, at), effects);
    }

    private String step(Event event, List<Effect> effects) {
        Step step = election.on(state, event, now);
        watch.accept(Transition.of(state, event, step));
        state = step.state();
        effects.addAll(step.effects());
        return step.cause();
    }

    private String outcome(List<Effect> effects, String cause) {
        StringBuilder text = new StringBuilder(describe());
        for (int i = 0; i < effects.size(); ) {
            int same = 1;
            while (i + same < effects.size() && effects.get(i + same).equals(effects.get(i))) {
                same++;
            }
            text.append("; ").append(describe(effects.get(i)));
            text.append(same > 1 ? " x" + same : "");
            i += same;
        }
        return cause.isEmpty() ? text.toString() : text + " | " + cause;
    }

    private String describe() {
        return switch (state) {
            case State.Initialize _ -> "Initialize";
            case State.Fault _ -> "Fault";
            case State.Backup backup -> "Backup, takes over in " + until(backup.due());
            case State.Active active -> "Active, advertises in " + until(active.nextAdvertAt());
            case State.Offering offering -> "Offering, resumes in " + until(offering.resumeAt());
            case State.Leaving leaving -> "Leaving, in fault in " + until(leaving.faultAt());
        };
    }

    private static String describe(Effect effect) {
        return switch (effect) {
            case Effect.Send(var priority) -> "send " + priority;
            case Effect.ClaimAddresses _ -> "claim";
            case Effect.ReleaseAddresses _ -> "release";
            case Effect.AnnounceToNeighbours _ -> "announce";
        };
    }

    private String until(Ticks deadline) {
        return BigDecimal.valueOf(deadline.since(now).toNanos(), 9)
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
    }

    private static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.ofNanos(
                        new BigDecimal(text.substring(0, text.length() - 1))
                                .movePointRight(9)
                                .longValueExact());
    }

    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
