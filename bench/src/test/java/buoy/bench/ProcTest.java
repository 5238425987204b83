package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcTest {
    @Test
    void aNameWithParenthesesAndBlanksDoesNotShiftTheFields() {
        String stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 1 0";

        assertThat(Proc.cpuTime(stat)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void thisProcessHasFigures() {
        long pid = ProcessHandle.current().pid();

        assertThat(Proc.cpuTime(pid)).isPositive();
        assertThat(Proc.residentKib(pid)).isPositive();
    }

    @Test
    void coresAreReadAsTheKernelListsThem() {
        assertThat(Cores.of("0-2,5\n").allowed()).containsExactly(0, 1, 2, 5);
        assertThat(Cores.of("0-2,5").rest()).isEqualTo("1,2,5");
        assertThat(Cores.of("3").areSeparate()).isFalse();
        assertThat(Cores.of("3").onOtherCores(List.of("x")))
                .containsExactly("taskset", "-c", "3", "x");
    }

    @Test
    void idleIsTheShareOfWhatPassed() {
        long[] before = Machine.times("cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 1 2 3\n");
        long[] after = Machine.times("cpu  15 0 15 180 10 0 0 0 0 0\n");

        assertThat(Machine.idlePercent(before, after)).isEqualTo(90);
        assertThat(Machine.idlePercent(after, after)).isEqualTo(100);
    }
}
