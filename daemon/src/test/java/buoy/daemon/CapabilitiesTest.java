package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static List<String> missing(String effective) {
        return Capabilities.missing(List.of("Name:\tbuoy", "CapEff:\t" + effective));
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(missing("000001ffffffffff")).isEmpty();
        assertThat(missing("0000000000003000")).isEmpty();
        assertThat(missing("0000000000002000")).containsExactly("CAP_NET_ADMIN");
        assertThat(missing("0000000000001000")).containsExactly("CAP_NET_RAW");
        assertThat(missing("0000000000000000")).containsExactly("CAP_NET_RAW", "CAP_NET_ADMIN");
    }
}
