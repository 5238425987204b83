package buoy.daemon.watch.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a capture holds, it is a packet to watch or none. */
class LinkTypeFuzzTest {
    @FuzzTest
    void frame(byte[] frame) {
        for (LinkType type : LinkType.values()) {
            type.read(frame).ifPresent(seen -> assertThat(seen.packet()).isNotNull());
        }
    }
}
