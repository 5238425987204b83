package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers in test names are those of the rules an intermediary must keep. */
class RequestHeadTest {
    private static void assertRefused(String raw, Refusal why) {
        RequestHead head = Heads.request(Heads.raw(raw));
        assertThat(head.parse()).as(raw).isEqualTo(Parsed.REFUSED);
        assertThat(head.refusal()).as(raw).isEqualTo(why);
    }

    private static RequestHead accepted(String text) {
        RequestHead head = Heads.request(text);
        assertThat(head.parse()).as(() -> head.refusal().why()).isEqualTo(Parsed.COMPLETE);
        return head;
    }

    private static void assertFieldRefused(String line, Refusal why) {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n", why);
    }

    @Test
    void aPlainRequestIsIndexed() {
        RequestHead head =
                accepted(
                        """
                        GET /path?q=1 HTTP/1.1
                        Host: example.com:8080
                        Accept:  */*\s
                        X-Empty:

                        """);

        assertThat(head.method()).isEqualTo(Method.GET);
        assertThat(head.targetText()).isEqualTo("/path?q=1");
        assertThat(head.text(head.pathStart(), head.pathEnd())).isEqualTo("/path");
        assertThat(head.hostText()).isEqualTo("example.com:8080");
        assertThat(head.text(head.valueStart(1), head.valueEnd(1))).isEqualTo("*/*");
        assertThat(head.valueStart(2)).isEqualTo(head.valueEnd(2));
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.hasBody()).isFalse();
    }

    @Test
    void whatFollowsTheHeadIsLeftAlone() {
        RequestHead head = Heads.request("GET / HTTP/1.1\nHost: a\n\nGET /next");

        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(head.end()).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\n\r\n".length());
    }

    @Test
    void oneEmptyLineBeforeTheRequestIsIgnored() {
        assertThat(accepted("\nGET / HTTP/1.1\nHost: a\n\n").methodText()).isEqualTo("GET");
        assertRefused("\r\n\r\nGET / HTTP/1.1\r\n", Refusal.BAD_METHOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nAccept: a\r\n\r\n",
                "GET http://a/ HTTP/1.1\r\n\r\n"
            })
    void rule3AnHttp11RequestWithoutHost(String raw) {
        assertRefused(raw, Refusal.NO_HOST);
    }

    @Test
    void rule3SeveralHosts() {
        assertFieldRefused("Host: a", Refusal.SEVERAL_HOSTS);
        assertFieldRefused("host: b", Refusal.SEVERAL_HOSTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a,b",
                "a/b",
                "a:b",
                "a:",
                "a:1:2",
                "u@a",
                "a:123456",
                "a:65536",
                "[::1",
                "::1",
                "[]",
                "[::1]x",
                "a?b",
                "\u00e9",
                "a%00"
            })
    void rule3AnInvalidHost(String host) {
        if (host.equals("a:")) {
            // RFC 3986 3.2.3: the port may be empty.
            assertThat(accepted("GET / HTTP/1.1\nHost: a:\n\n").hostText()).isEqualTo("a:");
        } else {
            assertRefused("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", Refusal.BAD_HOST);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "A.example", "a:80", "a:65535", "[::1]", "[::1]:80", "1.2.3.4", "a_b"})
    void rule3AValidHost(String host) {
        assertThat(accepted("GET / HTTP/1.1\nHost: " + host + "\n\n").hostText()).isEqualTo(host);
    }

    @Test
    void http10NeedsNoHost() {
        RequestHead head = accepted("GET / HTTP/1.0\n\n");
        assertThat(head.isHttp10()).isTrue();
        assertThat(head.keepAlive()).isFalse();
        assertThat(head.hostText()).isEmpty();
    }

    @Test
    void rule4TheAuthorityOfTheTargetWinsOverHost() {
        RequestHead head = accepted("GET http://Real.example:81/p?q HTTP/1.1\nHost: other\n\n");
        assertThat(head.hostText()).isEqualTo("Real.example:81");
        assertThat(head.targetText()).isEqualTo("/p?q");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/",
                "http:/a",
                "http://",
                "http:///x",
                "http://u@a/",
                "http://a b/",
                "a",
                "a:80",
                "example.com",
                "*",
                "//",
                "http//a"
            })
    void rule4OtherTargetsAreRefused(String target) {
        if (target.equals("//")) {
            assertThat(accepted("GET // HTTP/1.1\nHost: a\n\n").targetText()).isEqualTo("//");
        } else {
            RequestHead head = Heads.request("GET " + target + " HTTP/1.1\nHost: a\n\n");
            assertThat(head.parse()).as(target).isEqualTo(Parsed.REFUSED);
        }
    }

    @Test
    void rule6ContentLengthBesideTransferEncoding() {
        assertFieldRefused(
                "Content-Length: 3\r\nTransfer-Encoding: chunked", Refusal.LENGTH_AND_CHUNKED);
        assertFieldRefused(
                "Transfer-Encoding: chunked\r\nContent-Length: 3", Refusal.LENGTH_AND_CHUNKED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+1",
                "-1",
                "0x10",
                "1_0",
                "1 2",
                "1,1",
                "1, 1",
                "12a",
                "1.0",
                "1234567890123456789",
                "99999999999999999999999999",
                "\u0661"
            })
    void rule7AnythingButOnePlainNumber(String length) {
        assertFieldRefused("Content-Length: " + length, Refusal.BAD_CONTENT_LENGTH);
    }

    @Test
    void rule7SeveralContentLengths() {
        assertFieldRefused("Content-Length: 1\r\nContent-Length: 2", Refusal.BAD_CONTENT_LENGTH);
        assertFieldRefused("Content-Length: 1\r\nContent-Length: 1", Refusal.BAD_CONTENT_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xchunked",
                "chunked, chunked",
                "chunked;x",
                "\"chunked\"",
                "gzip, chunked",
                "chunked, gzip",
                "identity",
                "",
                "chunke",
                "chunked,",
                ",chunked",
                "c hunked"
            })
    void rule8AnythingButOneChunked(String coding) {
        assertFieldRefused("Transfer-Encoding: " + coding, Refusal.BAD_TRANSFER_ENCODING);
    }

    @Test
    void rule8ObfuscatedTransferEncoding() {
        assertFieldRefused("Transfer-Encoding: \u000bchunked", Refusal.BAD_FIELD_VALUE);
        assertFieldRefused("Transfer-Encoding : chunked", Refusal.SPACE_BEFORE_COLON);
        assertFieldRefused("Transfer-Encoding\u0000: chunked", Refusal.BAD_FIELD_NAME);
        assertFieldRefused("Transfer-Encoding:\r\n chunked", Refusal.OBSOLETE_FOLD);
        assertFieldRefused(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                Refusal.BAD_TRANSFER_ENCODING);
        assertThat(
                        accepted("POST / HTTP/1.1\nHost: a\ntransfer-ENCODING:\tChunked \n\n")
                                .isChunked())
                .isTrue();
    }

    @Test
    void rule8TransferEncodingInHttp10() {
        assertRefused(
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                Refusal.CHUNKED_IN_1_0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1\\nHost: a\\r\\n\\r\\n | BAD_REQUEST_LINE",
                "GET / HTTP/1.1\\r\\nHost: a\\n\\r\\n | BARE_LF",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\n | BARE_LF",
                "GET / HTTP/1.1\\r\\nHost: a\\rX: b\\r\\n\\r\\n | BARE_CR",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\r\\n\\r\\n | BARE_CR",
                "GET / HTTP/1.1\\rHost: a\\r\\n\\r\\n | BARE_CR",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\rx | BARE_CR",
            })
    void rule11BareLineEnds(String escaped, Refusal why) {
        Refusal expected = why == Refusal.BAD_REQUEST_LINE ? Refusal.BARE_LF : why;
        assertRefused(
                escaped.replace("\\r", "\r").replace("\\n", "\n").replaceAll(" $", ""), expected);
    }

    @Test
    void rule12AndRule13White() {
        assertFieldRefused("A: b\r\n c", Refusal.OBSOLETE_FOLD);
        assertFieldRefused("A: b\r\n\tc", Refusal.OBSOLETE_FOLD);
        assertFieldRefused("A : b", Refusal.SPACE_BEFORE_COLON);
        assertFieldRefused("A\t: b", Refusal.SPACE_BEFORE_COLON);
        assertRefused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", Refusal.LEADING_SPACE);
        assertRefused("GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", Refusal.LEADING_SPACE);
    }

    @Test
    void rule14OctetsThatMayNotBe() {
        for (int octet = 0; octet < 256; octet++) {
            if (octet == '\r' || octet == '\n') {
                continue;
            }
            boolean control = (octet < 0x20 && octet != '\t') || octet == 0x7f;
            RequestHead value =
                    Heads.request(
                            Heads.raw(
                                    "GET / HTTP/1.1\r\nHost: a\r\nA: x"
                                            + (char) octet
                                            + "y\r\n\r\n"));
            assertThat(value.parse())
                    .as("value with %d", octet)
                    .isEqualTo(control ? Parsed.REFUSED : Parsed.COMPLETE);
            boolean token =
                    (Character.isLetterOrDigit(octet) && octet < 128)
                            || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0;
            RequestHead name =
                    Heads.request(
                            Heads.raw(
                                    "GET / HTTP/1.1\r\nHost: a\r\nA"
                                            + (char) octet
                                            + "B: y\r\n\r\n"));
            assertThat(name.parse())
                    .as("name with %d", octet)
                    .isEqualTo(token || octet == ':' ? Parsed.COMPLETE : Parsed.REFUSED);
            RequestHead method =
                    Heads.request(
                            Heads.raw("G" + (char) octet + "T / HTTP/1.1\r\nHost: a\r\n\r\n"));
            assertThat(method.parse())
                    .as("method with %d", octet)
                    .isEqualTo(token ? Parsed.COMPLETE : Parsed.REFUSED);
            boolean visible = octet > 0x20 && octet < 0x7f && octet != '#';
            RequestHead target =
                    Heads.request(
                            Heads.raw("GET /" + (char) octet + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            assertThat(target.parse())
                    .as("target with %d", octet)
                    .isEqualTo(visible ? Parsed.COMPLETE : Parsed.REFUSED);
        }
        assertFieldRefused(": x", Refusal.BAD_FIELD_NAME);
        assertFieldRefused("no colon", Refusal.SPACE_BEFORE_COLON);
        assertFieldRefused("nocolon", Refusal.BAD_FIELD_NAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'GET  / HTTP/1.1'|BAD_TARGET",
                "'GET /  HTTP/1.1'|BAD_REQUEST_LINE",
                "'GET / HTTP/1.1 '|BAD_REQUEST_LINE",
                "'GET /'|BAD_REQUEST_LINE",
                "'GET'|BAD_METHOD",
                "' GET / HTTP/1.1'|BAD_METHOD",
                "'GET\t/ HTTP/1.1'|BAD_METHOD",
                "'GET / http/1.1'|BAD_VERSION",
                "'GET / HTTP/1,1'|BAD_VERSION",
                "'GET / HTTP/11.1'|BAD_REQUEST_LINE",
                "'GET / HTTP/1.10'|BAD_REQUEST_LINE",
                "'GET / HTTP/x.1'|BAD_VERSION",
                "'GET / HTTP/2.0'|UNKNOWN_VERSION",
                "'GET / HTTP/1.2'|UNKNOWN_VERSION",
                "'GET /#f HTTP/1.1'|BAD_TARGET",
                "'PRI * HTTP/2.0'|UNKNOWN_VERSION",
                "'CONNECT a:80 HTTP/1.1'|CONNECT_REFUSED",
                "'TRACE / HTTP/1.1'|TRACE_REFUSED",
            })
    void rule15And28TheRequestLineIsExact(String line, Refusal why) {
        assertRefused(line + "\r\nHost: a\r\n\r\n", why);
    }

    @Test
    void rule16Limits() {
        assertRefused("GET /" + "a".repeat(2000), Refusal.TARGET_TOO_LONG);
        assertFieldRefused("A: " + "a".repeat(2000), Refusal.HEADER_TOO_LARGE);
        assertFieldRefused("A: b\r\n".repeat(10) + "C: d", Refusal.TOO_MANY_FIELDS);
        String largest = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
        String fits = largest + "a".repeat(1024 - largest.length() - 4) + "\r\n\r\n";
        assertThat(Heads.request(Heads.raw(fits)).parse()).isEqualTo(Parsed.COMPLETE);
        assertRefused(fits.replace("A: ", "A: a"), Refusal.HEADER_TOO_LARGE);
    }

    @Test
    void rule18OnlyContinueIsExpected() {
        assertThat(accepted("PUT / HTTP/1.1\nHost: a\nExpect: 100-Continue\n\n").expectsContinue())
                .isTrue();
        assertFieldRefused("Expect: magic", Refusal.BAD_EXPECTATION);
    }

    @Test
    void rule26OnlyWebSocketIsAnUpgrade() {
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";
        String start = "GET / HTTP/1.1\nHost: a\n";
        String version = "Sec-WebSocket-Version: 13\n";
        String upgrade = "Connection: keep-alive, Upgrade\nUpgrade: WebSocket\n";

        assertThat(accepted(start + key + version + upgrade + "\n").isWebSocket()).isTrue();
        assertThat(accepted(start + key + version + "Upgrade: websocket\n\n").isWebSocket())
                .isFalse();
        assertThat(accepted(start + key + version + "Connection: upgrade\n\n").isWebSocket())
                .isFalse();
        assertThat(
                        accepted(start + "Connection: upgrade, HTTP2-Settings\nUpgrade: h2c\n\n")
                                .isWebSocket())
                .isFalse();
        assertThat(Heads.request(start + upgrade + version + "\n").refusal())
                .isEqualTo(Refusal.BAD_UPGRADE);
        assertThat(Heads.request(start + upgrade + key + "\n").refusal())
                .isEqualTo(Refusal.BAD_UPGRADE);
        assertThat(
                        Heads.request(start + upgrade + key + version + "Content-Length: 1\n\n")
                                .refusal())
                .isEqualTo(Refusal.BAD_UPGRADE);
    }

    @Test
    void persistenceFollowsVersionAndConnection() {
        assertThat(accepted("GET / HTTP/1.1\nHost: a\nConnection: close\n\n").keepAlive())
                .isFalse();
        assertThat(accepted("GET / HTTP/1.0\nConnection: Keep-Alive\n\n").keepAlive()).isTrue();
        assertThat(accepted("GET / HTTP/1.0\nConnection: keep-alive, close\n\n").keepAlive())
                .isFalse();
    }

    @Test
    void connectionMayNotNameEndlessly() {
        assertFieldRefused("Connection: " + "a,".repeat(17), Refusal.TOO_MANY_OPTIONS);
        assertFieldRefused("Connection: a b\"", Refusal.BAD_FIELD_VALUE);
    }

    @Test
    void aClearedHeadTakesTheNext() {
        RequestHead head =
                Heads.request("POST / HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 1\n\n");
        assertThat(head.contentLength()).isEqualTo(1);
        head.clear();
        Heads.feed(head, Heads.wire("GET /x HTTP/1.0\n\n"), 3);
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(head.contentLength()).isEqualTo(-1);
        assertThat(head.hostText()).isEmpty();
        assertThat(head.targetText()).isEqualTo("/x");
    }

    @Test
    void aByteAtATimeIsNotReadAgainAndAgain() {
        // One line of a megabyte, a byte at a time: quadratic work would be half a trillion steps.
        RequestHead head = new RequestHead(1 << 20, 10);
        byte[] start = Heads.raw("GET / HTTP/1.1\r\nHost: a\r\nA: ");
        Heads.feed(head, start, start.length);
        byte[] one = {'a'};
        Parsed parsed = Parsed.NEED_MORE;
        while (parsed == Parsed.NEED_MORE) {
            head.add(one, 0, 1);
            parsed = head.parse();
        }
        assertThat(head.refusal()).isEqualTo(Refusal.HEADER_TOO_LARGE);
    }
}
