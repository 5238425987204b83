package buoy.lb.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OwedTest {
    @Test
    void anotherServerOwesWhatItWasSent() {
        Owed owed = new Owed(OptionalInt.of(2));
        owed.asked();
        owed.asked();
        owed.onlyTheLast();
        assertThat(owed.isSettledByAnswer()).isFalse();
        assertThat(owed.isSettledByAnswer()).isTrue();
        assertThat(owed.isOpen()).isFalse();
    }

    @Test
    void whereNobodyKnowsNothingIsOwed() {
        Owed owed = new Owed(OptionalInt.empty());
        owed.asked();
        owed.onlyTheLast();
        assertThat(owed.isOpen()).isFalse();
        assertThat(owed.expectsAny()).isTrue();
    }
}
