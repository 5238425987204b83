package buoy.lab;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the demo says, with the time since its beginning before each line. */
final class Story {
    private final long beginning = System.nanoTime();

    void chapter(String title) {
        System.out.println();
        say("== %s".formatted(title));
    }

    void say(String line) {
        double seconds = (System.nanoTime() - beginning) / 1e9;
        System.out.println(
                line.isEmpty() ? "" : String.format(Locale.ROOT, "%6.1f s  %s", seconds, line));
    }

    /** How one kind of client fared between two moments. */
    void fared(String who, Attempts attempts, Instant from, Instant to) {
        Attempts span = attempts.between(from, to);
        Attempts failures = span.failures();
        String reasons =
                failures.reasons().entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .collect(Collectors.joining(", "));
        say(
                "   %-28s longest time without success %s; %d of %d failed%s"
                        .formatted(
                                who,
                                milliseconds(attempts.longestGap(from, to)),
                                failures.size(),
                                span.size(),
                                reasons.isEmpty() ? "" : " (" + reasons + ")"));
    }

    static String milliseconds(Duration time) {
        return String.format(Locale.ROOT, "%,d ms", time.toMillis());
    }
}
