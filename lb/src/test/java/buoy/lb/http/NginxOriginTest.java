package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Protocol;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Peer;
import buoy.lb.kit.Running;
import buoy.lb.pool.Reason;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 to NGINX, within TLS and in clear. */
class NginxOriginTest {
    private static final int SIZE = 3_000_000;

    @TempDir static Path directory;

    private static Authority authority;
    private static int secret;
    private static int clear;
    private static int http1;
    private static Peer nginx;

    @BeforeAll
    static void start() throws Exception {
        assumeThat(Peer.NGINX).exists();
        authority = new Authority(directory);
        var _ = authority.pair("app", "DNS:app.internal");
        Files.writeString(directory.resolve("big"), "x".repeat(SIZE));
        secret = Peer.freePort();
        clear = Peer.freePort();
        http1 = Peer.freePort();
        nginx =
                Peer.nginx(
                        secret,
                        directory,
                        """
                        client_max_body_size 0;
                        ssl_certificate %1$s/app.crt;
                        ssl_certificate_key %1$s/app.key;
                        root %1$s;
                        server {
                          listen 127.0.0.1:%2$d ssl http2;
                          listen 127.0.0.1:%3$d http2;
                          listen 127.0.0.1:%4$d ssl;
                          location / { return 200 "$server_protocol $scheme $http_host $request_method $connection_requests"; }
                          location = /asked { return 200 $ssl_server_name; }
                          location = /big { }
                        }
                        """
                                .formatted(directory, secret, clear, http1));
    }

    @AfterAll
    static void stop() {
        nginx.close();
    }

    private static Config config(Protocol protocol, Optional<Health> health, int port) {
        return Configs.of(
                List.of(Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.speaking(
                                Configs.pool(
                                        "app",
                                        new Pool.Balance.RoundRobin(),
                                        health,
                                        Pool.OnDown.KEEP_SESSIONS,
                                        new Endpoint(InetAddress.getLoopbackAddress(), port)),
                                protocol)));
    }

    private static Running before(Protocol protocol, Optional<Health> health, int port)
            throws Exception {
        return protocol == Protocol.H2
                ? Running.start(config(protocol, health, port), towards("app.internal"))
                : Running.start(config(protocol, health, port));
    }

    private static Secured towards(String name) {
        return Authority.towards("app", authority.towards(name));
    }

    private static int port(Protocol protocol) {
        return protocol == Protocol.H2 ? secret : clear;
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"H2", "H2C"})
    void exchangesShareAConnection(Protocol protocol) throws Exception {
        String scheme = protocol == Protocol.H2 ? "https" : "http";
        try (Running buoy = before(protocol, Optional.empty(), port(protocol));
                Caller caller = new Caller(buoy.port("web"))) {
            for (int i = 1; i < 4; i++) {
                caller.send("GET / HTTP/1.1\nHost: app.example\n\n");
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
                String expected = "HTTP/2.0 " + scheme + " app.example GET " + i;
                assertThat(caller.read(expected.length())).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"H2", "H2C"})
    void muchContentPassesBothWays(Protocol protocol) throws Exception {
        try (Running buoy = before(protocol, Optional.empty(), port(protocol));
                Caller caller = new Caller(buoy.port("web"))) {
            caller.send("GET /big HTTP/1.1\nHost: app.example\n\n");
            assertThat(caller.head()).contains("content-length: " + SIZE);
            assertThat(caller.read(SIZE)).isEqualTo("x".repeat(SIZE));
            caller.send(
                    "POST / HTTP/1.1\nHost: app.example\nConnection: close\nContent-Length: "
                            + SIZE
                            + "\n\n");
            caller.raw("y".repeat(SIZE));
            assertThat(caller.rest()).startsWith("HTTP/1.1 200 ").contains("POST");
        }
    }

    /** Whose certificate is wanted is said (SNI). */
    @Test
    void theServerIsToldWhoItShouldBe() throws Exception {
        try (Running buoy = before(Protocol.H2, Optional.empty(), secret);
                Caller caller = new Caller(buoy.port("web"))) {
            assertThat(caller.get("/asked").response()).endsWith("\n\napp.internal");
        }
    }

    @Test
    void whoDoesNotChooseItIsNotAsked() throws Exception {
        try (Running buoy = before(Protocol.H2, Optional.empty(), http1);
                Caller caller = new Caller(buoy.port("web"))) {
            assertThat(caller.get("/").response()).endsWith("502 server-not-http2\n");
            assertThat(buoy.listener("web").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_NOT_HTTP2, 1L));
        }
    }

    @Test
    void whoIsNotWhoItShouldBeIsNotAsked() throws Exception {
        try (Running buoy =
                        Running.start(
                                config(Protocol.H2, Optional.empty(), secret),
                                towards("other.internal"));
                Caller caller = new Caller(buoy.port("web"))) {
            assertThat(caller.get("/").response()).endsWith("502 server-tls-failed\n");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"H2", "H2C"})
    void checksSpeakItToo(Protocol protocol) throws Exception {
        Health health =
                Configs.health(
                        new Health.Probe.Http(
                                "GET",
                                "/health",
                                new Health.StatusRange(200, 200),
                                Optional.of("HTTP/2.0"),
                                Optional.of("app.example"),
                                OptionalInt.empty()));
        try (Running buoy = before(protocol, Optional.of(health), port(protocol))) {
            Await.until("it is up", () -> buoy.up("app") == 1);
            assertThat(buoy.server("app", "s1").health().why()).isEqualTo("HTTP 200");
        }
    }
}
