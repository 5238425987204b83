package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FileLimitTest {
    @Test
    void halfOfTheSoftLimitLessWhatElseIsOpen() {
        assertThat(
                        FileLimit.connections(
                                List.of(
                                        "Limit                     Soft Limit  Hard Limit  Units",
                                        "Max open files            20200       1048576     files"),
                                2))
                .isEqualTo(10_000 - 2 * 32);
    }

    @Test
    void aTinyLimitStillServesAFew() {
        assertThat(FileLimit.connections(List.of("Max open files  64  64  files"), 2))
                .isEqualTo(16);
    }

    @Test
    void noLimitIsNone() {
        assertThat(FileLimit.connections(List.of("Max open files  unlimited  unlimited  files"), 2))
                .isEqualTo(Integer.MAX_VALUE);
    }
}
