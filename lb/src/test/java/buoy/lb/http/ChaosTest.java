package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Guard;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.RouteTimeouts;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Servers of every bad kind at once, asked over HTTP/1.1 and HTTP/2, beside a thousand exchanges
 * that go well: each failure has its reason, and nobody gets an octet that is not his.
 */
class ChaosTest {
    private static final int ASKED = 3;
    private static final int WELL = 1000;
    private static final int CALLERS = 5;
    private static final int WELL_EACH = WELL / CALLERS / 2;

    /** Where a server has no more to say, it waits for the proxy to close. */
    private static final Origin.Script SILENT = Origin.Talk::ended;

    /** What a server does, and what clients are to see of it: a pattern. */
    @SuppressWarnings("ImmutableEnumChecker") // scripts hold nothing that changes
    private enum Kind {
        REFUSES("502 server-refused", Reason.SERVER_REFUSED, null),
        NEVER_ACCEPTS("504 connect-timeout", Reason.CONNECT_TIMEOUT, null),
        NEVER_ANSWERS("504 response-timeout", Reason.RESPONSE_TIMEOUT, SILENT),
        STOPS_IN_THE_HEAD(
                "504 response-timeout", Reason.RESPONSE_TIMEOUT, says("HTTP/1.1 200 O", SILENT)),
        STOPS_IN_THE_BODY(
                "cut",
                Reason.RESPONSE_IDLE,
                says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", SILENT)),
        CLOSES_AT_ONCE("502 server-closed", Reason.SERVER_CLOSED, talk -> {}),
        CLOSES_IN_THE_HEAD(
                "502 server-closed", Reason.SERVER_CLOSED, says("HTTP/1.1 200 O", talk -> {})),
        CLOSES_IN_THE_BODY(
                "cut",
                Reason.SERVER_CLOSED,
                says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", talk -> {})),
        RESETS_AT_ONCE("502 server-reset", Reason.SERVER_RESET, ChaosTest::reset),
        RESETS_IN_THE_HEAD(
                "502 server-reset",
                Reason.SERVER_RESET,
                says("HTTP/1.1 200 O", ChaosTest::resetLater)),
        RESETS_IN_THE_BODY(
                "cut|502 server-reset",
                Reason.SERVER_RESET,
                says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", ChaosTest::resetLater)),
        SAYS_NONSENSE(
                "502 bad-response",
                Reason.BAD_RESPONSE,
                says("\u0016\u0003\u0001 what?\r\n", SILENT)),
        ENDS_ITS_CHUNKS_BADLY(
                "cut|502 bad-response",
                Reason.BAD_RESPONSE,
                says(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
                        talk -> says("zz\r\n", SILENT).run(pause(talk)))),
        HAS_AN_ENDLESS_HEAD(
                "502 response-header-too-large",
                Reason.RESPONSE_HEADER_TOO_LARGE,
                says("HTTP/1.1 200 OK\r\n", talk -> forever(talk, "A: bbbbbbbbbbbbbbbb\r\n"))),
        HAS_ENDLESS_INTERIM_RESPONSES(
                "504 response-timeout",
                Reason.RESPONSE_TIMEOUT,
                talk ->
                        forever(
                                talk,
                                "HTTP/1.1 103 Early Hints\r\nLink: "
                                        + "a".repeat(1000)
                                        + "\r\n\r\n"));

        final String seen;
        final Reason reason;
        final Origin.Script script;

        Kind(String seen, Reason reason, Origin.@Nullable Script script) {
            this.seen = seen;
            this.reason = reason;
            this.script = script == null ? SILENT : script;
        }

        /** To find out that nobody accepts takes seconds. */
        int asked() {
            return this == NEVER_ACCEPTS ? 1 : ASKED;
        }

        String path() {
            return "/" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Short where nothing comes; else whoever is only slow in this crowd would run into it. */
    static RouteTimeouts timeouts(Reason reason) {
        Optional<Duration> soon = Optional.of(Duration.ofMillis(500));
        Optional<Duration> usual = Optional.empty();
        return new RouteTimeouts(
                usual,
                usual,
                reason == Reason.RESPONSE_TIMEOUT ? soon : usual,
                reason == Reason.RESPONSE_IDLE ? soon : usual);
    }

    private static Origin.Script says(String text, Origin.Script then) {
        return talk -> {
            talk.write(text);
            then.run(talk);
        };
    }

    private static void reset(Origin.Talk talk) throws IOException {
        talk.socket.setSoLinger(true, 0);
    }

    /** Not before what was said has been read: a reset takes with it what was not. */
    private static void resetLater(Origin.Talk talk) throws IOException {
        reset(pause(talk));
    }

    private static Origin.Talk pause(Origin.Talk talk) throws IOException {
        talk.socket.setSoTimeout(50);
        try {
            talk.ended();
        } catch (SocketTimeoutException _) {
            // nothing was to come
        }
        talk.socket.setSoTimeout(0);
        return talk;
    }

    private static void forever(Origin.Talk talk, String text) throws IOException {
        while (true) {
            talk.write(text);
        }
    }

    // ---- servers that go well, if one is careful with them ----

    /** Says the path, as often as its number's last two digits tell. */
    private static String told(String head) {
        String body = expected(head.substring("GET ".length(), head.indexOf(" HTTP")));
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static String expected(String path) {
        int number = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
        return (path + ' ').repeat(number % 100 + 1);
    }

    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

    private static final List<Origin.Script> WELL_BEHAVED =
            List.of(
                    talk -> {
                        for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                            talk.write(told(head));
                        }
                    },
                    // Says more than it was asked for.
                    talk -> {
                        for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                            talk.write(told(head) + POISON);
                        }
                    },
                    // Closes between requests.
                    talk -> {
                        String head = talk.head();
                        if (!head.isEmpty()) {
                            talk.write(told(head));
                        }
                    });

    /** Answers before the request is there. */
    private static final Origin.Script EARLY =
            talk -> {
                talk.head();
                talk.ok("enough");
                talk.ended();
            };

    @Test
    void eachFailureHasItsReasonAndNobodyElseNotices() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        try (callers) {
            Proxy.Setup setup = new Proxy.Setup();
            for (Kind kind : Kind.values()) {
                setup.pool(kind.name(), port(kind, open));
                setup.route(route(kind.path(), kind.name(), timeouts(kind.reason)));
            }
            Origin early = new Origin(EARLY);
            open.add(early);
            setup.pool("early", early.port());
            setup.route(route("/early", "early", RouteTimeouts.NONE));
            int[] ports = new int[WELL_BEHAVED.size()];
            for (int i = 0; i < ports.length; i++) {
                Origin origin = new Origin(WELL_BEHAVED.get(i));
                open.add(origin);
                ports[i] = origin.port();
            }
            setup.pool("well", ports);
            setup.route(route("/", "well", RouteTimeouts.NONE));
            Proxy proxy = setup.start();
            open.add(proxy);

            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                running.add(callers.submit(() -> goesWell("/well/" + number, WELL_EACH, proxy)));
                running.add(
                        callers.submit(
                                () -> goesWellInStreams("/streams/" + number, WELL_EACH, proxy)));
            }
            running.add(callers.submit(() -> isAnsweredEarly(proxy)));
            running.add(callers.submit(() -> isAnsweredEarlyInStreams(proxy)));
            for (Kind kind : Kind.values()) {
                running.add(
                        callers.submit(() -> fails(kind.path(), kind.asked(), kind.seen, proxy)));
                running.add(
                        callers.submit(
                                () -> failsInStreams(kind.path(), kind.asked(), kind.seen, proxy)));
            }
            for (Future<?> each : running) {
                each.get();
            }
            Map<Reason, Long> expected = new EnumMap<>(Reason.class);
            for (Kind kind : Kind.values()) {
                expected.merge(kind.reason, 2L * kind.asked(), Long::sum);
            }
            assertThat(proxy.listening.totals().failures()).isEqualTo(expected);
            assertThat(proxy.listening.totals().finished()).isEqualTo(WELL + 2 * ASKED);
            for (Pool pool : proxy.pools.values()) {
                assertThat(pool.servers()).allMatch(server -> server.active() == 0);
            }
        } finally {
            for (AutoCloseable each : open.reversed()) {
                each.close();
            }
        }
    }

    static Route route(String path, String pool, RouteTimeouts timeouts) {
        Match below =
                new Match(
                        Optional.empty(), Optional.of(new PathMatch.Prefix(path)), Conditions.NONE);
        return new Route(below, new Action.ToPool(pool), Optional.empty(), timeouts, Guard.NONE);
    }

    private static int port(Kind kind, List<AutoCloseable> open) throws IOException {
        switch (kind) {
            case REFUSES -> {
                return FailureTest.deadPort();
            }
            case NEVER_ACCEPTS -> {
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                open.add(full);
                // As many as wait to be accepted: who comes next is not even answered.
                for (int i = 0; i < 2; i++) {
                    open.add(new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort()));
                }
                return full.getLocalPort();
            }
            default -> {
                Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    kind.script.run(talk);
                                });
                open.add(origin);
                return origin.port();
            }
        }
    }

    // ---- clients ----

    static @Nullable Void goesWell(String below, int times, Proxy proxy) throws Exception {
        try (Caller client = proxy.call()) {
            for (int i = 0; i < times; i++) {
                String path = below + '/' + i;
                String answer = client.get(path).response();
                assertThat(answer.substring(answer.indexOf("\n\n") + 2)).isEqualTo(expected(path));
            }
        }
        return null;
    }

    static @Nullable Void goesWellInStreams(String below, int times, Proxy proxy) throws Exception {
        try (StreamsCaller client = new StreamsCaller(proxy.port)) {
            for (int i = 0; i < times; i++) {
                String path = below + '/' + i;
                Answer answer = client.get(2 * i + 1, path).answer(2 * i + 1);
                assertThat(answer.content.toString()).isEqualTo(expected(path));
            }
        }
        return null;
    }

    /**
     * @param pattern what is to be seen
     */
    static @Nullable Void fails(String path, int asked, String pattern, Proxy proxy)
            throws Exception {
        for (int i = 0; i < asked; i++) {
            try (Caller client = proxy.call()) {
                client.get(path);
                assertThat(seen(client)).as("%s", path).matches(pattern);
            }
        }
        return null;
    }

    private static String seen(Caller client) throws IOException {
        String head;
        try {
            head = client.head();
            while (head.startsWith("HTTP/1.1 103 ")) {
                head = client.head();
            }
        } catch (SocketException reset) {
            // It takes the head with it that was not read yet.
            return "cut";
        }
        if (head.startsWith("HTTP/1.1 200 ")) {
            return client.end().equals("reset") ? "cut" : head;
        }
        String length = head.replaceFirst("(?s).*Content-Length: (\\d+)\n.*", "$1");
        return client.read(Integer.parseInt(length)).strip();
    }

    static @Nullable Void failsInStreams(String path, int asked, String pattern, Proxy proxy)
            throws Exception {
        try (StreamsCaller client = new StreamsCaller(proxy.port)) {
            for (int i = 0; i < asked; i++) {
                Answer answer = client.get(2 * i + 1, path).answer(2 * i + 1);
                assertThat(answer.reset >= 0 ? "cut" : answer.content.toString().strip())
                        .as("%s", path)
                        .matches(pattern);
            }
        }
        return null;
    }

    private static @Nullable Void isAnsweredEarly(Proxy proxy) throws Exception {
        for (int i = 0; i < ASKED; i++) {
            try (Caller client = proxy.call()) {
                client.send("POST /early HTTP/1.1\nHost: a\nContent-Length: 1000\n\nab");
                assertThat(client.rest()).contains("Connection: close").endsWith("enough");
            }
        }
        return null;
    }

    private static @Nullable Void isAnsweredEarlyInStreams(Proxy proxy) throws Exception {
        try (StreamsCaller client = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 2 * ASKED; stream += 2) {
                client.headers(stream, false, StreamsCaller.request("POST", "/early"));
                Answer answer = client.data(stream, false, "ab").answer(stream);
                assertThat(answer.content.toString()).isEqualTo("enough");
            }
        }
        return null;
    }
}
