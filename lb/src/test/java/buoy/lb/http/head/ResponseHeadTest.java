package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.http.head.ResponseRewrite.Persistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    private static ResponseHead accepted(String text) {
        ResponseHead head = Heads.response(text);
        assertThat(head.parse()).as(() -> head.refusal().why()).isEqualTo(Parsed.COMPLETE);
        return head;
    }

    private static String sent(ResponseHead head, Persistence persistence, boolean chunked) {
        Output output = new Output();
        ResponseRewrite.write(head, persistence, chunked, output);
        return Heads.text(output);
    }

    @Test
    void linesGoOnAsTheyCame() {
        ResponseHead head =
                accepted(
                        """
                        HTTP/1.1 200 All Right
                        Server: x
                        Connection: keep-alive
                        Content-Length: 5
                        Set-Cookie: a
                        Set-Cookie: b

                        """);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.contentLength()).isEqualTo(5);
        assertThat(head.keepAlive()).isTrue();
        assertThat(sent(head, Persistence.IMPLIED, false))
                .isEqualTo(
                        """
                        HTTP/1.1 200 All Right
                        Server: x
                        Content-Length: 5
                        Set-Cookie: a
                        Set-Cookie: b

                        """);
    }

    @Test
    void anotherVersionOrNoReasonIsWrittenAnew() {
        ResponseHead old = accepted("HTTP/1.0 404 Not Found\nA: b\n\n");
        assertThat(old.keepAlive()).isFalse();
        assertThat(sent(old, Persistence.CLOSE, false))
                .isEqualTo("HTTP/1.1 404 Not Found\nA: b\nConnection: close\n\n");
        assertThat(sent(accepted("HTTP/1.1 200\nA: b\n\n"), Persistence.KEEP_ALIVE, false))
                .isEqualTo("HTTP/1.1 200 \nA: b\nConnection: keep-alive\n\n");
    }

    @Test
    void rule12FoldsBecomeSpaces() {
        ResponseHead head = accepted("HTTP/1.1 200 OK\nA: b\n  c\n\td\nE: f\n\n");
        assertThat(sent(head, Persistence.IMPLIED, false))
                .isEqualTo("HTTP/1.1 200 OK\nA: b    c  \td\nE: f\n\n");
    }

    @Test
    void rule13WhiteSpaceBeforeAColonMovesBehindIt() {
        String text = "HTTP/1.1 200 OK\nA \t : b\nContent-Length : 5\n\n";
        ResponseHead head = accepted(text);
        assertThat(sent(head, Persistence.IMPLIED, false))
                .isEqualTo("HTTP/1.1 200 OK\nA:\t   b\nContent-Length:  5\n\n");
        assertThat(head.contentLength()).isEqualTo(5);
    }

    @Test
    void rule20ContentLengthDoesNotBelongInto204And1xx() {
        assertThat(
                        sent(
                                accepted("HTTP/1.1 204 No\nContent-Length: 5\nA: b\n\n"),
                                Persistence.IMPLIED,
                                false))
                .isEqualTo("HTTP/1.1 204 No\nA: b\n\n");
        assertThat(
                        sent(
                                accepted("HTTP/1.1 103 E\nContent-Length: 5\nLink: b\n\n"),
                                Persistence.IMPLIED,
                                false))
                .isEqualTo("HTTP/1.1 103 E\nLink: b\n\n");
        assertThat(
                        sent(
                                accepted("HTTP/1.1 304 N\nContent-Length: 5\n\n"),
                                Persistence.IMPLIED,
                                false))
                .isEqualTo("HTTP/1.1 304 N\nContent-Length: 5\n\n");
    }

    @Test
    void rule21ChunkedWinsOverContentLengthAndTheServerIsNotTrustedAgain() {
        ResponseHead head =
                accepted("HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked\n\n");
        assertThat(head.isChunked()).isTrue();
        assertThat(head.isAmbiguous()).isTrue();
        assertThat(sent(head, Persistence.IMPLIED, true))
                .isEqualTo("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
    }

    @Test
    void rule7EqualContentLengthsCollapse() {
        ResponseHead head = accepted("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5\n\n");
        assertThat(sent(head, Persistence.IMPLIED, false))
                .isEqualTo("HTTP/1.1 200 OK\nContent-Length: 5\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: x\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n",
                "HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n",
                "HTTP/1.1 200 OK\nA b: c\n\n",
                "HTTP/1.1 200 OK\nA: \u0001\n\n",
                "HTTP/1.1 200 OK\n A: b\n\n",
                "HTTP/1.1  200 OK\n\n",
                "HTTP/1.1 20 OK\n\n",
                "HTTP/1.1 099 OK\n\n",
                "HTTP/1.1 2000 OK\n\n",
                "HTTP/2.0 200 OK\n\n",
                "http/1.1 200 OK\n\n",
                "ICY 200 OK\n\n",
                "<html>",
            })
    void rule21WhatCannotBeTrusted(String text) {
        ResponseHead head = Heads.response(text);
        assertThat(head.parse()).as(text).isEqualTo(Parsed.REFUSED);
    }

    @Test
    void rule16ALargeHeadIsRefused() {
        assertThat(Heads.response("HTTP/1.1 200 OK\nA: " + "a".repeat(2000)).refusal())
                .isEqualTo(Refusal.HEADER_TOO_LARGE);
    }

    @Test
    void rule26OnlyAMatching101Switches() {
        String ok =
                "HTTP/1.1 101 S\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Accept: x\n\n";
        ResponseHead head = accepted(ok);
        assertThat(head.switchesToWebSocket()).isTrue();
        assertThat(sent(head, Persistence.UPGRADE, false))
                .isEqualTo(
                        "HTTP/1.1 101 S\nSec-WebSocket-Accept: x\nConnection: Upgrade\nUpgrade: websocket\n\n");
        assertThat(accepted(ok.replace("websocket", "h2c")).switchesToWebSocket()).isFalse();
        assertThat(accepted(ok.replace("101", "200")).switchesToWebSocket()).isFalse();
    }
}
