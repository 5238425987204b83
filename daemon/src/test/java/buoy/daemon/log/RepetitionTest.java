package buoy.daemon.log;

import static buoy.daemon.log.Repetition.BURST;
import static buoy.daemon.log.Repetition.PACE;
import static buoy.daemon.log.Repetition.SUBJECTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

class RepetitionTest {
    private static final String FACTS = "from to";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /**
     * @param about one of few subjects
     * @param facts one of a few kinds of line about it
     * @param number of all lines, to tell each
     */
    private record Line(int about, int facts, int number) {}

    private record Heard(int about, int facts, long pauseMillis) {}

    /** What was written, when and how late. */
    private record Written(Line line, long leftOut, Duration over, long at) {}

    @Provide
    Arbitrary<List<Heard>> somePast() {
        // Mostly floods, now and then a rest.
        Arbitrary<Long> pause =
                Arbitraries.frequencyOf(
                        Tuple.of(20, Arbitraries.longs().between(0, 50)),
                        Tuple.of(3, Arbitraries.longs().between(0, 12_000)),
                        Tuple.of(1, Arbitraries.longs().between(0, 400_000)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 11),
                        pause)
                .as(Heard::new)
                .list()
                .ofMaxSize(400);
    }

    private static Subject subject(int about) {
        return new Subject("buoy.server", "server", "app/app" + about);
    }

    private static void write(List<Written> written, List<Repetition.Said<Line>> said, long at) {
        said.forEach(
                each -> written.add(new Written(each.line(), each.leftOut(), each.over(), at)));
    }

    @Property
    void everyLineIsWrittenOrCountedAndTheLastWordIsWrittenAtItsPace(
            @ForAll("somePast") List<Heard> past,
            @ForAll @LongRange(min = Long.MIN_VALUE, max = Long.MAX_VALUE) long start) {
        Repetition<Line> repetition = new Repetition<>(start);
        List<Line> all = new ArrayList<>();
        List<Written> written = new ArrayList<>();
        long now = start;
        for (Heard each : past) {
            for (long until = now + each.pauseMillis() * 1_000_000; now != until; ) {
                now += Math.min(until - now, SECOND);
                write(written, repetition.due(now), now);
            }
            Line line = new Line(each.about(), each.facts(), all.size());
            all.add(line);
            write(
                    written,
                    repetition.heard(subject(line.about()), "facts " + line.facts(), line, now),
                    now);
        }
        long last = now;
        for (long until = now + 2 * PACE.toNanos(); now != until; now += SECOND) {
            write(written, repetition.due(now), now);
        }

        assertThat(repetition.rest(now)).isEmpty();
        for (int about = 0; about <= 2; about++) {
            int of = about;
            List<Line> heard = all.stream().filter(line -> line.about() == of).toList();
            List<Written> told =
                    written.stream().filter(each -> each.line().about() == of).toList();
            assertThat(told.stream().mapToLong(each -> 1 + each.leftOut()).sum())
                    .isEqualTo(heard.size());
            assertThat(told).extracting(each -> each.line().number()).isSorted();
            if (!heard.isEmpty()) {
                assertThat(told.getLast().line()).isEqualTo(heard.getLast());
                assertThat(told.getLast().at() - last).isLessThanOrEqualTo(PACE.toNanos() + SECOND);
            }
            assertThat(told.subList(0, Math.min(BURST, heard.size())))
                    .extracting(Written::line)
                    .isEqualTo(heard.subList(0, Math.min(BURST, heard.size())));
            atItsPace(told);
        }
    }

    /** However the window is chosen. */
    private static void atItsPace(List<Written> told) {
        for (int from = 0; from < told.size(); from++) {
            for (int to = from; to < told.size(); to++) {
                long window = told.get(to).at() - told.get(from).at();
                assertThat(to - from + 1L)
                        .isLessThanOrEqualTo(
                                (BURST + window / PACE.toNanos() + 1) * Repetition.HELD);
            }
        }
    }

    @Example
    void aServerThatFlapsTwiceASecondFor10MinutesHas20LinesAndThen6AMinute() {
        Repetition<String> repetition = new Repetition<>(0);
        List<Repetition.Said<String>> said = new ArrayList<>();
        for (int flap = 0; flap < 1200; flap++) {
            long now = flap * SECOND / 2;
            said.addAll(repetition.due(now));
            said.addAll(repetition.heard(subject(1), FACTS, "flap " + flap, now));
        }
        assertThat(said.subList(0, BURST)).allMatch(each -> each.leftOut() == 0);
        assertThat(said).hasSizeBetween(BURST + 57, BURST + 60);
        said.addAll(repetition.rest(600 * SECOND));
        assertThat(said.getLast().line()).isEqualTo("flap 1199");
        assertThat(said.stream().mapToLong(each -> 1 + each.leftOut()).sum()).isEqualTo(1200);
    }

    @Example
    void whatIsNotAlikeIsToldOfBothAndInOrder() {
        Repetition<String> repetition = new Repetition<>(0);
        for (int i = 0; i < BURST; i++) {
            assertThat(repetition.heard(subject(1), FACTS, "down", 0)).hasSize(1);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(repetition.heard(subject(1), FACTS, "up", SECOND)).isEmpty();
            assertThat(repetition.heard(subject(1), "why", "ejected", SECOND)).isEmpty();
            assertThat(repetition.heard(subject(1), FACTS, "down", 3 * SECOND)).isEmpty();
        }
        assertThat(repetition.due(PACE.toNanos()))
                .containsExactly(
                        new Repetition.Said<>("ejected", 4, Duration.ZERO),
                        new Repetition.Said<>("down", 9, Duration.ofSeconds(2)));
    }

    @Example
    void calmOnesAreForgottenAndTheRestShareOneOfTheirSource() {
        Repetition<Integer> repetition = new Repetition<>(0);
        int written = 0;
        for (int i = 0; i < 3 * SUBJECTS; i++) {
            written += repetition.heard(subject(i), FACTS, i, 0).size();
        }
        assertThat(repetition.size()).isEqualTo(SUBJECTS + 1);
        assertThat(written).isEqualTo(SUBJECTS + BURST);
        assertThat(repetition.due(SECOND)).isEmpty();
        List<Repetition.Said<Integer>> last = repetition.due(PACE.toNanos());
        assertThat(last)
                .singleElement()
                .isEqualTo(
                        new Repetition.Said<>(
                                3 * SUBJECTS - 1, 2 * SUBJECTS - BURST - 1, Duration.ZERO));
        assertThat(repetition.due(PACE.multipliedBy(BURST + 2).toNanos())).isEmpty();
        assertThat(repetition.size()).isZero();
    }
}
