package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.health.Outcome.Clear;
import buoy.lb.health.Outcome.Failed;
import buoy.lb.health.Outcome.Fit;
import buoy.lb.health.Outcome.Passed;
import buoy.lb.health.Verdict.Down;
import buoy.lb.health.Verdict.Unknown;
import buoy.lb.health.Verdict.Up;
import buoy.lb.pool.ServerHealth.State;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Outcome PASSED = new Passed("HTTP 200");
    private static final Outcome FAILED = new Failed("no answer in 1000ms");
    private static final Outcome LEADS = new Clear(Fit.YES, "Patroni: primary", Optional.empty());
    private static final Outcome FOLLOWS =
            new Clear(Fit.OTHER_ROLE, "Patroni: not primary", Optional.empty());

    private static Verdict after(Verdict start, Outcome... outcomes) {
        Verdict verdict = start;
        for (Outcome outcome : outcomes) {
            verdict = verdict.after(outcome, 2, 3);
        }
        return verdict;
    }

    @Test
    void theFirstEverSuccessCountsAtOnce() {
        assertThat(after(new Unknown(), PASSED)).isEqualTo(new Up(0));
        assertThat(after(new Unknown(), FAILED, FAILED, PASSED)).isEqualTo(new Up(0));
    }

    @Test
    void aServerThatWasUpNeedsRiseSuccessesInARow() {
        Verdict down = after(new Unknown(), PASSED, FAILED, FAILED, FAILED);
        assertThat(down).isEqualTo(new Down(0, true));
        assertThat(after(down, PASSED)).isEqualTo(new Down(1, true));
        assertThat(after(down, PASSED, FAILED, PASSED)).isEqualTo(new Down(1, true));
        assertThat(after(down, PASSED, PASSED)).isEqualTo(new Up(0));
    }

    @Test
    void itTakesFallFailuresInARow() {
        Verdict up = new Up(0);
        assertThat(after(up, FAILED, FAILED)).isEqualTo(new Up(2));
        assertThat(after(up, FAILED, FAILED, PASSED, FAILED)).isEqualTo(new Up(1));
        assertThat(after(up, FAILED, FAILED, FAILED)).isEqualTo(new Down(0, true));
    }

    @Test
    void aClearAnswerCountsAtOnceBothWays() {
        assertThat(after(new Up(0), FOLLOWS)).isEqualTo(new Down(0, true));
        assertThat(after(new Down(0, true), LEADS)).isEqualTo(new Up(0));
        assertThat(after(new Up(2), LEADS)).isEqualTo(new Up(0));
    }

    @Test
    void aServerIsUndecidedWhileOutcomesAreCounted() {
        assertThat(new Unknown().isUndecided()).isTrue();
        assertThat(new Up(0).isUndecided()).isFalse();
        assertThat(new Up(1).isUndecided()).isTrue();
        assertThat(new Down(0, true).isUndecided()).isFalse();
        assertThat(new Down(1, true).isUndecided()).isTrue();
    }

    @Property
    void countedOutcomesChangeTheStateOnlyAfterEnoughInARow(
            @ForAll("counted") List<Outcome> outcomes,
            @ForAll @IntRange(min = 1, max = 5) int rise,
            @ForAll @IntRange(min = 1, max = 5) int fall) {
        Verdict verdict = new Up(0);
        int passed = 0;
        int failed = 0;
        for (Outcome outcome : outcomes) {
            State before = verdict.state();
            verdict = verdict.after(outcome, rise, fall);
            boolean good = outcome instanceof Passed;
            passed = good ? passed + 1 : 0;
            failed = good ? 0 : failed + 1;
            State expected = failed >= fall ? State.DOWN : passed >= rise ? State.UP : before;
            assertThat(verdict.state()).isEqualTo(expected);
        }
    }

    @Provide
    Arbitrary<List<Outcome>> counted() {
        return Arbitraries.of(PASSED, FAILED).list().ofMaxSize(40);
    }
}
