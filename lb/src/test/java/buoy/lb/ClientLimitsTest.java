package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.RateLimit;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What one client may take. Two workers. */
class ClientLimitsTest {
    private static Config tcp(TestServer server, OptionalInt perClient) {
        Listener.Tcp raw = Configs.tcp("raw", "app");
        return Configs.of(
                List.of(
                        new Listener.Tcp(
                                raw.name(),
                                raw.bind(),
                                raw.maxConnections(),
                                raw.tls(),
                                raw.idle(),
                                raw.routes(),
                                new Listener.Admission(perClient, List.of()))),
                List.of(Configs.pool("app", server.endpoint())));
    }

    private static boolean isServed(Socket client) throws Exception {
        return TestServer.said(client).equals("hello");
    }

    @Test
    void aClientHasAsManyConnectionsAsItMayOverAllWorkers() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (TestServer server = TestServer.saying("hello");
                Running buoy = Running.start(tcp(server, OptionalInt.of(6)))) {
            for (int i = 0; i < 6; i++) {
                clients.add(buoy.connect("raw"));
                assertThat(isServed(clients.getLast())).isTrue();
            }
            for (int i = 0; i < 8; i++) {
                try (Socket refused = buoy.connect("raw")) {
                    assertThat(refused.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.CLIENT_CONNECTION_LIMIT, 8L));
            clients.removeLast().close();
            Await.until("one left", () -> buoy.listener("raw").connections() == 5);
            clients.add(buoy.connect("raw"));
            assertThat(isServed(clients.getLast())).isTrue();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aReloadChangesTheBoundAndStillKnowsWhoIsThere() throws Exception {
        try (TestServer server = TestServer.saying("hello");
                Running buoy = Running.start(tcp(server, OptionalInt.of(1)));
                Socket first = buoy.connect("raw")) {
            assertThat(isServed(first)).isTrue();
            buoy.apply(tcp(server, OptionalInt.of(2)));
            try (Socket second = buoy.connect("raw");
                    Socket third = buoy.connect("raw")) {
                assertThat(isServed(second)).isTrue();
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }
            buoy.apply(tcp(server, OptionalInt.empty()));
            try (Socket second = buoy.connect("raw");
                    Socket third = buoy.connect("raw")) {
                assertThat(isServed(second)).isTrue();
                assertThat(isServed(third)).isTrue();
            }
        }
    }

    @Test
    void aReloadDoesNotForgetHowOftenAClientAsked() throws Exception {
        Listener.Http web = Configs.http("web", List.of(Configs.loopback(0)), "app");
        Config config =
                Configs.of(
                        List.of(
                                new Listener.Http(
                                        web.name(),
                                        web.bind(),
                                        web.maxConnections(),
                                        web.tls(),
                                        web.trustedProxies(),
                                        web.timeouts(),
                                        new Listener.HttpLimits(
                                                1024,
                                                10,
                                                web.limits().body(),
                                                Optional.of(
                                                        new RateLimit(
                                                                Duration.ofSeconds(1000),
                                                                2,
                                                                new RateLimit.Key
                                                                        .ClientAddress()))),
                                        web.headers(),
                                        Map.of(),
                                        List.of(
                                                new Listener.Route(
                                                        Listener.Match.ANY,
                                                        new Listener.Action.Respond(200, "x"))),
                                        Optional.empty(),
                                        Listener.Admission.ANY)),
                        List.of());
        try (Running buoy = Running.start(config);
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:%d/".formatted(buoy.port("web")));
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(client.send(request, BodyHandlers.ofString()).statusCode());
                buoy.apply(config);
            }
            assertThat(statuses).containsExactly(200, 200, 429, 429);
        }
    }
}
