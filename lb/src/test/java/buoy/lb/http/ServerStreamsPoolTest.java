package buoy.lb.http;

import static buoy.lb.http.StreamsCaller.DATA;
import static buoy.lb.http.StreamsCaller.GOAWAY;
import static buoy.lb.http.StreamsCaller.HEADERS;
import static buoy.lb.http.StreamsCaller.PING;
import static buoy.lb.http.StreamsCaller.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Compression;
import buoy.config.model.Config;
import buoy.config.model.Pool.Passive;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Pool.When;
import buoy.config.model.Sticky;
import buoy.config.model.Sticky.SameSite;
import buoy.lb.BalancerEvent;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Leaks;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pools promise, where their servers speak HTTP/2; and how connections to them end. */
class ServerStreamsPoolTest {
    @BeforeAll
    static void watch() {
        Leaks.watch();
    }

    @AfterAll
    static void nothingLeaked() {
        Leaks.assertNone();
    }

    private static Proxy.Setup to(StreamsOrigin... origins) {
        Proxy.Setup setup =
                Proxy.to(List.of(origins).stream().mapToInt(StreamsOrigin::port).toArray());
        setup.protocol = Protocol.H2C;
        return setup;
    }

    private static StreamsOrigin onHead(StreamsOrigin.Script script) throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (frame.type() == HEADERS) {
                        script.frame(talk, frame);
                    }
                });
    }

    /** Says who it is. */
    private static StreamsOrigin named(String name) throws IOException {
        return onHead(
                (talk, frame) -> {
                    talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 1");
                    talk.data(frame.stream(), true, name);
                });
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\n\n") + 2);
    }

    @Test
    void ourCookieBringsAClientBack() throws Exception {
        try (StreamsOrigin a = named("a");
                StreamsOrigin b = named("b")) {
            Proxy.Setup setup = to(a, b);
            setup.sticky = Optional.of(new Sticky.OwnCookie("BUOY", true, true, SameSite.LAX));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call();
                    StreamsCaller streams = new StreamsCaller(proxy.port)) {
                String first = caller.get("/").response();
                String cookie = first.replaceFirst("(?s).*Set-Cookie: (BUOY=[^;]*);.*", "$1");
                assertThat(cookie).startsWith("BUOY=");
                for (int i = 0; i < 4; i++) {
                    caller.send("GET / HTTP/1.1\nHost: a\nCookie: " + cookie + "\n\n");
                    assertThat(body(caller.response())).isEqualTo(body(first));
                    streams.headers(
                            2 * i + 1,
                            true,
                            StreamsCaller.request("GET", "/") + "\ncookie: " + cookie);
                    assertThat(streams.answer(2 * i + 1).content).hasToString(body(first));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "503"})
    void anotherServerIsAskedWhereThePoolSaysSo(String how) throws Exception {
        try (StreamsOrigin bad =
                        onHead(
                                (talk, frame) -> {
                                    if (how.equals("reset")) {
                                        talk.reset(frame.stream());
                                    } else {
                                        talk.headers(frame.stream(), true, ":status: 503");
                                    }
                                });
                StreamsOrigin good = named("g")) {
            Proxy.Setup setup = to(bad, good);
            setup.when = new When(true, true, Set.of(503));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 4; i++) {
                    assertThat(body(caller.get("/").response())).isEqualTo("g");
                }
                assertThat(proxy.listening.totals().failures()).isEmpty();
                caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
                caller.response();
                caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
                caller.response();
                assertThat(bad.connections()).isOne();
                assertThat(proxy.failed(Reason.SERVER_RESET))
                        .as("one of two POSTs went to the bad one, and to no other")
                        .isEqualTo(how.equals("reset") ? 1 : 0);
            }
        }
    }

    @Test
    void contentIsCompressedOnItsWay() throws Exception {
        String text = "much the same ".repeat(1000);
        try (StreamsOrigin origin =
                onHead(
                        (talk, frame) -> {
                            talk.headers(
                                    frame.stream(),
                                    false,
                                    ":status: 200\ncontent-type: text/plain");
                            talk.data(frame.stream(), false, text.substring(0, 5000));
                            talk.data(frame.stream(), true, text.substring(5000));
                        })) {
            Proxy.Setup setup = to(origin);
            setup.compression = Optional.of(new Compression(List.of("text/*"), 100));
            try (Proxy proxy = setup.start();
                    StreamsCaller streams = new StreamsCaller(proxy.port)) {
                streams.headers(
                        1, true, StreamsCaller.request("GET", "/") + "\naccept-encoding: gzip");
                StreamsCaller.Answer answer = streams.answer(1);
                assertThat(answer.fields).contains("content-encoding: gzip\n");
                byte[] octets = answer.content.toString().getBytes(StandardCharsets.ISO_8859_1);
                assertThat(octets.length).isLessThan(1000);
                try (var plain = new GZIPInputStream(new ByteArrayInputStream(octets))) {
                    assertThat(new String(plain.readAllBytes(), StandardCharsets.US_ASCII))
                            .isEqualTo(text);
                }
            }
        }
    }

    // ---- connections that end ----

    /** RFC 9113 6.8: what the server has begun on it ends well; the rest goes elsewhere. */
    @Test
    void aServerThatGoesAwayFinishesWhatItHasBegun() throws Exception {
        AtomicInteger first = new AtomicInteger();
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    if (frame.fields().contains(":path: /slow")) {
                                        first.set(frame.stream());
                                        talk.headers(frame.stream(), false, ":status: 200");
                                        talk.data(frame.stream(), false, "be");
                                    } else if (talk.socket.getSoTimeout() != 14_000) {
                                        // Once for each connection.
                                        talk.socket.setSoTimeout(14_000);
                                        byte[] last = {0, 0, 0, (byte) first.get(), 0, 0, 0, 0};
                                        talk.frame(GOAWAY, 0, 0, last);
                                        talk.data(first.get(), true, "gun");
                                    } else {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    }
                                });
                Proxy proxy = to(origin).start();
                Caller slow = proxy.call();
                Caller other = proxy.call()) {
            slow.send("GET /slow HTTP/1.0\nHost: a\n\n");
            assertThat(slow.head()).startsWith("HTTP/1.1 200 ");
            assertThat(slow.read(2)).isEqualTo("be");
            other.get("/more");
            assertThat(slow.rest()).isEqualTo("gun");
            assertThat(origin.received(GOAWAY).code()).as("the old one is closed").isZero();
            Proxy.eventually(() -> origin.connections() == 2, "another was made");
        }
    }

    @Test
    void whatIsUnderWayEndsWellOnAConnectionThatIsDrained() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() == HEADERS && !frame.ends()) {
                                        talk.headers(
                                                frame.stream(),
                                                false,
                                                ":status: 200\ncontent-length: 2");
                                        talk.data(frame.stream(), false, "o");
                                    } else if (frame.ends()) {
                                        if (frame.type() == HEADERS) {
                                            talk.headers(frame.stream(), true, ":status: 204");
                                        } else {
                                            talk.data(frame.stream(), true, "k");
                                        }
                                    }
                                });
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call();
                Caller other = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1\n\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            assertThat(caller.read(1)).isEqualTo("o");
            proxy.workers.runOnEach(worker -> proxy.server("app").roster(worker).drain());

            Proxy.eventually(() -> connectsAnew(other, origin), "others go on another");
            caller.raw("x");
            assertThat(caller.read(1)).isEqualTo("k");
            assertThat(origin.received(GOAWAY).code()).isZero();
            assertThat(proxy.listening.totals().failures()).isEmpty();
        }
    }

    private static boolean connectsAnew(Caller caller, StreamsOrigin origin) {
        try {
            assertThat(caller.get("/").head()).startsWith("HTTP/1.1 204 ");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return origin.connections() == 2;
    }

    /** It is asked after 10 s, and lost 10 s later. */
    @Tag("soak")
    @Test
    void aServerThatIsSilentIsAskedWhetherItLives() throws Exception {
        AtomicInteger asking = new AtomicInteger();
        AtomicReference<StreamsCaller> alive = new AtomicReference<>();
        try (StreamsOrigin dead = onHead((talk, frame) -> {});
                StreamsOrigin busy =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    talk.socket.setSoTimeout(60_000);
                                    if (frame.type() == HEADERS) {
                                        asking.set(frame.stream());
                                    } else if (frame.type() == PING) {
                                        talk.frame(PING, 1, 0, frame.payload());
                                        alive.set(talk);
                                    }
                                });
                Proxy toDead = to(dead).start();
                Proxy toBusy = to(busy).start();
                Caller one = toDead.call();
                Caller other = toBusy.call()) {
            for (Caller each : List.of(one, other)) {
                each.socket.setSoTimeout(60_000);
                each.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");
            }
            assertThat(one.response()).endsWith(" server-unreachable\n");
            Objects.requireNonNull(alive.get(), "asked")
                    .headers(asking.get(), true, ":status: 204");
            assertThat(other.head()).startsWith("HTTP/1.1 204 ");
            assertThat(toDead.failed(Reason.SERVER_UNREACHABLE)).isOne();
        }
    }

    // ---- the whole balancer ----

    private static Config config(Protocol protocol, TestServer... servers) {
        return Configs.of(
                List.of(Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.speaking(
                                Configs.watched(
                                        Configs.pool("app", Configs.endpoints(servers)),
                                        new Passive(
                                                3, Duration.ofSeconds(30), Duration.ofMinutes(1))),
                                protocol)));
    }

    private static void talks(Socket socket, StreamsOrigin.Script script) throws IOException {
        StreamsCaller talk = StreamsCaller.answering(socket);
        try {
            while (true) {
                Frame frame = talk.next();
                if (frame.type() == HEADERS || frame.type() == DATA) {
                    script.frame(talk, frame);
                }
            }
        } catch (IOException ended) {
            throw ended;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void well(StreamsCaller talk, Frame frame) throws IOException {
        talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 2");
        talk.data(frame.stream(), true, "h2");
    }

    private static String get(Running buoy) {
        try (Caller caller = new Caller(buoy.port("web"))) {
            return caller.get("/").response();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoFailsLiveTrafficIsEjected() throws Exception {
        try (TestServer bad =
                        TestServer.start(
                                socket ->
                                        talks(
                                                socket,
                                                (talk, frame) ->
                                                        talk.frame(
                                                                RST_STREAM,
                                                                0,
                                                                frame.stream(),
                                                                new byte[] {0, 0, 0, 2})));
                TestServer good =
                        TestServer.start(socket -> talks(socket, ServerStreamsPoolTest::well));
                Running buoy = Running.start(config(Protocol.H2C, bad, good))) {
            Await.until(
                    "the bad one is ejected",
                    () -> {
                        get(buoy);
                        return buoy.events().stream()
                                .anyMatch(BalancerEvent.ServerEjected.class::isInstance);
                    });
            assertThat(buoy.server("app", "s1").ejected().orElseThrow().why())
                    .contains("the last server-reset");
            for (int i = 0; i < 6; i++) {
                assertThat(get(buoy)).endsWith("h2");
            }
        }
    }

    /** What is under way ends as it began. */
    @Test
    void aReloadChangesWhatAServerIsSpokenToIn() throws Exception {
        AtomicBoolean upgraded = new AtomicBoolean();
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    if (upgraded.get()) {
                                        talks(socket, ServerStreamsPoolTest::well);
                                    } else {
                                        speaksOldly(socket);
                                    }
                                });
                Running buoy = Running.start(config(Protocol.HTTP1, server));
                Caller early = new Caller(buoy.port("web"))) {
            assertThat(get(buoy)).endsWith("h1");
            early.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1\n\n");
            Await.until("it has come", () -> buoy.server("app", "s1").active() == 1);
            upgraded.set(true);
            buoy.apply(config(Protocol.H2C, server));
            assertThat(get(buoy)).endsWith("h2");
            assertThat(early.raw("x").response()).endsWith("h1");
            assertThat(early.get("/").response()).endsWith("h2");

            upgraded.set(false);
            buoy.apply(config(Protocol.HTTP1, server));
            assertThat(get(buoy)).endsWith("h1");
            assertThat(early.get("/").response()).endsWith("h1");
        }
    }

    /** Answers each head, behind the octet that it announces. */
    private static void speaksOldly(Socket socket) throws IOException {
        StringBuilder said = new StringBuilder();
        for (int octet = socket.getInputStream().read();
                octet >= 0;
                octet = socket.getInputStream().read()) {
            said.append((char) octet);
            String all = said.toString();
            if (all.endsWith("\r\n\r\nx") || (all.endsWith("\r\n\r\n") && all.startsWith("GET"))) {
                socket.getOutputStream()
                        .write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh1"
                                        .getBytes(StandardCharsets.US_ASCII));
                said.setLength(0);
            }
        }
    }
}
