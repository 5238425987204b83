package buoy.daemon.peer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.peer.wire.Frames.Decoded;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** What is understood means the same when it is said again. */
class FramesFuzzTest {
    @FuzzTest
    void frame(byte[] bytes) {
        if (Frames.decode(bytes) instanceof Decoded.Good(var message)) {
            byte[] again = Frames.encode(message);
            assertThat(Frames.decode(again)).isEqualTo(new Decoded.Good(message));
            assertThat(again.length).isLessThanOrEqualTo(bytes.length);
        }
    }
}
