package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's client says what is read. */
class TlsStartTest {
    private static final byte[] HELLO = hello("App.Example.com");
    private static final Optional<TlsStart> NAMED =
            Optional.of(new TlsStart(Optional.of("app.example.com")));
    private static final Optional<TlsStart> NAMELESS = Optional.of(new TlsStart(Optional.empty()));

    /** One record. */
    private static byte[] hello(String name) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            if (!name.isEmpty()) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                engine.setSSLParameters(parameters);
            }
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<TlsStart> read(byte[] bytes) {
        return TlsStart.read(ByteBuffer.wrap(bytes));
    }

    /** The same message in records of other sizes. */
    private static byte[] inRecordsOf(List<Integer> sizes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 5;
        for (int i = 0; at < HELLO.length; i++) {
            int size = Math.min(sizes.get(i % sizes.size()), HELLO.length - at);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (size >> 8), (byte) size});
            out.write(HELLO, at, size);
            at += size;
        }
        return out.toByteArray();
    }

    @Test
    void theNameComesInLowerCase() {
        assertThat(read(HELLO)).isEqualTo(NAMED);
        assertThat(read(hello(""))).isEqualTo(NAMELESS);
    }

    @Test
    void whatFollowsDoesNotMatter() {
        byte[] more = Arrays.copyOf(HELLO, HELLO.length + 100_000);
        more[HELLO.length] = 23;
        assertThat(read(more)).isEqualTo(NAMED);
    }

    @Property
    void everyPieceAsksForMore(@ForAll @IntRange(max = 100_000) int length) {
        assertThat(read(Arrays.copyOf(HELLO, length % HELLO.length))).isEmpty();
    }

    @Property
    void anyFragmentsAreTheSameMessage(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 300) Integer> sizes,
            @ForAll @IntRange(max = 100_000) int cut) {
        byte[] fragments = inRecordsOf(sizes);
        assertThat(read(fragments)).isEqualTo(NAMED);
        assertThat(read(Arrays.copyOf(fragments, cut % fragments.length))).isEmpty();
    }

    @Property
    void anyChangedByteIsAnAnswer(@ForAll @IntRange(max = 100_000) int at, @ForAll byte value) {
        byte[] changed = HELLO.clone();
        changed[at % changed.length] = value;
        assertThat(read(changed)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "SSH-2.0-x\r\n",
                "\26\2",
                "\26\3\1\0\0", // an empty record
                "\26\3\1\100\1", // a record over 16 KiB
                "\26\3\1\0\4\2", // a message, but a server's
                "\26\3\1\0\4\1\0\120\0", // a message over the bound
                "\26\3\1\0\6\1\0\0\2\3\3", // a ClientHello that says nothing
                "\26\3\1\0\1\1\25", // something else before the message is whole
            })
    void whatIsNoClientHelloHasNoNameAtOnce(String bytes) {
        assertThat(read(bytes.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(NAMELESS);
    }

    @Test
    void nothingIsGatheredWithoutEnd() {
        byte[] slow = new byte[TlsStart.MOST];
        for (int at = 0; at < slow.length; at++) {
            slow[at] = new byte[] {22, 3, 1, 0, 1, 0}[at % 6];
        }
        // A ClientHello of 16,000 bytes, one in each record.
        slow[5] = 1;
        slow[17] = 0x3e;
        slow[23] = (byte) 0x80;
        assertThat(read(Arrays.copyOf(slow, TlsStart.MOST - 1))).isEmpty();
        assertThat(read(slow)).isEqualTo(NAMELESS);
    }
}
