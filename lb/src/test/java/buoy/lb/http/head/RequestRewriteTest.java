package buoy.lb.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestRewriteTest {
    static final ClientFacts STRANGER = facts(false, false);
    private static final ClientFacts PROXY = facts(true, false);

    private static ClientFacts facts(boolean believed, boolean secure) {
        return facts(believed, secure, false);
    }

    private static ClientFacts facts(boolean believed, boolean secure, boolean asks) {
        return new ClientFacts(
                InetAddress.ofLiteral("198.51.100.7"),
                new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 8080),
                secure,
                believed
                        ? List.of(new Network(InetAddress.ofLiteral("198.51.100.0"), 24))
                        : List.of(),
                asks);
    }

    private static String sent(String head, ClientFacts client) {
        RequestHead parsed = Heads.request(head);
        assertThat(parsed.parse()).as(() -> parsed.refusal().why()).isEqualTo(Parsed.COMPLETE);
        String once = Heads.rewritten(parsed, client);
        // A retry writes it again.
        assertThat(Heads.rewritten(parsed, client)).isEqualTo(once);
        return once;
    }

    @Test
    void linesGoOnAsTheyCameAndTheServerLearnsWhoAsked() {
        assertThat(sent("GET /p HTTP/1.1\nHost: a.example\nAccept: */*\nX-B:  c \n\n", STRANGER))
                .isEqualTo(
                        """
                        GET /p HTTP/1.1
                        Host: a.example
                        Accept: */*
                        X-B:  c\s
                        X-Forwarded-For: 198.51.100.7
                        X-Forwarded-Proto: http
                        X-Forwarded-Port: 8080
                        X-Forwarded-Host: a.example
                        Via: 1.1 buoy

                        """);
    }

    @Test
    void rule1HopByHopFieldsStay() {
        assertThat(
                        sent(
                                """
                                GET /p HTTP/1.1
                                Keep-Alive: timeout=5
                                Connection: X-Hop, close
                                Host: a
                                X-Hop: 1
                                Proxy-Connection: keep-alive
                                TE: gzip
                                Upgrade: h2c
                                HTTP2-Settings: AAMA
                                x-hop: 2
                                Accept: */*

                                """,
                                STRANGER))
                .startsWith("GET /p HTTP/1.1\nHost: a\nAccept: */*\nX-Forwarded-For:")
                .doesNotContainIgnoringCase("hop")
                .doesNotContain("Connection", "TE:", "Upgrade", "Settings");
    }

    @Test
    void rule1ConnectionCannotTakeProtectedFields() {
        String sent =
                sent(
                        """
                        POST / HTTP/1.1
                        Host: a
                        Content-Length: 3
                        Cookie: c
                        Authorization: x
                        Connection: Host, Content-Length, X-Forwarded-For, Cookie, Authorization

                        """,
                        STRANGER);
        assertThat(sent)
                .contains("Host: a\n", "Content-Length: 3\n", "X-Forwarded-For: 198", "Cookie: c\n")
                .contains("Authorization: x\n");
    }

    @Test
    void rule1TrailersMayBeAskedFor() {
        assertThat(sent("GET / HTTP/1.1\nHost: a\nTE: trailers\n\n", STRANGER))
                .contains("\nConnection: TE\nTE: trailers\n");
    }

    @Test
    void rule4AbsoluteFormBecomesOriginFormAndHostFollows() {
        assertThat(sent("GET http://b.example:81/x?y HTTP/1.1\nHost: a\nA: b\n\n", STRANGER))
                .startsWith("GET /x?y HTTP/1.1\nHost: b.example:81\nA: b\n")
                .contains("X-Forwarded-Host: b.example:81\n")
                .doesNotContain("Host: a\n");
        assertThat(sent("GET http://b HTTP/1.1\nHost: a\n\n", STRANGER))
                .startsWith("GET / HTTP/1.1\n");
        assertThat(sent("GET http://b?q HTTP/1.1\nHost: a\n\n", STRANGER))
                .startsWith("GET /?q HTTP/1.1\n");
        assertThat(sent("OPTIONS http://b HTTP/1.1\nHost: a\n\n", STRANGER))
                .startsWith("OPTIONS * HTTP/1.1\nHost: b\n");
    }

    @Test
    void theSubjectOfACertificateIsNobodysWordButOurs() {
        String forged =
                """
                GET / HTTP/1.1
                Host: a
                x-client-cert-subject: CN=root
                X_Client_Cert_Subject: CN=root
                X-Client-Cert_Subject: CN=root
                Connection: X-Client-Cert-Subject

                """;
        assertThat(sent(forged, STRANGER)).doesNotContain("root", "ubject");
        assertThat(sent(forged, facts(true, true, true))).doesNotContain("root", "ubject");
        assertThat(sent(forged, PROXY))
                .as("of a proxy that asked itself")
                .containsOnlyOnce("x-client-cert-subject: CN=root\n");

        ClientFacts certified = facts(false, true, true);
        certified.certified("CN=app,O=Example");
        assertThat(sent(forged, certified))
                .containsOnlyOnce("X-Client-Cert-Subject: CN=app,O=Example\n")
                .doesNotContain("root");
        assertThat(sent("GET / HTTP/1.1\nHost: a\n\n", certified))
                .containsOnlyOnce("X-Client-Cert-Subject: CN=app,O=Example\n");
    }

    @Test
    void rule8TransferEncodingIsMadeAnew() {
        assertThat(sent("POST / HTTP/1.1\nHost: a\ntransfer-encoding:  CHUNKED\n\n", STRANGER))
                .contains("\nTransfer-Encoding: chunked\n")
                .doesNotContain("CHUNKED");
    }

    @Test
    void http10IsSentOnAs11() {
        assertThat(sent("GET /p HTTP/1.0\nConnection: keep-alive\nA: b\n\n", STRANGER))
                .isEqualTo(
                        """
                        GET /p HTTP/1.1
                        Host: 198.51.100.100:8080
                        A: b
                        X-Forwarded-For: 198.51.100.7
                        X-Forwarded-Proto: http
                        X-Forwarded-Port: 8080
                        Via: 1.0 buoy

                        """);
    }

    @Test
    void aRequestThatNamesNoHostIsSentWithTheAddressItCameTo() {
        ClientFacts overIpv6 =
                new ClientFacts(
                        InetAddress.ofLiteral("2001:db8::7"),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::100"), 80),
                        false,
                        List.of(),
                        false);
        assertThat(sent("GET / HTTP/1.0\n\n", overIpv6))
                .startsWith("GET / HTTP/1.1\nHost: [2001:db8:0:0:0:0:0:100]:80\n");
        assertThat(sent("GET / HTTP/1.0\nHost: a\n\n", STRANGER))
                .startsWith("GET / HTTP/1.1\nHost: a\n")
                .containsOnlyOnce("\nHost:");
    }

    @Test
    void rule2MaxForwardsCountsDown() {
        assertThat(sent("OPTIONS * HTTP/1.1\nHost: a\nMax-Forwards: 3\n\n", STRANGER))
                .startsWith("OPTIONS * HTTP/1.1\n")
                .contains("\nMax-Forwards: 2\n")
                .doesNotContain("Max-Forwards: 3");
    }

    @Test
    void rule26AnUpgradeGoesOnAndWebSocketFieldsStay() {
        assertThat(
                        sent(
                                """
                                GET /ws HTTP/1.1
                                Host: a
                                Connection: keep-alive, Upgrade
                                Upgrade: websocket
                                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                                Sec-WebSocket-Version: 13
                                Sec-WebSocket-Protocol: chat

                                """,
                                STRANGER))
                .contains(
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n")
                .contains("Sec-WebSocket-Protocol: chat\n")
                .endsWith("Connection: Upgrade\nUpgrade: websocket\n\n");
    }

    @Test
    void rule31AStrangersWordsAreReplaced() {
        String sent =
                sent(
                        """
                        GET / HTTP/1.1
                        Host: a
                        X-Forwarded-For: 10.0.0.1
                        X-FORWARDED-PROTO: https
                        X-Forwarded-Host: evil
                        X-Forwarded-Port: 1
                        Forwarded: for=10.0.0.1
                        X_Forwarded_For: 10.0.0.1
                        Content_Length: 5

                        """,
                        STRANGER);
        assertThat(sent)
                .isEqualTo(
                        """
                        GET / HTTP/1.1
                        Host: a
                        X-Forwarded-For: 198.51.100.7
                        X-Forwarded-Proto: http
                        X-Forwarded-Port: 8080
                        X-Forwarded-Host: a
                        Via: 1.1 buoy

                        """);
    }

    @Test
    void rule31ATrustedProxyIsBelievedAndAppendedTo() {
        String sent =
                sent(
                        """
                        GET / HTTP/1.1
                        Host: a
                        X-Forwarded-For: 203.0.113.9
                        X-Forwarded-For: 203.0.113.10
                        X-Forwarded-Proto: https
                        Forwarded: for=203.0.113.9

                        """,
                        PROXY);
        assertThat(sent)
                .contains("\nX-Forwarded-For: 203.0.113.9, 203.0.113.10, 198.51.100.7\n")
                .contains("\nX-Forwarded-Proto: https\n")
                .contains("\nForwarded: for=203.0.113.9, for=198.51.100.7;proto=http\n")
                .contains("\nX-Forwarded-Port: 8080\n")
                .contains("\nX-Forwarded-Host: a\n")
                .doesNotContain("X-Forwarded-Proto: http\n");
    }
}
