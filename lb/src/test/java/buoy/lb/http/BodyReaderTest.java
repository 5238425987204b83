package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    /** What came of feeding a body: the bytes sent on, how many were read, and the answer. */
    private record Fed(String sent, int read, Parsed parsed, Refusal refusal) {}

    private static Fed feed(BodyReader body, String text, int step) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder sent = new StringBuilder();
        int read = 0;
        Parsed parsed = Parsed.NEED_MORE;
        while (read < bytes.length && parsed == Parsed.NEED_MORE) {
            ByteBuf in = Unpooled.copiedBuffer(bytes, read, Math.min(step, bytes.length - read));
            parsed = body.read(in);
            for (int run = 0; run < body.runs(); run++) {
                sent.append(
                        in.toString(
                                body.runStart(run),
                                body.runEnd(run) - body.runStart(run),
                                StandardCharsets.ISO_8859_1));
            }
            sent.append(new String(body.tail(), StandardCharsets.ISO_8859_1));
            read += in.readerIndex();
            in.release();
        }
        return new Fed(sent.toString(), read, parsed, body.refusal());
    }

    private static Fed chunked(String text, boolean dataOnly) {
        BodyReader body = new BodyReader();
        body.chunked(dataOnly);
        return feed(body, text, Math.max(1, text.length()));
    }

    @Test
    void aLengthEndsTheBody() {
        BodyReader body = new BodyReader();
        body.length(5);
        assertThat(feed(body, "helloNEXT", 3))
                .isEqualTo(new Fed("hello", 5, Parsed.COMPLETE, Refusal.NONE));
    }

    @Test
    void chunksGoOnAsTheyCame() {
        String text = "5\r\nhello\r\n00a\r\n0123456789\r\n0\r\n\r\n";
        assertThat(chunked(text + "NEXT", false))
                .isEqualTo(new Fed(text, text.length(), Parsed.COMPLETE, Refusal.NONE));
    }

    @Test
    void towardsHttp10OnlyTheDataGoesOn() {
        assertThat(chunked("5;x\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n", true).sent())
                .isEqualTo("hello!");
    }

    @Test
    void rule10ExtensionsAreLeftOut() {
        assertThat(chunked("5;a=b;c=\"d;\\\"e\"\r\nhello\r\n0;x\r\n\r\n", false).sent())
                .isEqualTo("5\r\nhello\r\n0\r\n\r\n");
        assertThat(chunked("5;" + "a".repeat(5000), false).refusal())
                .isEqualTo(Refusal.CHUNK_EXTENSION_TOO_LARGE);
        assertThat(chunked("1;abcdefgh\r\na\r\n".repeat(600), false).refusal())
                .isEqualTo(Refusal.CHUNK_EXTENSION_TOO_LARGE);
    }

    @Test
    void rule25OnlyHarmlessTrailersGoOn() {
        assertThat(
                        chunked(
                                        "0\r\nX-Sum: 1\r\nContent-Length: 5\r\nHost: a\r\n"
                                                + "Authorization: b\r\nY: 2\r\n\r\nNEXT",
                                        false)
                                .sent())
                .isEqualTo("0\r\nX-Sum: 1\r\nY: 2\r\n\r\n");
        assertThat(chunked("0\r\nBad Name: 1\r\n\r\n", false).refusal())
                .isEqualTo(Refusal.BAD_TRAILER);
        assertThat(chunked("0\r\nA: " + "a".repeat(9000), false).refusal())
                .isEqualTo(Refusal.BAD_TRAILER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "x\r\n",
                "0x5\r\n",
                "+5\r\n",
                "5_0\r\n",
                " 5\r\n",
                "5 \r\n",
                "5 ;a\r\n",
                "-1\r\n",
                "5\nhello",
                "5\rhello",
                "5\r\nhelloX",
                "5\r\nhello\n",
                "5\r\nhello\r5",
                ";a\r\n",
                "00000000000000001\r\n",
                "8000000000000000\r\n",
                "ffffffffffffffff\r\n",
                "5;a\nb\r\n",
                "5;a\rb\r\n",
                "5;\"a\r\n\"\r\n",
                "5;\"a\nb\"\r\n",
                "5;\u0000\r\n",
                "0\r\n\n",
                "0\r\n\rx",
                "0\n\n",
                "\u00005\r\n"
            })
    void rule9And11ChunkFramingIsExact(String text) {
        assertThat(chunked(text, false).parsed()).as(text).isEqualTo(Parsed.REFUSED);
    }

    @Provide
    Arbitrary<String> chunkish() {
        return Arbitraries.of(
                        "5",
                        "a",
                        "0",
                        "\r\n",
                        "\r",
                        "\n",
                        ";",
                        "x=1",
                        "\"",
                        "\\",
                        "hello",
                        "5\r\nhello\r\n",
                        "0\r\n\r\n",
                        "0\r\n",
                        "A: b\r\n",
                        "\r\n\r\n",
                        " ",
                        "\0",
                        "1;q\r\nz\r\n")
                .list()
                .ofMaxSize(20)
                .map(list -> String.join("", list) + "\n");
    }

    @Property(tries = 3000)
    void splittingABodyAnywhereGivesTheSame(
            @ForAll("chunkish") String text, @ForAll @IntRange(min = 1, max = 9) int step) {
        BodyReader whole = new BodyReader();
        BodyReader parts = new BodyReader();
        whole.chunked(false);
        parts.chunked(false);
        Fed one = feed(whole, text, Math.max(1, text.length()));
        Fed other = feed(parts, text, step);
        assertThat(other.parsed()).isEqualTo(one.parsed());
        if (one.parsed() != Parsed.REFUSED) {
            // What a refused body sent on before it was refused does not matter: it is cut.
            assertThat(other).isEqualTo(one);
        }
    }

    /** What goes on is read by anyone as it was read here: same data, same end. */
    @Property(tries = 3000)
    void whatGoesOnIsChunkedFramingWithTheSameData(@ForAll("chunkish") String text) {
        Fed sent = chunked(text, false);
        if (sent.parsed() != Parsed.COMPLETE) {
            return;
        }
        Fed again = chunked(sent.sent(), false);
        assertThat(again.parsed()).isEqualTo(Parsed.COMPLETE);
        assertThat(again.read()).isEqualTo(sent.sent().length());
        assertThat(chunked(sent.sent(), true).sent()).isEqualTo(chunked(text, true).sent());
    }
}
