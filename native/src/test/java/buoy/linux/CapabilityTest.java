package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilityTest {
    @Test
    void aCapabilityIsABitOfTheEffectiveSet() {
        assertThat(Capability.SETPCAP.isEffective(status("0000000000000100"))).isTrue();
        assertThat(Capability.SETPCAP.isEffective(status("000001fffefffeff"))).isFalse();
        assertThat(Capability.IPC_LOCK.isEffective(status("ffffffffffffffff"))).isTrue();
        assertThat(Capability.IPC_LOCK.isEffective(List.of())).isFalse();
    }

    private static List<String> status(String effective) {
        return List.of("CapPrm:\tffffffffffffffff", "CapEff:\t" + effective);
    }
}
