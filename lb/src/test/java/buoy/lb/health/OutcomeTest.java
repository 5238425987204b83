package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server's own words in what was found. */
class OutcomeTest {
    @Test
    void whatAServerSaysDoesNothingToATerminal() {
        assertThat(new Outcome.Failed("no\u001b[2J\u009b31mway\n").why())
                .isEqualTo("no?[2J?31mway?");
        assertThat(new Outcome.Clear(Outcome.Fit.NO, "a\rb", Optional.empty()).why())
                .isEqualTo("a?b");
    }

    @Test
    void whatAServerSaysIsCut() {
        assertThat(new Outcome.Failed("x".repeat(10_000)).why()).hasSize(303).endsWith("x...");
    }
}
