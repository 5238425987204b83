package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.linux.ProgramPages.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramPagesTest {
    private static final List<String> SMAPS =
            """
            00400000-01000000 r--p 00000000 fe:00 77                         /usr/bin/buoy
            Private_Dirty:         0 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            SwapPss:               0 kB
            VmFlags: rd mr mw me
            01000000-02800000 r-xp 00c00000 fe:00 77                         /usr/bin/buoy
            Anonymous:             0 kB
            Swap:                  0 kB
            02800000-02801000 r--p 02400000 fe:00 77                         /usr/bin/buoy
            Private_Dirty:         0 kB
            Anonymous:             4 kB
            Swap:                  0 kB
            02801000-02802000 r--p 02400000 fe:00 77                         /usr/bin/buoy
            Private_Dirty:         0 kB
            Anonymous:             0 kB
            Swap:                  4 kB
            02802000-02900000 rw-p 02401000 fe:00 77                         /usr/bin/buoy
            Anonymous:             0 kB
            Swap:                  0 kB
            02900000-02a00000 r--p 02401000 fe:00 77                         /usr/bin/buoy
            Anonymous:             0 kB
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 78                 /usr/lib/libc.so.6
            Anonymous:             0 kB
            Swap:                  0 kB
            7f0000001000-7f0000002000 r-xp 00000000 00:00 0
            Anonymous:             0 kB
            Swap:                  0 kB
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]
            Anonymous:             0 kB
            Swap:                  0 kB
            """
                    .lines()
                    .toList();

    @Test
    void whatWasWrittenToIsKept() {
        assertThat(ProgramPages.unchanged(SMAPS, "/usr/bin/buoy"))
                .containsExactly(new Range(0x400000, 0xc00000), new Range(0x1000000, 0x1800000));
        assertThat(ProgramPages.unchanged(SMAPS, "/usr/bin/other")).isEmpty();
    }

    @Test
    void aProgramThatWasReplacedIsStillItself() {
        List<String> replaced =
                SMAPS.stream().map(line -> line.replace("/buoy", "/buoy (deleted)")).toList();
        assertThat(ProgramPages.unchanged(replaced, "/usr/bin/buoy (deleted)")).hasSize(2);
    }

    /** The code that runs here is among it. */
    @Test
    void theProgramGoesOn() throws Exception {
        ProgramPages.giveBack(Kernel.load());
        assertThat(Kernel.load().processId()).isPositive();
    }
}
