package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortRangeTest {
    @Test
    void aQuarterIsLeftToOthers() {
        assertThat(PortRange.sessions("32768\t60999\n")).isEqualTo(21_174);
        assertThat(PortRange.sessions("5000 5000\n")).isEqualTo(1);
    }
}
