package buoy.lab.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a client tried, in the order in which it ended. */
public record Attempts(List<Attempt> all) {
    public Attempts {
        all = all.stream().sorted(Comparator.comparing(Attempt::end)).toList();
    }

    /** Reads the lines a client wrote; others are passed over. */
    public static Attempts parse(String output) {
        return new Attempts(output.lines().map(Attempt::parse).flatMap(Optional::stream).toList());
    }

    public Attempts of(String role) {
        return new Attempts(all.stream().filter(a -> a.role().equals(role)).toList());
    }

    /** Those under way at some time between the two. */
    public Attempts between(Instant from, Instant to) {
        return new Attempts(
                all.stream()
                        .filter(a -> !a.end().isBefore(from) && !a.start().isAfter(to))
                        .toList());
    }

    public Attempts failures() {
        return new Attempts(all.stream().filter(a -> !a.succeeded()).toList());
    }

    public Attempts successes() {
        return new Attempts(all.stream().filter(Attempt::succeeded).toList());
    }

    /** How often each thing went wrong. */
    public Map<String, Integer> reasons() {
        Map<String, Integer> reasons = new TreeMap<>();
        failures().all.forEach(a -> reasons.merge(a.outcome(), 1, Integer::sum));
        return reasons;
    }

    /**
     * The longest time without a success that touches the span: between two successes that follow
     * each other, or between the last one and the span's end.
     */
    public Duration longestGap(Instant from, Instant to) {
        List<Instant> marks = new ArrayList<>();
        marks.add(
                successes().all.stream()
                        .map(Attempt::end)
                        .filter(end -> !end.isAfter(from))
                        .max(Comparator.naturalOrder())
                        .orElse(from));
        successes().all.stream()
                .map(Attempt::end)
                .filter(end -> end.isAfter(from) && end.isBefore(to))
                .forEach(marks::add);
        marks.add(to);
        Duration longest = Duration.ZERO;
        for (int i = 1; i < marks.size(); i++) {
            Duration gap = Duration.between(marks.get(i - 1), marks.get(i));
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        return longest;
    }

    /** The first success that began after {@code since}. */
    public Optional<Attempt> firstSuccessBegunAfter(Instant since) {
        return successes().all.stream().filter(a -> a.start().isAfter(since)).findFirst();
    }

    public int size() {
        return all.size();
    }
}
