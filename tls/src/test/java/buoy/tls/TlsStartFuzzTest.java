package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** First bytes from anybody tell a name, none, or ask for a bounded number more. */
class TlsStartFuzzTest {
    @FuzzTest
    void firstBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Optional<TlsStart> start = TlsStart.read(buffer);

        assertThat(buffer.position()).isZero();
        if (bytes.length >= TlsStart.MOST) {
            assertThat(start).isPresent();
        }
        if (start.isPresent()) {
            // What was told stands, whatever comes behind.
            assertThat(TlsStart.read(ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 7))))
                    .isEqualTo(start);
        }
    }
}
