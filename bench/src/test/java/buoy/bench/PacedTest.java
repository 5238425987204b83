package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacedTest {
    @Test
    void quantilesAreOfWhatEachAnswerTook() {
        List<String> log =
                IntStream.rangeClosed(1, 1000)
                        .mapToObj(micros -> "1700000000000\t200\t" + (1001 - micros))
                        .toList();

        assertThat(Paced.read(800, log)).isEqualTo(new Latency(800, 501, 991, 1000));
    }

    @Test
    void whatWasNotAnsweredWellIsNotCounted() {
        assertThat(
                        Paced.read(800, List.of("1700000000000\t503\t5", "1700000000000\t200\t70"))
                                .p50())
                .isEqualTo(70);
        assertThat(Paced.read(800, List.of()).p50()).isNaN();
    }
}
