package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Deviation;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Deviations of clients on connections that go on, beside the same of a strict listener. */
class LenientTest {
    private static final String TWO =
            """
                                            POST /a\u00e9 HTTP/1.1
                                            Host: a
                                            X_User: u
                                            X-Long: b
                                             c
                                            Content-Length: 4

                                            a
                                            b
                                            GET /two HTTP/1.1
                                            Host: a

                                            """;

    private static Proxy proxy(Origin origin, Set<Deviation> lenient) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.lenient = lenient;
        return setup.start();
    }

    /** Reads the four bytes of each POST. */
    private static Origin reading(BlockingQueue<String> bodies) throws IOException {
        return new Origin(
                talk -> {
                    for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                        if (head.startsWith("POST")) {
                            bodies.add(talk.read(4));
                        }
                        talk.ok("x");
                    }
                });
    }

    @Test
    void theBodyAndTheNextRequestStandWhereTheyStood() throws Exception {
        for (int step : List.of(1, 7, TWO.length())) {
            BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
            try (Origin origin = reading(bodies);
                    Proxy proxy = proxy(origin, EnumSet.allOf(Deviation.class));
                    Caller caller = new Caller(proxy.port)) {
                for (int at = 0; at < TWO.length(); at += step) {
                    caller.raw(TWO.substring(at, Math.min(TWO.length(), at + step)));
                }
                assertThat(caller.response()).startsWith("HTTP/1.1 200").endsWith("x");
                assertThat(caller.response()).startsWith("HTTP/1.1 200").endsWith("x");
                assertThat(origin.received())
                        .startsWith(
                                "POST /a%E9 HTTP/1.1\nHost: a\nX_User: u\nX-Long: b   c\nContent-Length: 4\n");
                assertThat(origin.received()).startsWith("GET /two HTTP/1.1\nHost: a\n");
                assertThat(bodies).containsExactly("a\nb\n");
            }
        }
    }

    @Test
    void aListenerIsStrictUnlessItIsToldOtherwise() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = proxy(origin, Set.of());
                Caller caller = new Caller(proxy.port)) {
            caller.raw(TWO);
            assertThat(caller.response()).startsWith("HTTP/1.1 400").contains("bad-target");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    @Test
    void chunksKeepToTheStandardAllTheSame() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = proxy(origin, EnumSet.allOf(Deviation.class));
                Caller caller = new Caller(proxy.port)) {
            caller.raw("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\na\n0\n\n");
            assertThat(caller.response()).startsWith("HTTP/1.1 400").contains("bad-chunk");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }
}
