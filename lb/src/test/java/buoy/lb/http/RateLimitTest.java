package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener;
import buoy.config.model.Network;
import buoy.config.model.RateLimit;
import buoy.lb.pool.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * {@code requests-per-second}: RFC 6585 4. One in 1,000 seconds, so that no pause of a test counts.
 */
class RateLimitTest {
    private static final Listener.Match STATUS =
            new Listener.Match(
                    Optional.empty(),
                    Optional.of(new Listener.PathMatch.Prefix("/status")),
                    Listener.Conditions.NONE);

    private static RateLimit limit(int burst, RateLimit.Key key) {
        return new RateLimit(Duration.ofSeconds(1000), burst, key);
    }

    private static Proxy.Setup limited(Origin origin, RateLimit limit) {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.rate = Optional.of(limit);
        return setup;
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgainAndKeepsItsConnection() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = limited(origin, limit(2, new RateLimit.Key.ClientAddress())).start();
                Caller caller = proxy.call();
                Caller another = proxy.call()) {
            assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
            assertThat(another.get("/").response()).startsWith("HTTP/1.1 200 ");
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 429 Too Many Requests\n")
                    .containsPattern("Retry-After: (1000|9[0-9][0-9])\n")
                    .doesNotContain("Connection: close")
                    .endsWith("429 rate-limit\n");
            assertThat(another.get("/").response()).startsWith("HTTP/1.1 429 ");
            assertThat(proxy.failed(Reason.RATE_LIMIT)).isEqualTo(2);
        }
    }

    @Test
    void behindATrustedProxyTheClientIsTheOneItNames() throws Exception {
        Proxy.Setup setup;
        try (Origin origin = Origin.answering("x")) {
            setup = limited(origin, limit(1, new RateLimit.Key.ClientAddress()));
            setup.trusted = List.of(new Network(InetAddress.ofLiteral("127.0.0.0"), 8));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                assertThat(from(caller, "198.51.100.1")).startsWith("HTTP/1.1 200 ");
                assertThat(from(caller, "198.51.100.2")).startsWith("HTTP/1.1 200 ");
                assertThat(from(caller, "198.51.100.1")).startsWith("HTTP/1.1 429 ");
                assertThat(from(caller, "198.51.100.9, 198.51.100.2")).startsWith("HTTP/1.1 429 ");
            }
        }
    }

    @Test
    void allLinesOfAFieldTellRequestsApart() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = limited(origin, limit(1, new RateLimit.Key.Header("x-key"))).start();
                Caller caller = proxy.call()) {
            assertThat(keyed(caller, "X-Key: a\nX-Key: b\n")).startsWith("HTTP/1.1 200 ");
            assertThat(keyed(caller, "X-Key: a\nx-key: c\n")).startsWith("HTTP/1.1 200 ");
            assertThat(keyed(caller, "X-Key: a\n")).startsWith("HTTP/1.1 200 ");
            assertThat(keyed(caller, "X-Key: a\nX: y\nx-key: b\n")).startsWith("HTTP/1.1 429 ");
        }
    }

    private static String keyed(Caller caller, String fields) throws Exception {
        return caller.send("GET / HTTP/1.1\nHost: a\n" + fields + "\n").response();
    }

    @Test
    void whatAStrangerSaysAboutItselfChangesNothing() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = limited(origin, limit(1, new RateLimit.Key.ClientAddress())).start();
                Caller caller = proxy.call()) {
            assertThat(from(caller, "198.51.100.1")).startsWith("HTTP/1.1 200 ");
            assertThat(from(caller, "198.51.100.2")).startsWith("HTTP/1.1 429 ");
        }
    }

    private static String from(Caller caller, String client) throws Exception {
        caller.send("GET / HTTP/1.1\nHost: a\nX-Forwarded-For: " + client + "\n\n");
        return caller.response();
    }

    @Test
    void byAFieldEachValueHasItsOwnRateAndARequestWithoutItHasNone() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = limited(origin, limit(1, new RateLimit.Key.Header("x-key"))).start();
                Caller caller = proxy.call()) {
            assertThat(with(caller, "X-Key: a")).startsWith("HTTP/1.1 200 ");
            assertThat(with(caller, "X-Key: b")).startsWith("HTTP/1.1 200 ");
            assertThat(with(caller, "x-KEY: a")).startsWith("HTTP/1.1 429 ");
            assertThat(with(caller, "X-Other: a")).startsWith("HTTP/1.1 200 ");
            assertThat(with(caller, "X-Other: a")).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String with(Caller caller, String line) throws Exception {
        caller.send("GET / HTTP/1.1\nHost: a\n" + line + "\n\n");
        return caller.response();
    }

    @Test
    void aRoutesOwnLimitIsForItsRequestsAlone() throws Exception {
        Proxy.Setup setup;
        try (Origin origin = Origin.answering("x")) {
            setup = Proxy.to(origin.port());
            setup.route(
                    new Listener.Route(
                            STATUS,
                            new Listener.Action.Respond(200, "up"),
                            Optional.empty(),
                            Listener.RouteTimeouts.NONE,
                            new Listener.Guard(
                                    Optional.of(limit(1, new RateLimit.Key.Route())),
                                    Optional.empty())));
            setup.route(Listener.Match.ANY, new Listener.Action.ToPool("app"));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                assertThat(caller.get("/status").response()).endsWith("up");
                assertThat(caller.get("/status/x").response()).startsWith("HTTP/1.1 429 ");
                assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
                assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void ofARequestWhoseBodyIsStillToComeTheConnectionEnds() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = limited(origin, limit(1, new RateLimit.Key.ClientAddress())).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nab");
            assertThat(caller.rest()).startsWith("HTTP/1.1 429 ").contains("Connection: close\r\n");
        }
    }
}
