package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.StatusRange;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.ServerAddress;
import com.google.re2j.Pattern;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpProbingTest {
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
        Door door =
                new Door(
                        new ServerAddress.Fixed(at),
                        at,
                        Optional::empty,
                        Optional::empty,
                        () -> Protocol.HTTP1,
                        Optional::empty);
        try (HttpProbing probing = new HttpProbing(probe, door)) {
            return probing.ask(Duration.ofSeconds(10));
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
}
