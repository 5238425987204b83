package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
    @Test
    void theServerNameComesInLowerCaseWithoutItsFinalDot() {
        assertThat(ClientHello.parse(hello(serverName("App.Example.COM."))))
                .contains(new ClientHello(Optional.of("app.example.com"), false, false));
    }

    @Test
    void aClientWithoutExtensionsHasNoName() {
        ByteBuffer body = ByteBuffer.allocate(43);
        body.position(35).putShort((short) 2).putShort((short) 0xc02f).put((byte) 1).put((byte) 0);
        assertThat(ClientHello.parse(body.flip().limit(41)))
                .contains(new ClientHello(Optional.empty(), false, false));
    }

    @Test
    void ecdsaInTls13IsAMatterOfSignatureSchemesAlone() {
        byte[] schemes = extension(13, new byte[] {0, 4, 8, 4, 4, 3});
        byte[] tls13 = extension(43, new byte[] {4, 3, 4, 3, 3});

        assertThat(ClientHello.parse(hello(0x1301, schemes, tls13)).orElseThrow().ecdsa()).isTrue();
        assertThat(ClientHello.parse(hello(0x1301, tls13)).orElseThrow().ecdsa()).isFalse();
    }

    @Test
    void ecdsaInTls12NeedsACipherSuiteToo() {
        byte[] schemes = extension(13, new byte[] {0, 2, 4, 3});

        assertThat(ClientHello.parse(hello(0xc02f, schemes)).orElseThrow().ecdsa()).isFalse();
        assertThat(ClientHello.parse(hello(0xc02b, schemes)).orElseThrow().ecdsa()).isTrue();
    }

    @Test
    void aCaThatAsksForTlsAlpn01OffersThatProtocolAlone() {
        assertThat(challenge(new byte[] {0, 11}, "\12acme-tls/1")).isTrue();
        assertThat(challenge(new byte[] {0, 14}, "\12acme-tls/1\2h2")).isFalse();
        assertThat(challenge(new byte[] {0, 14}, "\2h2\12acme-tls/1")).isFalse();
        assertThat(challenge(new byte[] {0, 3}, "\2h2")).isFalse();
        assertThat(challenge(new byte[] {0, 0}, "")).isFalse();
    }

    private static boolean challenge(byte[] length, String protocols) {
        byte[] list = protocols.getBytes(StandardCharsets.ISO_8859_1);
        byte[] data = ByteBuffer.allocate(2 + list.length).put(length).put(list).array();
        return ClientHello.parse(hello(extension(16, data))).orElseThrow().challenge();
    }

    @Property
    void aCutOffHelloIsMalformedAndNothingWorse(@ForAll @IntRange(min = 0, max = 68) int length) {
        ByteBuffer whole = hello(serverName("a.example"));
        int bytes = whole.remaining();

        Optional<ClientHello> parsed = ClientHello.parse(whole.slice(0, Math.min(length, bytes)));

        // A hello that ends before its extensions is a whole one; the length of one here is 41.
        assertThat(parsed.isPresent()).isEqualTo(length >= bytes || length == 41);
    }

    @Property
    void anyBytesAreAnAnswer(@ForAll byte[] bytes) {
        ByteBuffer body = ByteBuffer.allocate(34 + bytes.length).position(34).put(bytes).flip();
        assertThat(ClientHello.parse(body)).isNotNull();
    }

    @Property
    void anyChangedByteIsAnAnswer(@ForAll @IntRange(max = 63) int at, @ForAll byte value) {
        ByteBuffer body = hello(serverName("a.example"));
        body.put(Math.min(at, body.limit() - 1), value);
        assertThat(ClientHello.parse(body)).isNotNull();
    }

    private static byte[] serverName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer data = ByteBuffer.allocate(bytes.length + 5);
        data.putShort((short) (bytes.length + 3))
                .put((byte) 0)
                .putShort((short) bytes.length)
                .put(bytes);
        return extension(0, data.array());
    }

    private static byte[] extension(int type, byte[] data) {
        return ByteBuffer.allocate(data.length + 4)
                .putShort((short) type)
                .putShort((short) data.length)
                .put(data)
                .array();
    }

    private static ByteBuffer hello(byte[]... extensions) {
        return hello(0xc02f, extensions);
    }

    private static ByteBuffer hello(int cipher, byte[]... extensions) {
        int length = 0;
        for (byte[] extension : extensions) {
            length += extension.length;
        }
        ByteBuffer body = ByteBuffer.allocate(43 + length);
        body.putShort((short) 0x0303).position(34).put((byte) 0);
        body.putShort((short) 2).putShort((short) cipher).put((byte) 1).put((byte) 0);
        body.putShort((short) length);
        for (byte[] extension : extensions) {
            body.put(extension);
        }
        return body.flip();
    }
}
