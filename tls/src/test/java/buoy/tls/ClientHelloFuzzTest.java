package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A hello from anybody names a server in one way of writing, or none. */
class ClientHelloFuzzTest {
    @FuzzTest
    void body(byte[] bytes) {
        ByteBuffer body = ByteBuffer.wrap(bytes);
        ClientHello.parse(body)
                .flatMap(ClientHello::serverName)
                .ifPresent(
                        name ->
                                assertThat(name)
                                        .isNotEmpty()
                                        .hasSizeLessThanOrEqualTo(255)
                                        .isEqualTo(name.toLowerCase(Locale.ROOT)));
        assertThat(body.position()).isZero();
    }
}
