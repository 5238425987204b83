package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ServerGreetingTest {
    private static byte[] message(char type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    /** AuthenticationOk, a parameter, the key, ReadyForQuery. */
    private static byte[] greeting(byte[] key) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message('R', new byte[4]));
        all.writeBytes(message('S', "server_version\0K\0".getBytes(StandardCharsets.US_ASCII)));
        all.writeBytes(message('K', key));
        all.writeBytes(message('Z', new byte[] {'I'}));
        return all.toByteArray();
    }

    private static byte[] key(int length) {
        byte[] key = new byte[length];
        Arrays.fill(key, (byte) 'Z');
        return key;
    }

    private static ServerGreeting reading(byte[] bytes) {
        ServerGreeting greeting = new ServerGreeting();
        greeting.read(ByteBuffer.wrap(bytes));
        return greeting;
    }

    @Test
    void theKeyIsFoundAmongTheOthers() {
        ServerGreeting greeting = reading(greeting(key(8)));
        assertThat(greeting.key()).contains(new CancelKey(key(8)));
        assertThat(greeting.isOver()).isTrue();
    }

    @Test
    void anErrorOrAnythingElseIsNoKey() {
        ServerGreeting greeting = reading(message('E', key(20)));
        assertThat(greeting.key()).isEmpty();
        assertThat(greeting.isOver()).isFalse();
    }

    @Test
    void keysOfOtherLengthsEndIt() {
        for (int length : new int[] {0, 7, 261, 100_000}) {
            ServerGreeting greeting = reading(message('K', key(length)));
            assertThat(greeting.key()).isEmpty();
            assertThat(greeting.isOver()).isTrue();
        }
    }

    @Test
    void whatIsNoMessageEndsIt() {
        ServerGreeting greeting = reading(HexFormat.of().parseHex("5200000003ffff"));
        assertThat(greeting.isOver()).isTrue();
    }

    @Property
    void itComesOutTheSameHoweverTheBytesArrive(
            @ForAll @IntRange(min = 8, max = 260) int length,
            @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 1, max = 40) Integer> pieces) {
        byte[] whole = greeting(key(length));
        ServerGreeting greeting = new ServerGreeting();
        int at = 0;
        for (int i = 0; at < whole.length; i++) {
            int some = Math.min(pieces.get(i % pieces.size()), whole.length - at);
            ByteBuffer piece = ByteBuffer.wrap(whole, at, some);
            greeting.read(piece);
            assertThat(piece.position()).isEqualTo(at);
            at += some;
        }
        assertThat(greeting.key()).contains(new CancelKey(key(length)));
        assertThat(greeting.isOver()).isTrue();
    }

    @Property
    void whateverComesAKeyIsFoundOnlyWhereOneIs(@ForAll byte[] bytes) {
        ServerGreeting greeting = reading(bytes);
        if (greeting.key().isPresent()) {
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("K");
        }
    }
}
