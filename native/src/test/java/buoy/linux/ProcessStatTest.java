package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStatTest {
    private static final String BEHIND =
            " 1 4711 4711 0 -1 4194304 3 0 0 0 1 2 0 0 20 0 1 0 815 2965504 0\n";

    @Test
    void aNameMayHoldWhatSeparatesOthers() {
        assertThat(ProcessStat.parse("4711 (a (b) Z 7) S" + BEHIND))
                .contains(new ProcessStat("a (b) Z 7", false, 815));
    }

    @Test
    void whatNobodyHasAskedHowItEndedHasEnded() {
        assertThat(ProcessStat.parse("4711 (buoy) Z" + BEHIND))
                .contains(new ProcessStat("buoy", true, 815));
    }

    @Test
    void whatIsNoSuchLineTellsOfNoProcess() {
        for (String line : new String[] {"", "4711", "4711 (buoy)", "4711 (buoy) S 1", ")("}) {
            assertThat(ProcessStat.parse(line)).as(line).isEmpty();
        }
    }

    @Test
    void thisProcessIsThere() {
        assertThat(ProcessStat.ofThisProcess())
                .isPresent()
                .isEqualTo(ProcessStat.of(ProcessHandle.current().pid()));
    }
}
