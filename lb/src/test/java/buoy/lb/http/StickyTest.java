package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Sticky;
import buoy.config.model.Sticky.SameSite;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code sticky}: a client meets the same server again, and another if that is gone. */
class StickyTest {
    private static final Sticky OURS = new Sticky.OwnCookie("BUOY", true, true, SameSite.LAX);

    private static Proxy start(Sticky sticky, Origin... origins) throws Exception {
        Proxy.Setup setup = Proxy.to(List.of(origins).stream().mapToInt(Origin::port).toArray());
        setup.sticky = Optional.of(sticky);
        return setup.start();
    }

    private static String ask(Proxy proxy, String cookies) throws Exception {
        try (Caller caller = proxy.call()) {
            return caller.send("GET / HTTP/1.1\nHost: a\n" + cookies + "\n").response();
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\n\n") + 2);
    }

    /** What our cookie is set to; empty if it is not set. */
    private static String value(String answer) {
        int at = answer.indexOf("Set-Cookie: BUOY=");
        return at < 0 ? "" : answer.substring(at + 17, answer.indexOf(';', at));
    }

    private static void down(Proxy proxy, String server) {
        is(State.DOWN, proxy, server);
    }

    private static void is(State state, Proxy proxy, String server) {
        var pool = Objects.requireNonNull(proxy.pools.get("app"));
        Server named =
                pool.servers().stream()
                        .filter(each -> each.name().equals(server))
                        .findFirst()
                        .orElseThrow();
        pool.health(named, new ServerHealth(state, Instant.EPOCH, "test"));
    }

    @Test
    void ourCookieBringsAClientBackAndSaysNothingOfTheServer() throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Proxy proxy = start(OURS, a, b)) {
            String first = ask(proxy, "");
            String value = value(first);
            assertThat(first)
                    .contains(
                            "Set-Cookie: BUOY="
                                    + value
                                    + "; Path=/; Secure; HttpOnly; SameSite=Lax\n");
            assertThat(value).hasSize(22).doesNotContain("s1", "s2");
            for (int i = 0; i < 6; i++) {
                String again = ask(proxy, "Cookie: x=1; BUOY=" + value + "; BUOYS=2\n");
                assertThat(body(again)).isEqualTo(body(first));
                assertThat(again).doesNotContain("Set-Cookie");
            }
            assertThat(value(ask(proxy, "Cookie: BUOY=forged\n"))).isNotEmpty();
        }
    }

    @Test
    void bothHostsOfAPairReadEachOthersCookie() throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Proxy one = start(OURS, a, b);
                Proxy other = start(OURS, a, b)) {
            for (int i = 0; i < 4; i++) {
                String first = ask(one, "");
                assertThat(body(ask(other, "Cookie: BUOY=" + value(first) + "\n")))
                        .isEqualTo(body(first));
            }
        }
    }

    @Test
    void whereTheServerIsDownAnotherServesAndANewCookieIsSet() throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Proxy proxy = start(OURS, a, b)) {
            String first = ask(proxy, "");
            String server = body(first).equals("a") ? "s1" : "s2";
            down(proxy, server);
            String moved = ask(proxy, "Cookie: BUOY=" + value(first) + "\n");
            assertThat(body(moved)).isNotEqualTo(body(first));
            assertThat(value(moved)).isNotEmpty().isNotEqualTo(value(first));
            assertThat(ask(proxy, "Cookie: BUOY=" + value(moved) + "\n"))
                    .doesNotContain("Set-Cookie");
        }
    }

    /** Says its port, and gives a cookie to those who have none. */
    private static Origin giving(String cookie) throws IOException {
        return new Origin(
                talk -> {
                    String port = String.valueOf(talk.socket.getLocalPort());
                    for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                        String set =
                                "Set-Cookie: other=x\nSet-Cookie: " + cookie + port + "; Path=/\n";
                        talk.send(
                                "HTTP/1.1 200 OK\n%sContent-Length: %d\n\n%s"
                                        .formatted(
                                                head.contains("Cookie:") ? "" : set,
                                                port.length(),
                                                port));
                    }
                });
    }

    @Test
    void theApplicationsCookieIsLearntFromItsAnswers() throws Exception {
        try (Origin a = giving("SESSION=of-");
                Origin b = giving("SESSION=of-");
                Proxy proxy = start(new Sticky.AppCookie("SESSION"), a, b)) {
            for (int i = 0; i < 2; i++) {
                String first = body(ask(proxy, ""));
                for (int j = 0; j < 3; j++) {
                    assertThat(body(ask(proxy, "Cookie: SESSION=of-" + first + "\n")))
                            .isEqualTo(first);
                }
            }
        }
    }

    @Test
    void aServersNameBehindTheLastDotOfTheApplicationsCookieIsObeyed() throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Proxy proxy = start(new Sticky.AppCookie("AUTH_SESSION_ID"), a, b)) {
            for (int i = 0; i < 4; i++) {
                assertThat(body(ask(proxy, "Cookie: AUTH_SESSION_ID=4f.17.s2\n"))).isEqualTo("b");
                assertThat(body(ask(proxy, "Cookie: AUTH_SESSION_ID=\"4f.17.s1\"\n")))
                        .isEqualTo("a");
            }
            down(proxy, "s2");
            assertThat(body(ask(proxy, "Cookie: AUTH_SESSION_ID=4f.17.s2\n"))).isEqualTo("a");
        }
    }

    @Test
    void byItsAddressAClientMeetsTheSameServer() throws Exception {
        try (Origin a = Origin.answering("a");
                Origin b = Origin.answering("b");
                Proxy proxy = start(new Sticky.Source(Duration.ofMinutes(1)), a, b)) {
            String first = body(ask(proxy, ""));
            for (int i = 0; i < 5; i++) {
                assertThat(body(ask(proxy, ""))).isEqualTo(first);
            }
            down(proxy, first.equals("a") ? "s1" : "s2");
            assertThat(body(ask(proxy, ""))).isNotEqualTo(first);
        }
    }

    /** Its session is there now. */
    @Test
    void whoHadToGoToAnotherServerStaysThere() throws Exception {
        try (Origin a = giving("S=");
                Origin b = giving("S=");
                Proxy proxy = start(new Sticky.AppCookie("S"), a, b)) {
            String first = body(ask(proxy, ""));
            String cookie = "Cookie: S=" + first + "\n";
            String its = first.equals(String.valueOf(a.port())) ? "s1" : "s2";
            assertThat(body(ask(proxy, cookie))).isEqualTo(first);
            down(proxy, its);
            String other = body(ask(proxy, cookie));
            assertThat(other).isNotEqualTo(first);
            is(State.UP, proxy, its);
            for (int i = 0; i < 4; i++) {
                assertThat(body(ask(proxy, cookie))).isEqualTo(other);
            }
        }
    }

    @Test
    void aWebSocketBringsTheCookieToo() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(StreamingTest.SWITCHING);
                                    talk.ended();
                                });
                Proxy proxy = start(OURS, origin);
                Caller caller = proxy.call()) {
            String head = caller.send(StreamingTest.HANDSHAKE).head();
            assertThat(head).startsWith("HTTP/1.1 101 ");
            assertThat(value(head)).hasSize(22);
        }
    }
}
