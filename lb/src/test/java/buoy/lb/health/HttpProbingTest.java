package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.StatusRange;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.TestServer;
import com.google.re2j.Pattern;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    boolean named = "buoy".equals(exchange.getRequestHeaders().getFirst("X-Probe"));
                    byte[] body = "version 17 is ready".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(named ? 301 : 403, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Door door(Endpoint at, Protocol protocol) {
        return new Door(
                new ServerAddress.Fixed(at),
                at,
                Optional::empty,
                Optional::empty,
                () -> protocol,
                Optional::empty);
    }

    private Outcome ask(Map<String, String> headers, String pattern, StatusRange... expect) {
        Probe.Http probe =
                new Probe.Http(
                        "GET",
                        "/",
                        headers,
                        List.of(expect),
                        Optional.of("ready"),
                        Optional.of(Pattern.compile(pattern)),
                        Optional.empty(),
                        OptionalInt.empty());
        Endpoint at = new Endpoint(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
        try (HttpProbing probing = new HttpProbing(probe, door(at, Protocol.HTTP1))) {
            return probing.ask(PATIENCE);
        }
    }

    @Test
    void fieldsRangesAndAPatternAreObeyed() {
        Map<String, String> named = Map.of("X-Probe", "buoy");
        StatusRange good = new StatusRange(200, 299);
        StatusRange moved = new StatusRange(301, 301);
        assertThat(ask(named, "version [0-9]+ ", good, moved))
                .isEqualTo(new Outcome.Passed("HTTP 301"));
        assertThat(ask(named, "^ready", good, moved))
                .isEqualTo(new Outcome.Failed("HTTP 301 with a body the pattern does not fit"));
        assertThat(ask(named, "ready", good)).isEqualTo(new Outcome.Failed("HTTP 301"));
        assertThat(ask(Map.of(), "ready", good, moved)).isEqualTo(new Outcome.Failed("HTTP 403"));
    }

    private static Probe.Http probe(String method, Optional<String> body) {
        StatusRange good = new StatusRange(200, 299);
        return new Probe.Http(method, "/", good, body, Optional.empty(), OptionalInt.empty());
    }

    /** Tells what each request was, and answers as its method wants it, as long as told to. */
    private static TestServer.Service answering(List<String> heads, int answers) {
        return socket -> {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            for (int i = 0; i < answers; i++) {
                StringBuilder head = new StringBuilder();
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    head.append(line).append('\n');
                    line = in.readLine();
                }
                if (line == null) {
                    return;
                }
                heads.add(head.toString());
                String answer =
                        switch (head.substring(0, head.indexOf(" "))) {
                            case "HEAD" -> "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
                            case "OPTIONS" -> "HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n";
                            default -> "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready";
                        };
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "GET,,200",
        "GET,ready,200",
        "HEAD,,200",
        "OPTIONS,,204",
        "POST,,200",
        "POST,ready,200"
    })
    void theConnectionIsKeptWhereTheServerKeepsIt(String method, String body, int status) {
        List<String> heads = new CopyOnWriteArrayList<>();
        Probe.Http probe = probe(method, Optional.ofNullable(body));
        try (TestServer origin = TestServer.start(answering(heads, Integer.MAX_VALUE));
                HttpProbing probing =
                        new HttpProbing(probe, door(origin.endpoint(), Protocol.HTTP1))) {
            for (int i = 0; i < 3; i++) {
                assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("HTTP " + status));
            }
            assertThat(origin.accepted()).isEqualTo(1);
            assertThat(heads)
                    .hasSize(3)
                    .allSatisfy(
                            head -> {
                                assertThat(head).startsWith(method + " / HTTP/1.1\n");
                                assertThat(head.contains("Content-Length: 0\n"))
                                        .isEqualTo(method.equals("POST"));
                            });
        }
    }

    /** Some servers say that they waited long enough. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 408 Late\r\nConnection: close\r\n\r\n"})
    void aKeptConnectionThatEndedIsNoFailure(String parting) {
        List<String> heads = new CopyOnWriteArrayList<>();
        TestServer.Service once = answering(heads, 1);
        try (TestServer origin =
                        TestServer.start(
                                socket -> {
                                    once.serve(socket);
                                    // Unread, the next request would reset what is said.
                                    int _ = socket.getInputStream().read(new byte[1024]);
                                    socket.getOutputStream()
                                            .write(parting.getBytes(StandardCharsets.US_ASCII));
                                });
                HttpProbing probing =
                        new HttpProbing(
                                probe("GET", Optional.of("ready")),
                                door(origin.endpoint(), Protocol.HTTP1))) {
            for (int i = 0; i < 3; i++) {
                assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("HTTP 200"));
            }
            assertThat(origin.accepted()).isEqualTo(3);
        }
    }

    /** Its status is enough, and its connection is not at the start of a next answer. */
    @Test
    void anAnswerThatDoesNotEndIsNotWaitedFor() {
        String begun = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nrea";
        try (TestServer origin =
                        TestServer.start(
                                socket -> {
                                    socket.getOutputStream()
                                            .write(begun.getBytes(StandardCharsets.US_ASCII));
                                    socket.getInputStream()
                                            .transferTo(OutputStream.nullOutputStream());
                                });
                HttpProbing probing =
                        new HttpProbing(
                                probe("GET", Optional.empty()),
                                door(origin.endpoint(), Protocol.HTTP1))) {
            for (int i = 0; i < 2; i++) {
                assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("HTTP 200"));
            }
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    /** What it proved then says nothing of what holds now. */
    @Test
    void aConnectionOfOtherTermsIsNotUsedAgain() {
        List<String> heads = new CopyOnWriteArrayList<>();
        AtomicReference<Optional<SendProxy>> proxy = new AtomicReference<>(Optional.empty());
        try (TestServer origin = TestServer.start(answering(heads, Integer.MAX_VALUE))) {
            Door door =
                    new Door(
                            new ServerAddress.Fixed(origin.endpoint()),
                            origin.endpoint(),
                            Optional::empty,
                            proxy::get,
                            () -> Protocol.HTTP1,
                            Optional::empty);
            try (HttpProbing probing = new HttpProbing(probe("GET", Optional.empty()), door)) {
                assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("HTTP 200"));
                proxy.set(Optional.of(SendProxy.V1));
                var _ = probing.ask(PATIENCE);
                assertThat(origin.accepted()).isEqualTo(2);
                assertThat(heads.getLast()).startsWith("PROXY ");
            }
        }
    }
}
