package buoy.lb.http;

import static buoy.lb.http.StreamsCaller.CONTINUATION;
import static buoy.lb.http.StreamsCaller.GOAWAY;
import static buoy.lb.http.StreamsCaller.HEADERS;
import static buoy.lb.http.StreamsCaller.RST_STREAM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.kit.Leaks;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What {@link ChaosTest} does, where the servers speak HTTP/2 in clear. Where only a stream goes
 * wrong, others share its connection, and nobody notices.
 */
class ServerChaosTest {
    private static final int ASKED = 3;
    private static final int BESIDE = 40;

    private static final int REFUSED_STREAM = 7;

    /** What a server does, and what clients are to see of it: a pattern. */
    @SuppressWarnings("ImmutableEnumChecker") // scripts hold nothing that changes
    private enum Kind {
        REFUSES("502 server-refused", Reason.SERVER_REFUSED, true, (talk, frame) -> {}),
        SAYS_NO_SETTINGS("504 connect-timeout", Reason.CONNECT_TIMEOUT, true, (talk, frame) -> {}),
        NEVER_ANSWERS("504 response-timeout", Reason.RESPONSE_TIMEOUT, false, (talk, frame) -> {}),
        STOPS_IN_THE_BODY("cut", Reason.RESPONSE_IDLE, false, ServerChaosTest::half),
        REFUSES_STREAMS(
                "502 server-reset",
                Reason.SERVER_RESET,
                false,
                (talk, frame) -> reset(talk, frame, REFUSED_STREAM)),
        RESETS_AT_ONCE(
                "502 server-reset",
                Reason.SERVER_RESET,
                false,
                (talk, frame) -> reset(talk, frame, 2)),
        RESETS_IN_THE_BODY(
                "cut|502 server-reset",
                Reason.SERVER_RESET,
                false,
                (talk, frame) -> {
                    half(talk, frame);
                    reset(talk, frame, 2);
                }),
        CLOSES_AT_ONCE("502 server-closed", Reason.SERVER_CLOSED, true, (talk, frame) -> end(talk)),
        GOES_AWAY_IN_THE_BODY(
                "cut|502 server-closed",
                Reason.SERVER_CLOSED,
                true,
                (talk, frame) -> {
                    if (!talk.socket.isOutputShutdown()) {
                        half(talk, frame);
                        byte[] last = {0, 0, 0, (byte) frame.stream(), 0, 0, 0, 2};
                        talk.frame(GOAWAY, 0, 0, last);
                        end(talk);
                    }
                }),
        SAYS_NONSENSE(
                "502 bad-response",
                Reason.BAD_RESPONSE,
                true,
                (talk, frame) ->
                        talk.socket
                                .getOutputStream()
                                .write("\u0016\u0003\u0001 what?".getBytes(US_ASCII))),
        ENDS_NO_HEAD(
                "502 bad-response|502 response-header-too-large",
                Reason.BAD_RESPONSE,
                true,
                (talk, frame) -> {
                    byte[] field = StreamsCaller.block("a: " + "b".repeat(16_000));
                    talk.frame(HEADERS, 0, frame.stream(), StreamsCaller.block(":status: 200"));
                    while (true) {
                        talk.frame(CONTINUATION, 0, frame.stream(), field);
                    }
                }),
        ENDS_TOO_SOON(
                "cut|502 bad-response",
                Reason.BAD_RESPONSE,
                false,
                (talk, frame) -> {
                    talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 9");
                    talk.data(frame.stream(), true, "half");
                }),
        SAYS_MORE_THAN_IT_SAID(
                "cut|502 bad-response",
                Reason.BAD_RESPONSE,
                false,
                (talk, frame) -> {
                    talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 2");
                    talk.data(frame.stream(), true, "poison");
                }),
        HAS_CONTENT_BEFORE_ITS_HEAD(
                "502 bad-response",
                Reason.BAD_RESPONSE,
                false,
                (talk, frame) -> talk.data(frame.stream(), false, "poison")),
        HAS_A_LARGE_HEAD(
                "502 response-header-too-large",
                Reason.RESPONSE_HEADER_TOO_LARGE,
                false,
                (talk, frame) ->
                        talk.headers(
                                frame.stream(),
                                true,
                                ":status: 200" + ("\na: " + "b".repeat(10_000)).repeat(20))),
        HAS_ENDLESS_INTERIM_ANSWERS(
                "502 server-flood",
                Reason.SERVER_FLOOD,
                false,
                (talk, frame) -> {
                    for (int i = 0; i <= 100; i++) {
                        talk.headers(frame.stream(), false, ":status: 103");
                    }
                });

        final String seen;
        final Reason reason;

        /** Others on the same connection suffer with it. */
        final boolean connection;

        final StreamsOrigin.Script script;

        Kind(String seen, Reason reason, boolean connection, StreamsOrigin.Script script) {
            this.seen = seen;
            this.reason = reason;
            this.connection = connection;
            this.script = script;
        }

        /** To find out that nobody answers takes seconds. */
        int asked() {
            return this == SAYS_NO_SETTINGS ? 1 : ASKED;
        }

        String path() {
            return "/" + name().toLowerCase(Locale.ROOT);
        }
    }

    @BeforeAll
    static void watch() {
        Leaks.watch();
    }

    @AfterAll
    static void nothingLeaked() {
        Leaks.assertNone();
    }

    /** Says no more, and reads what others still ask: else the kernel resets the connection. */
    private static void end(StreamsCaller talk) throws IOException {
        if (!talk.socket.isOutputShutdown()) {
            talk.socket.shutdownOutput();
        }
    }

    private static void half(StreamsCaller talk, Frame frame) throws IOException {
        talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 9");
        talk.data(frame.stream(), false, "half");
    }

    private static void reset(StreamsCaller talk, Frame frame, int code) throws IOException {
        talk.frame(RST_STREAM, 0, frame.stream(), new byte[] {0, 0, 0, (byte) code});
    }

    private static String path(Frame frame) {
        return frame.fields().replaceFirst("(?s).*:path: ([^\n]*)\n.*", "$1");
    }

    /** Answers well, and says more on a stream that has ended. */
    private static void answersWell(StreamsCaller talk, Frame frame) throws IOException {
        String body = ChaosTest.expected(path(frame));
        talk.headers(frame.stream(), false, ":status: 200\ncontent-length: " + body.length());
        talk.data(frame.stream(), true, body);
        talk.data(frame.stream(), true, "poison");
    }

    private static int port(Kind kind, Map<Kind, StreamsOrigin> origins, List<AutoCloseable> open)
            throws IOException {
        switch (kind) {
            case REFUSES -> {
                return FailureTest.deadPort();
            }
            case SAYS_NO_SETTINGS -> {
                // The kernel accepts for it.
                ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                open.add(silent);
                return silent.getLocalPort();
            }
            default -> {
                StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() != HEADERS) {
                                        return;
                                    }
                                    if (path(frame).contains("/well/")) {
                                        answersWell(talk, frame);
                                    } else {
                                        kind.script.frame(talk, frame);
                                    }
                                });
                open.add(origin);
                origins.put(kind, origin);
                return origin.port();
            }
        }
    }

    @Test
    void eachFailureHasItsReasonAndNobodyElseNotices() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        Map<Kind, StreamsOrigin> origins = new EnumMap<>(Kind.class);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        try (callers) {
            Proxy.Setup setup = new Proxy.Setup();
            setup.protocol = Protocol.H2C;
            for (Kind kind : Kind.values()) {
                setup.pool(kind.name(), port(kind, origins, open));
                setup.route(
                        ChaosTest.route(kind.path(), kind.name(), ChaosTest.timeouts(kind.reason)));
            }
            Proxy proxy = setup.start();
            open.add(proxy);

            List<Future<?>> running = new ArrayList<>();
            long well = 0;
            Map<Reason, Long> expected = new EnumMap<>(Reason.class);
            for (Kind kind : Kind.values()) {
                expected.merge(kind.reason, 2L * kind.asked(), Long::sum);
                running.add(
                        callers.submit(
                                () ->
                                        ChaosTest.fails(
                                                kind.path(), kind.asked(), kind.seen, proxy)));
                running.add(
                        callers.submit(
                                () ->
                                        ChaosTest.failsInStreams(
                                                kind.path(), kind.asked(), kind.seen, proxy)));
                if (!kind.connection) {
                    well += 2 * BESIDE;
                    running.add(
                            callers.submit(
                                    () ->
                                            ChaosTest.goesWell(
                                                    kind.path() + "/well", BESIDE, proxy)));
                    running.add(
                            callers.submit(
                                    () ->
                                            ChaosTest.goesWellInStreams(
                                                    kind.path() + "/well/streams", BESIDE, proxy)));
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
            assertThat(proxy.listening.totals().failures()).isEqualTo(expected);
            assertThat(proxy.listening.totals().finished()).isEqualTo(well);
            for (Pool pool : proxy.pools.values()) {
                assertThat(pool.servers()).allMatch(server -> server.active() == 0);
            }
            origins.forEach(
                    (kind, origin) -> {
                        if (!kind.connection) {
                            assertThat(origin.connections()).as("%s", kind).isOne();
                        }
                    });
        } finally {
            for (AutoCloseable each : open.reversed()) {
                each.close();
            }
        }
    }
}
