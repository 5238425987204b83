package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Deviation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Each deviation both ways, and that nothing is sent on as it came. */
class LenienceTest {
    private static final ClientFacts CLIENT =
            new ClientFacts(
                    InetAddress.ofLiteral("198.51.100.7"),
                    new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 80),
                    false,
                    List.of(),
                    false);

    private static RequestHead read(Lenience lenience, String text, int step) {
        RequestHead head = new RequestHead(1024, 10, lenience);
        Heads.feed(head, Heads.raw(text), step);
        return head;
    }

    private static Lenience only(Deviation... deviations) {
        return Lenience.of(Set.of(deviations), List.of("X-Named", "x_odd"));
    }

    /** Whole, and in any steps; what is sent on, without what is always added. */
    private static String sent(Deviation deviation, String text) {
        RequestHead whole = read(only(deviation), text, text.length());
        assertThat(whole.parse()).as(whole.refusal().word()).isEqualTo(Parsed.COMPLETE);
        String sent = Heads.rewritten(whole, CLIENT);
        for (int step = 1; step < 5; step++) {
            RequestHead parts = read(only(deviation), text, step);
            assertThat(parts.parse()).isEqualTo(Parsed.COMPLETE);
            assertThat(Heads.rewritten(parts, CLIENT)).isEqualTo(sent);
        }
        assertThat(strict(sent)).isEqualTo(Refusal.NONE);
        return sent.substring(0, sent.indexOf("X-Forwarded-For"));
    }

    private static Refusal strict(String sent) {
        RequestHead head = new RequestHead(1 << 16, 100);
        assertThat(Heads.feed(head, Heads.wire(sent), 1 << 16)).isNotEqualTo(Parsed.NEED_MORE);
        return head.refusal();
    }

    private static Refusal refusal(Deviation but, String text) {
        EnumSet<Deviation> others = EnumSet.complementOf(EnumSet.of(but));
        RequestHead head = read(Lenience.of(others, List.of()), text, text.length());
        assertThat(head.parse()).isNotEqualTo(Parsed.NEED_MORE);
        return head.refusal();
    }

    private static Refusal refusedEvenWith(Deviation deviation, String text) {
        RequestHead head = read(only(deviation), text, text.length());
        assertThat(head.parse()).isEqualTo(Parsed.REFUSED);
        return head.refusal();
    }

    @Test
    void underscoresGoOnWhereTheyMeanNothingHere() {
        String text =
                """
                                            GET / HTTP/1.1\r
                                            Host: a\r
                                            X_User: b\r
                                            X_Forwarded-For: c\r
                                            Content_Length: 5\r
                                            X_NAMED: d\r
                                            x-odd: e\r
                                            X_odd: f\r
                                            Y_y: g\r
                                            y-y: h\r
                                            \r
                                            """;
        assertThat(sent(Deviation.UNDERSCORE_NAMES, text))
                .isEqualTo("GET / HTTP/1.1\nHost: a\nX_User: b\nx-odd: e\ny-y: h\n");
        RequestHead strict = read(Lenience.NONE, text, text.length());
        assertThat(strict.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(Heads.rewritten(strict, CLIENT))
                .startsWith("GET / HTTP/1.1\nHost: a\nx-odd: e\ny-y: h\nX-Forwarded-For");
    }

    @Test
    void twoSpellingsOfOneNameAreNone() {
        assertThat(
                        sent(
                                Deviation.UNDERSCORE_NAMES,
                                "GET / HTTP/1.1\r\nHost: a\r\nA_B-C: 1\r\nA-B_C: 2\r\nD_d: 3\r\nd_D: 4\r\n\r\n"))
                .isEqualTo("GET / HTTP/1.1\nHost: a\nD_d: 3\nd_D: 4\n");
    }

    @Test
    void linesThatEndInLineFeedAloneGetTheirCarriageReturn() {
        String text = "\nGET / HTTP/1.1\nHost: a\r\nX-A: b \n\n";
        assertThat(refusal(Deviation.BARE_LF, text.substring(1))).isEqualTo(Refusal.BARE_LF);
        assertThat(sent(Deviation.BARE_LF, text.substring(1)))
                .isEqualTo("GET / HTTP/1.1\nHost: a\nX-A: b \n");
        assertThat(refusedEvenWith(Deviation.BARE_LF, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"))
                .isEqualTo(Refusal.BARE_CR);
        assertThat(refusedEvenWith(Deviation.BARE_LF, text)).isEqualTo(Refusal.BAD_METHOD);
        assertThat(
                        refusedEvenWith(
                                Deviation.BARE_LF,
                                "GET / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n"))
                .isEqualTo(Refusal.LENGTH_AND_CHUNKED);
    }

    @Test
    void whatIsBehindTheHeadStaysBehindIt() {
        String text = "POST / HTTP/1.1\nHost: a\nContent-Length: 4\n\na\nb\n";
        RequestHead head = read(only(Deviation.BARE_LF), text, text.length());
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(head.filled() - head.end()).isEqualTo(4);
        assertThat(new String(head.bytes(), head.end(), 4, StandardCharsets.ISO_8859_1))
                .isEqualTo("a\nb\n");
    }

    @Test
    void aValueThatBeginsBehindAFoldIsThatValue() {
        String text = "GET / HTTP/1.1\r\nHost: a\r\nX-Role:\r\n \r\n\tadmin\r\nX-B: e\r\n\r\n";
        RequestHead head = read(only(Deviation.OBS_FOLD), text, text.length());
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        int line = head.line("x-role".getBytes(StandardCharsets.US_ASCII));
        assertThat(head.text(head.valueStart(line), head.valueEnd(line))).isEqualTo("admin");
    }

    @Test
    void foldsAreBoundedAsFieldsAre() {
        String start = "GET / HTTP/1.1\r\nHost: a\r\nX-A: b";
        assertThat(refusedEvenWith(Deviation.OBS_FOLD, start + "\r\n ".repeat(1000) + "\r\n\r\n"))
                .isEqualTo(Refusal.TOO_MANY_FIELDS);
    }

    @Test
    void foldedLinesBecomeOne() {
        String text = "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\tc\r\n  d\r\nX-B: e\r\n\r\n";
        assertThat(refusal(Deviation.OBS_FOLD, text)).isEqualTo(Refusal.OBSOLETE_FOLD);
        assertThat(sent(Deviation.OBS_FOLD, text))
                .isEqualTo("GET / HTTP/1.1\nHost: a\nX-A: b  \tc    d\nX-B: e\n");
        String start = "POST / HTTP/1.1\r\nHost: a\r\n";
        assertThat(refusedEvenWith(Deviation.OBS_FOLD, start + "Content-Length: 1\r\n 2\r\n\r\n"))
                .isEqualTo(Refusal.OBSOLETE_FOLD);
        assertThat(
                        refusedEvenWith(
                                Deviation.OBS_FOLD,
                                start + "Transfer-Encoding:\r\n chunked\r\n\r\n"))
                .isEqualTo(Refusal.OBSOLETE_FOLD);
        assertThat(refusedEvenWith(Deviation.OBS_FOLD, "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n"))
                .isEqualTo(Refusal.OBSOLETE_FOLD);
        assertThat(refusedEvenWith(Deviation.OBS_FOLD, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"))
                .isEqualTo(Refusal.LEADING_SPACE);
    }

    @Test
    void octetsBeyondAsciiAreEscaped() {
        String text = "GET /\u00c3\u00a9?q=\u00ff&r HTTP/1.1\r\nHost: a\r\n\r\n";
        assertThat(refusal(Deviation.RAW_TARGET, text)).isEqualTo(Refusal.BAD_TARGET);
        assertThat(sent(Deviation.RAW_TARGET, text))
                .isEqualTo("GET /%C3%A9?q=%FF&r HTTP/1.1\nHost: a\n");
        RequestHead head = read(only(Deviation.RAW_TARGET), text, text.length());
        assertThat(head.hasPlainPath()).isFalse();
        assertThat(
                        refusedEvenWith(
                                Deviation.RAW_TARGET,
                                "GET http://\u00e9.example/ HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(Refusal.BAD_TARGET);
        assertThat(refusedEvenWith(Deviation.RAW_TARGET, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(Refusal.BAD_TARGET);
        assertThat(refusedEvenWith(Deviation.RAW_TARGET, "G\u00c9T / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(Refusal.BAD_METHOD);
    }

    @Test
    void whatIsLetThroughDoesNotCountTwiceAndIsCopiedWhole() {
        String target = "/" + "\u00e9".repeat(900);
        String text = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        RequestHead head = read(only(Deviation.RAW_TARGET), text, 100);
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(head.targetText()).isEqualTo(target.replace("\u00e9", "%E9"));
        RequestHead copy = new RequestHead(1024, 10, only(Deviation.RAW_TARGET));
        copy.copy(head);
        assertThat(Heads.rewritten(copy, CLIENT)).isEqualTo(Heads.rewritten(head, CLIENT));
        assertThat(
                        refusedEvenWith(
                                Deviation.RAW_TARGET,
                                "GET /" + "\u00e9".repeat(1100) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(Refusal.TARGET_TOO_LONG);
        head.clear();
        Heads.feed(head, Heads.raw("GET / HTTP/1.1\r\nHost: b\r\n\r\n"), 100);
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
    }

    @Provide
    Arbitrary<String> heads() {
        Arbitrary<String> ends = Arbitraries.of("\r\n", "\n", "\n\r", "\r", "\r\n\r\n");
        Arbitrary<String> lines =
                Arbitraries.of(
                        "Host: a",
                        "Content-Length: 3",
                        "Content_Length: 4",
                        "Transfer-Encoding: chunked",
                        "Transfer_Encoding: chunked",
                        " folded",
                        "\t",
                        "X_A: 1",
                        "X-A: 2",
                        "X-A:",
                        "X \u00e9: 3",
                        "Connection: X_A",
                        "Connection: close",
                        "Expect: 100-continue",
                        "X-Forwarded_For: 1",
                        "");
        Arbitrary<String> starts =
                Arbitraries.of(
                        "GET / HTTP/1.1",
                        "POST /\u00e9\u00e8?\u00fc HTTP/1.1",
                        "POST http://h/\u00e9 HTTP/1.1",
                        "GET /%\u00e9 HTTP/1.0",
                        "\r\nGET / HTTP/1.1",
                        "OPTIONS * HTTP/1.1");
        Arbitrary<String> all =
                net.jqwik.api.Combinators.combine(lines, ends)
                        .as(String::concat)
                        .list()
                        .ofMaxSize(8)
                        .map(each -> String.join("", each));
        return net.jqwik.api.Combinators.combine(starts, ends, all, ends)
                // What is wrong with a line is found at its end, if not before.
                .as((start, end, fields, last) -> start + end + fields + last + "\n\r\n\r\n");
    }

    @Property
    void whatIsSentOnIsAsTheStandardHasIt(@ForAll("heads") String text) {
        Lenience all = Lenience.of(EnumSet.allOf(Deviation.class), List.of());
        RequestHead whole = read(all, text, text.length());
        RequestHead parts = read(all, text, 1);
        Parsed parsed = whole.parse();
        assertThat(parts.parse()).isEqualTo(parsed);
        assertThat(parts.refusal()).isEqualTo(whole.refusal());
        if (parsed == Parsed.COMPLETE) {
            String sent = Heads.rewritten(whole, CLIENT);
            assertThat(Heads.rewritten(parts, CLIENT)).isEqualTo(sent);
            assertThat(sent).matches("[\\p{ASCII}]*");
            RequestHead strict = new RequestHead(1 << 16, 100);
            assertThat(Heads.feed(strict, Heads.wire(sent), 1 << 16)).isEqualTo(Parsed.COMPLETE);
            assertThat(strict.contentLength()).isEqualTo(whole.contentLength());
            assertThat(strict.isChunked()).isEqualTo(whole.isChunked());
            assertThat(strict.hostText())
                    .isEqualTo(whole.hostText().isEmpty() ? "198.51.100.100:80" : whole.hostText());
        }
    }
}
