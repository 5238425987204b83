package buoy.daemon.peer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.daemon.acme.plan.Proofs;
import buoy.daemon.peer.wire.Frames.Decoded;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PeerFramesTest {
    @Provide
    Arbitrary<Message> messages() {
        Arbitrary<String> text = Arbitraries.strings().withCharRange(' ', '\ud7ff').ofMaxLength(50);
        Arbitrary<Map<String, String>> map = Arbitraries.maps(text, text).ofMaxSize(5);
        Arbitrary<Proofs> proofs = Combinators.combine(map, map).as(Proofs::new);
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.integers().between(0, 255), text, text)
                        .as(Message.Hello::new),
                Arbitraries.of(new Message.Whole(), new Message.Alive()),
                Combinators.combine(text, text).as(Message.Account::new),
                Combinators.combine(text, text).as(Message.Certificate::new),
                Arbitraries.maps(text, proofs).ofMaxSize(5).map(Message.Challenges::new),
                Arbitraries.integers().between(7, 255).map(Message.Unknown::new));
    }

    @Property
    void whatIsSaidIsHeard(@ForAll("messages") Message message) {
        assertThat(Frames.decode(Frames.encode(message))).isEqualTo(new Decoded.Good(message));
    }

    @Property
    void aMessageThatIsCutOffIsNone(@ForAll("messages") Message message) {
        byte[] whole = Frames.encode(message);
        for (int length = 0; length < whole.length; length++) {
            assertThat(Frames.decode(Arrays.copyOf(whole, length)))
                    .isEqualTo(new Decoded.Bad("it is cut off"));
        }
    }

    @Property
    void anyBytesAreAnAnswer(@ForAll byte[] bytes) {
        assertThat(Frames.decode(bytes)).isNotNull();
    }

    @Test
    void theFormInBytes() {
        assertThat(HexFormat.of().formatHex(Frames.encode(new Message.Hello(1, "ab", "lb1"))))
                .isEqualTo("01" + "01" + "00000002" + "6162" + "00000003" + "6c6231");
        assertThat(
                        HexFormat.of()
                                .formatHex(
                                        Frames.encode(
                                                new Message.Challenges(
                                                        Map.of(
                                                                "s",
                                                                new Proofs(
                                                                        Map.of("t", "k"),
                                                                        Map.of()))))))
                .isEqualTo(
                        "06"
                                + "00000001"
                                + "0000000173"
                                + "00000001"
                                + "0000000174"
                                + "000000016b"
                                + "00000000");
    }

    @Test
    void whatIsOfALaterVersionIsSkippedWhole() {
        assertThat(Frames.decode(new byte[] {9, 1, 2, 3}))
                .isEqualTo(new Decoded.Good(new Message.Unknown(9)));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(Frames.decode(new byte[] {2, 0})).isEqualTo(new Decoded.Bad("1 bytes too many"));
        assertThat(Frames.decode(new byte[] {5, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0, 0}))
                .isEqualTo(new Decoded.Bad("a text is not UTF-8"));
        assertThat(
                        Frames.decode(
                                HexFormat.of()
                                        .parseHex(
                                                "06000000010000000173"
                                                        + "00000002000000017400000000"
                                                        + "000000017400000000")))
                .isEqualTo(new Decoded.Bad("a key stands twice"));
        assertThat(Frames.decode(new byte[] {6, -1, -1, -1, -1}))
                .isEqualTo(new Decoded.Bad("it is cut off"));
        assertThat(Frames.decode(new byte[Frames.MAX_LENGTH + 1]))
                .isEqualTo(new Decoded.Bad("it is too long"));
    }

    @Test
    void nothingLongerThanTheBoundIsSent() {
        Message long1 = new Message.Account("", "x".repeat(Frames.MAX_LENGTH));
        assertThatThrownBy(() -> Frames.encode(long1)).isInstanceOf(IllegalArgumentException.class);
    }
}
