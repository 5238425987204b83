package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** What holds for any head, looked for where coverage leads. */
class HeadFuzzTest {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_FIELDS = 32;

    /** What goes on must be read by anyone as it was read here. */
    @FuzzTest
    void request(byte[] bytes) {
        RequestHead head = new RequestHead(MAX_BYTES, MAX_FIELDS);
        Parsed parsed = Heads.feed(head, bytes, Math.max(1, bytes.length));
        RequestHead parts = new RequestHead(MAX_BYTES, MAX_FIELDS);
        isTheSame(head, parsed, parts, Heads.feed(parts, bytes, 7));
        if (parsed != Parsed.COMPLETE) {
            return;
        }
        Output output = new Output();
        RequestRewrite.write(head, RequestRewriteTest.STRANGER, output);
        RequestHead again = new RequestHead(2 * MAX_BYTES, 2 * MAX_FIELDS);
        again.add(output.bytes(), 0, output.length());

        assertThat(again.parse()).as(Heads.text(output)).isEqualTo(Parsed.COMPLETE);
        assertThat(again.end()).isEqualTo(output.length());
        assertThat(again.contentLength()).isEqualTo(head.contentLength());
        assertThat(again.isChunked()).isEqualTo(head.isChunked());
        assertThat(again.hostText())
                .isEqualTo(head.hostText().isEmpty() ? "198.51.100.100:8080" : head.hostText());
        assertThat(again.targetText()).isEqualTo(originForm(head));
    }

    /** RFC 9112 3.2.1: an absolute form may leave the path out. */
    private static String originForm(RequestHead head) {
        String target = head.targetText();
        return target.startsWith("/") ? target : head.isAsterisk() ? "*" : "/" + target;
    }

    @FuzzTest
    void response(byte[] bytes) {
        ResponseHead head = new ResponseHead(MAX_BYTES, MAX_FIELDS);
        Parsed parsed = Heads.feed(head, bytes, Math.max(1, bytes.length));
        ResponseHead parts = new ResponseHead(MAX_BYTES, MAX_FIELDS);
        isTheSame(head, parsed, parts, Heads.feed(parts, bytes, 7));
    }

    /**
     * Wherever it is split. Whether what is wrong in a line is told at once or at the line's end is
     * free, so a refusal may come later.
     */
    private static void isTheSame(Head head, Parsed parsed, Head parts, Parsed partsParsed) {
        if (parsed == Parsed.COMPLETE || partsParsed == Parsed.COMPLETE) {
            assertThat(partsParsed).isEqualTo(parsed);
            assertThat(parts.end()).isEqualTo(head.end());
            assertThat(parts.count).isEqualTo(head.count);
        }
    }
}
