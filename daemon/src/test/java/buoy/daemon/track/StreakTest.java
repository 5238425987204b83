package buoy.daemon.track;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreakTest {
    @Test
    void theFirstResultCountsAtOnceEitherWay() {
        assertThat(Streak.of(3, 2).isGood()).isFalse();
        assertThat(Streak.of(3, 2).after(true).isGood()).isTrue();
        assertThat(Streak.of(3, 2).after(false).good()).contains(false);
    }

    @Test
    void laterOnesCountInARow() {
        assertThat(judged("+--+--")).isTrue();
        assertThat(judged("+---")).isFalse();
        assertThat(judged("+---+")).isFalse();
        assertThat(judged("+---+-+")).isFalse();
        assertThat(judged("+---++")).isTrue();
    }

    @Test
    void whatIsKnownAlreadyIsNotJudgedAnew() {
        assertThat(Streak.of(3, 2).startingFrom(true).after(false).isGood()).isTrue();
        assertThat(Streak.of(3, 2).startingFrom(false).after(true).isGood()).isFalse();
    }

    private static boolean judged(String results) {
        Streak streak = Streak.of(3, 2);
        for (int i = 0; i < results.length(); i++) {
            streak = streak.after(results.charAt(i) == '+');
        }
        return streak.isGood();
    }
}
