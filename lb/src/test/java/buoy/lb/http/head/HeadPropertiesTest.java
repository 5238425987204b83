package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for any bytes. */
class HeadPropertiesTest {
    private static final List<String> PIECES =
            List.of(
                    "GET",
                    "POST",
                    " ",
                    "/",
                    "/a%2f..//b",
                    "?q",
                    "http://h:1/x",
                    "*",
                    "HTTP/1.1",
                    "HTTP/1.0",
                    "HTTP/1.1 200 OK",
                    "\r\n",
                    "\r",
                    "\n",
                    "\r\n\r\n",
                    ":",
                    "Host: a\r\n",
                    "Content-Length: 5\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Connection: close, x\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\n",
                    "HTTP/1.1 204 \r\n",
                    " folded\r\n",
                    "\t",
                    "\0",
                    "x",
                    "X_y: z\r\n",
                    "a-long-value-" + "v".repeat(300),
                    "Expect: 100-continue\r\n",
                    "\u00ff",
                    "Upgrade: websocket\r\n",
                    "TE: trailers\r\n",
                    "5\r\nhello\r\n0\r\n\r\n",
                    ";ext=\"",
                    "0");

    @Provide
    Arbitrary<byte[]> hostile() {
        Arbitrary<byte[]> pieces =
                Arbitraries.of(PIECES)
                        .list()
                        .ofMaxSize(14)
                        .map(list -> ended(Heads.raw(list.stream().collect(Collectors.joining()))));
        Arbitrary<byte[]> noise =
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(600)
                        .map(HeadPropertiesTest::ended);
        return Arbitraries.oneOf(pieces, noise);
    }

    /**
     * With a line end: what is wrong in a line that has not ended may be told at once or at its
     * end.
     */
    private static byte[] ended(byte[] bytes) {
        byte[] ended = Arrays.copyOf(bytes, bytes.length + 1);
        ended[bytes.length] = '\n';
        return ended;
    }

    /** All that can be seen of a head. */
    private static String seen(Head head, Parsed parsed) {
        return parsed
                + " "
                + head.refusal()
                + (parsed == Parsed.COMPLETE
                        ? " "
                                + head.end()
                                + " "
                                + head.count
                                + " "
                                + Arrays.asList(head.fields).subList(0, head.count)
                        : "");
    }

    @Property(tries = 3000)
    void splittingARequestAnywhereGivesTheSameAnswer(
            @ForAll("hostile") byte[] bytes, @ForAll @IntRange(min = 1, max = 40) int step) {
        RequestHead whole = new RequestHead(512, 8);
        RequestHead parts = new RequestHead(512, 8);
        Parsed parsed = Heads.feed(whole, bytes, Math.max(1, bytes.length));
        assertThat(seen(parts, Heads.feed(parts, bytes, step))).isEqualTo(seen(whole, parsed));
    }

    @Property(tries = 3000)
    void splittingAResponseAnywhereGivesTheSameAnswer(
            @ForAll("hostile") byte[] bytes, @ForAll @IntRange(min = 1, max = 40) int step) {
        ResponseHead whole = new ResponseHead(512, 8);
        ResponseHead parts = new ResponseHead(512, 8);
        Parsed parsed = Heads.feed(whole, bytes, Math.max(1, bytes.length));
        assertThat(seen(parts, Heads.feed(parts, bytes, step))).isEqualTo(seen(whole, parsed));
    }

    /** What goes on must be read by anyone as it was read here. */
    @Property(tries = 3000)
    void aRewrittenRequestIsAcceptedAgainAndMeansTheSame(@ForAll("hostile") byte[] bytes) {
        byte[] head =
                Stream.of(
                                Heads.raw("POST /p HTTP/1.1\r\nHost: h\r\n"),
                                bytes,
                                Heads.raw("\r\n\r\n"))
                        .collect(
                                HeadPropertiesTest::empty,
                                HeadPropertiesTest::append,
                                HeadPropertiesTest::append)
                        .toByteArray();
        RequestHead first = new RequestHead(4096, 32);
        if (Heads.feed(first, head, head.length) != Parsed.COMPLETE) {
            return;
        }
        Output output = new Output();
        RequestRewrite.write(first, RequestRewriteTest.STRANGER, output);
        RequestHead second = new RequestHead(8192, 64);
        second.add(output.bytes(), 0, output.length());

        assertThat(second.parse()).as(Heads.text(output)).isEqualTo(Parsed.COMPLETE);
        assertThat(second.end()).isEqualTo(output.length());
        assertThat(second.contentLength()).isEqualTo(first.contentLength());
        assertThat(second.isChunked()).isEqualTo(first.isChunked());
        assertThat(second.hostText()).isEqualTo(first.hostText());
        assertThat(second.targetText()).isEqualTo(first.targetText());
    }

    private static java.io.ByteArrayOutputStream empty() {
        return new java.io.ByteArrayOutputStream();
    }

    private static void append(java.io.ByteArrayOutputStream to, byte[] bytes) {
        to.writeBytes(bytes);
    }

    private static void append(
            java.io.ByteArrayOutputStream to, java.io.ByteArrayOutputStream more) {
        to.writeBytes(more.toByteArray());
    }
}
