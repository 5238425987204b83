package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that hold for streams as for connections of HTTP/1.1, where time or a body is in play. */
class StreamRulesTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final byte[] REFUSED_STREAM = {0, 0, 0, 7};

    @Test
    void rule17ABodyMustGoOn() throws Exception {
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.read(2);
                            talk.ended();
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.body = SOON;
            try (Proxy proxy = setup.start();
                    StreamsCaller caller = new StreamsCaller(proxy.port)) {
                caller.headers(
                        1, false, StreamsCaller.request("POST", "/") + "\ncontent-length: 5");
                caller.data(1, false, "ab");
                StreamsCaller.Answer answer = caller.answer(1);
                assertThat(answer.status()).isEqualTo("408");
                assertThat(answer.content).contains("408 body-timeout");
                Proxy.eventually(() -> proxy.failed(Reason.BODY_TIMEOUT) == 1, "counted");
            }
        }
    }

    @Test
    void rule17AReaderMustGoOn() throws Exception {
        try (Origin origin = Origin.answering("x".repeat(200_000))) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.body = SOON;
            try (Proxy proxy = setup.start();
                    StreamsCaller caller = new StreamsCaller(proxy.port)) {
                // The window that streams begin with, and no more.
                caller.get(1, "/");
                assertThat(caller.next(StreamsCaller.RST_STREAM).stream()).isEqualTo(1);
                assertThat(proxy.failed(Reason.CLIENT_STALLED)).isEqualTo(1);
            }
        }
    }

    /** Nobody keeps the content, so there is nothing to send again. */
    @ParameterizedTest
    @ValueSource(strings = {"refused", "goaway"})
    void rule23ContentIsNeverSentTwiceFromHttp1(String how) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (StreamsOrigin origin = notWanting(how, seen);
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 4\n\nhi");
            assertThat(caller.head()).startsWith("HTTP/1.1 502 ");
            assertThat(seen).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "goaway"})
    void rule23ContentIsNeverSentTwiceFromHttp2(String how) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (StreamsOrigin origin = notWanting(how, seen);
                Proxy proxy = before(origin);
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("PUT", "/") + "\ncontent-length: 4");
            caller.data(1, false, "hi");
            assertThat(caller.answer(1).status()).isEqualTo("502");
            assertThat(seen).hasValue(1);
        }
    }

    private static Proxy before(StreamsOrigin origin) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.protocol = Protocol.H2C;
        setup.retried = java.util.Set.of("PUT");
        return setup.start();
    }

    /** Says that it has not begun on the first request once it has some of its content. */
    private static StreamsOrigin notWanting(String how, AtomicInteger seen) throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (frame.type() == StreamsCaller.HEADERS && seen.incrementAndGet() > 1) {
                        talk.headers(frame.stream(), true, ":status: 204");
                    } else if (frame.type() == StreamsCaller.DATA && how.equals("refused")) {
                        talk.frame(StreamsCaller.RST_STREAM, 0, frame.stream(), REFUSED_STREAM);
                    } else if (frame.type() == StreamsCaller.DATA) {
                        talk.frame(StreamsCaller.GOAWAY, 0, 0, new byte[8]);
                    }
                });
    }

    @Test
    void rule24AnAuthenticatedConnectionIsItsClientsAlone() throws Exception {
        try (Origin origin = Origin.negotiating(talk -> talk.number, () -> {});
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port);
                StreamsCaller other = new StreamsCaller(proxy.port);
                Caller http1 = proxy.call()) {
            StreamsCaller.Answer answer = caller.get(1, "/").answer(1);
            assertThat(answer.fields).contains("www-authenticate: Negotiate abc");
            String first = answer.content.toString();
            String second = other.get(1, "/").answer(1).content.toString();
            assertThat(first).isEqualTo("1");
            assertThat(second).isEqualTo("2");
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(http1.get("/").response()).doesNotEndWith(first).doesNotEndWith(second);
        }
    }
}
