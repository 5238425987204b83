package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.pool.Reason;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** {@code limits.body}: RFC 9110 15.5.14. */
class BodyLimitTest {
    private static final String TOO_LARGE =
            "413 body-too-large: body-too-large (the content exceeds the limit in bytes)";

    private static Proxy proxy(Origin origin) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.mostBody = OptionalLong.of(10);
        return setup.start();
    }

    private static void assertRefused(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 413 Content Too Large\r\n")
                .contains("Connection: close\r\n")
                .contains("\r\n\r\n" + TOO_LARGE);
        assertThat(answer.split("HTTP/1.1 [0-9]", -1)).as("one answer").hasSize(2);
    }

    @Test
    void whatIsAsLargeAsItMayBeGoesOn() throws Exception {
        try (Origin origin = reading();
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 10\n\n0123456789");
            assertThat(caller.response()).endsWith("0123456789");
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\n01234\n5\n56789\n0\n\n");
            assertThat(caller.response()).startsWith("HTTP/1.1 200 ");
        }
    }

    /** Answers with the bytes of a known length, or reads chunks to their end. */
    private static Origin reading() throws IOException {
        return new Origin(
                talk -> {
                    talk.head();
                    talk.ok(talk.read(10));
                    talk.head();
                    talk.read("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n".length());
                    talk.ok("");
                    talk.ended();
                });
    }

    @Test
    void aDeclaredLengthBeyondItReachesNoServer() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nContent-Length: 11\n\n0123456789aGET /smuggled HTTP/1.1\nHost: a\n\n");
            assertRefused(caller.rest());
            assertThat(origin.receivedNothing()).isTrue();
            assertThat(proxy.failed(Reason.BODY_TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test
    void whoAsksFirstIsToldBeforeItSendsAnything() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 11\nExpect: 100-continue\n\n");
            assertRefused(caller.rest());
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    @Test
    void ofAChunkedOneNothingBeyondItReachesTheServerAndTheServerSeesNoEnd() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    received.add(talk.read("5\r\n01234\r\n".length()));
                                    received.add(ended(talk) ? "its end" : "more");
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\n01234\n");
            assertThat(received.take()).isEqualTo("5\r\n01234\r\n");
            caller.send("6\n56789a\n0\n\n");
            assertRefused(caller.rest());
            assertThat(received.take()).isEqualTo("its end");
            assertThat(proxy.failed(Reason.BODY_TOO_LARGE)).isEqualTo(1);
        }
    }

    private static boolean ended(Origin.Talk talk) {
        try {
            return talk.ended();
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void manySmallChunksAreAddedUp() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ended();
                                });
                Proxy proxy = proxy(origin);
                Caller caller = proxy.call()) {
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n"
                            + "1\nx\n".repeat(11)
                            + "0\n\n");
            assertRefused(caller.rest());
        }
    }
}
