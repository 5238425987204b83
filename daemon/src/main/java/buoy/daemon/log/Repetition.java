package buoy.daemon.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what repeats itself from filling the disk: of each {@link Subject} {@value #BURST} lines
 * are written as they come, and from then on one each {@link #PACE}, until it has been calm for a
 * while.
 *
 * <p>What is not written is held, the latest of those that are alike, and written when its turn has
 * come, with how many before it were left out. So the last word about everything is written always,
 * and a log never ends with what is not so any more. Of lines about one subject that are not alike
 * (a server is down; a server is ejected) the latest of each is held, and they are written in the
 * order in which they came.
 *
 * <p>Decides and does nothing: time comes in, in nanoseconds of a monotonic clock. Not thread-safe.
 *
 * @param <T> a line
 */
final class Repetition<T> {
    static final int BURST = 20;
    static final Duration PACE = Duration.ofSeconds(10);

    /**
     * As many subjects as the log's queue has lines; what comes on top shares one of its source.
     */
    static final int SUBJECTS = 32_768;

    /** Lines of one subject held because they are not alike; a kind of event has half as many. */
    static final int HELD = 8;

    private static final long STEP = PACE.toNanos();
    private static final long LOOK = Duration.ofSeconds(1).toNanos();

    /**
     * To be written.
     *
     * @param leftOut how many lines like it, before it, are not
     * @param over since the first of those was to be written
     */
    record Said<T>(T line, long leftOut, Duration over) {}

    /**
     * @param turn in which it came, among all that are held
     */
    private record Held<T>(T line, long leftOut, long since, long at, long turn) {}

    private static final class Pace<T> {
        /** When it has been calm for long enough that there is a whole burst again. */
        private long calmAt;

        private final Map<String, Held<T>> held = new LinkedHashMap<>();

        Pace(long now) {
            this.calmAt = now;
        }

        boolean mayWrite(long now) {
            return calmAt - now <= (BURST - 1) * STEP;
        }

        boolean isCalm(long now) {
            return calmAt - now <= 0;
        }

        void write(long now) {
            calmAt = (isCalm(now) ? now : calmAt) + STEP;
        }
    }

    private final Map<Subject, Pace<T>> paces = new LinkedHashMap<>();
    private long lookedAt;
    private long turns;

    Repetition(long now) {
        this.lookedAt = now;
    }

    /**
     * A line about the subject.
     *
     * @param facts equal for lines that are alike
     * @return the line, if it is to be written now, after what was held
     */
    List<Said<T>> heard(Subject subject, String facts, T line, long now) {
        turns++;
        Pace<T> pace = pace(subject, now);
        Held<T> before = pace.held.remove(facts);
        Held<T> held =
                before == null
                        ? new Held<>(line, 0, now, now, turns)
                        : new Held<>(line, before.leftOut() + 1, before.since(), now, turns);
        if (pace.held.size() == HELD) {
            // More than any kind of event has: the oldest gives way, and is counted.
            Held<T> oldest = pace.held.remove(pace.held.keySet().iterator().next());
            held =
                    new Held<>(
                            line,
                            held.leftOut() + oldest.leftOut() + 1,
                            oldest.since(),
                            now,
                            turns);
        }
        pace.held.put(facts, held);
        return pace.mayWrite(now) ? inOrder(release(pace, now)) : List.of();
    }

    /** What was held and whose turn has come. Looks once a second, whoever asks more often. */
    List<Said<T>> due(long now) {
        if (now - lookedAt < LOOK) {
            return List.of();
        }
        lookedAt = now;
        List<Held<T>> due = new ArrayList<>();
        for (Iterator<Pace<T>> each = paces.values().iterator(); each.hasNext(); ) {
            Pace<T> pace = each.next();
            if (!pace.held.isEmpty() && pace.mayWrite(now)) {
                due.addAll(release(pace, now));
            }
            if (pace.isCalm(now)) {
                each.remove();
            }
        }
        return inOrder(due);
    }

    /** Everything held, whether its turn has come or not: there is no later. */
    List<Said<T>> rest(long now) {
        List<Held<T>> rest = new ArrayList<>();
        for (Pace<T> pace : paces.values()) {
            if (!pace.held.isEmpty()) {
                rest.addAll(release(pace, now));
            }
        }
        return inOrder(rest);
    }

    /** Subjects remembered. */
    int size() {
        return paces.size();
    }

    private Pace<T> pace(Subject subject, long now) {
        Pace<T> known = paces.get(subject);
        if (known != null) {
            return known;
        }
        Subject kept = paces.size() < SUBJECTS ? subject : subject.all();
        return paces.computeIfAbsent(kept, _ -> new Pace<>(now));
    }

    private List<Held<T>> release(Pace<T> pace, long now) {
        List<Held<T>> all = List.copyOf(pace.held.values());
        pace.held.clear();
        pace.write(now);
        return all;
    }

    private List<Said<T>> inOrder(List<Held<T>> held) {
        return held.stream()
                .sorted(Comparator.comparingLong(Held::turn))
                .map(
                        each ->
                                new Said<>(
                                        each.line(),
                                        each.leftOut(),
                                        Duration.ofNanos(each.at() - each.since())))
                .toList();
    }
}
