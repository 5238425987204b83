package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A server's own words in what was found. */
class OutcomeTest {
    @Test
    void whatAServerSaysDoesNothingToATerminal() {
        assertThat(new Outcome.Failed("no\u001b[2J\u009b31mway\n").why())
                .isEqualTo("no?[2J?31mway?");
        assertThat(new Outcome.Clear(Outcome.Fit.NO, "a\rb", Optional.empty()).why())
                .isEqualTo("a?b");
        assertThat(new Outcome.Passed("exit 0: fine\u202e\u2028\ttoo\ud83d").why())
                .isEqualTo("exit 0: fine?? too?");
        assertThat(new Outcome.Granted(50, "agent: für \u0007 50%").why())
                .isEqualTo("agent: für ? 50%");
    }

    @Test
    void whatAServerSaysIsCut() {
        assertThat(new Outcome.Failed("x".repeat(10_000)).why()).hasSize(303).endsWith("x...");
        assertThat(new Outcome.Passed("\ud83d\ude00".repeat(301)).why())
                .as("no character is cut in two")
                .isEqualTo("\ud83d\ude00".repeat(300) + "...");
    }

    @Property
    void whateverAServerSaysCanStandInALog(@ForAll String words) {
        for (Outcome each :
                List.of(
                        new Outcome.Passed(words),
                        new Outcome.Failed(words),
                        new Outcome.Clear(Outcome.Fit.NO, words, Optional.empty()),
                        new Outcome.Granted(50, words))) {
            assertThat(each.why())
                    .hasSizeLessThanOrEqualTo(603)
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
        }
    }
}
