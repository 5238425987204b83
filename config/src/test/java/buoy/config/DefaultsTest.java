package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AdminSettings;
import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.ListenerTls;
import buoy.config.model.LogSettings;
import buoy.config.model.Notify;
import buoy.config.model.Pool;
import buoy.config.model.Prefix;
import buoy.config.model.ProcessSettings;
import buoy.config.model.Secret;
import buoy.config.model.StatsSettings;
import buoy.config.model.VirtualRouter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every default is the one that the reference gives after {@code #=}. */
class DefaultsTest {
    private static final Config CONFIG =
            Written.accepted(
                    """
                    vrrp:
                      web: {interface: eth0, router-id: 51, addresses: [198.51.100.100/24]}
                      near: {interface: eth0, router-id: 52, addresses: [198.51.100.101/24], unicast: {peers: [198.51.100.2]}}
                    certificates:
                      site: {chain: /etc/buoy/site.crt, key: /etc/buoy/site.key}
                    listeners:
                      web: {bind: ["198.51.100.100:443"], protocol: http, tls: {certificates: [site]}, pool: app}
                      raw: {bind: ["198.51.100.100:1883"], protocol: tcp, pool: app}
                      db: {bind: ["198.51.100.100:5432"], protocol: postgres, pool: db}
                    pools:
                      app: {servers: {app1: "198.51.100.11:5000"}, health: {http: {}}}
                      db: {servers: ["198.51.100.21:5432"], health: {patroni: {role: primary}, every: 1s}}
                      asked: {servers: ["198.51.100.21:5432"], health: {postgres: {role: primary, user: buoy}}}
                      blind: {servers: [198.51.100.11:5000]}
                    """);

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }

    @Test
    void ofTheProgram() {
        assertThat(CONFIG.log())
                .isEqualTo(new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT));
        assertThat(CONFIG.process())
                .isEqualTo(
                        new ProcessSettings(
                                OptionalInt.empty(),
                                ProcessSettings.Transport.AUTO,
                                Duration.ofSeconds(30),
                                OptionalInt.empty(),
                                Path.of("/var/lib/buoy"),
                                true));
        assertThat(CONFIG.admin()).isEqualTo(new AdminSettings(Path.of("/run/buoy/admin.sock")));
        assertThat(CONFIG.stats()).isEqualTo(new StatsSettings(endpoint("127.0.0.1", 8404)));
    }

    @Test
    void ofARouter() {
        assertThat(CONFIG.routers().get("web"))
                .isEqualTo(
                        new VirtualRouter(
                                "web",
                                "eth0",
                                51,
                                100,
                                VirtualRouter.Version.V3,
                                Duration.ofSeconds(1),
                                true,
                                Duration.ZERO,
                                Duration.ZERO,
                                List.of(new Prefix(InetAddress.ofLiteral("198.51.100.100"), 24)),
                                List.of(),
                                List.of(),
                                List.of(),
                                new VirtualRouter.Reach.Multicast(),
                                false,
                                true,
                                VirtualRouter.Checksum.COMPATIBLE,
                                Duration.ofSeconds(3),
                                Optional.empty(),
                                Optional.empty(),
                                new VirtualRouter.Announce(5, Duration.ofSeconds(1), Duration.ZERO),
                                List.of(),
                                Notify.NOBODY));
    }

    @Test
    void ofUnicast() {
        assertThat(CONFIG.routers().get("near"))
                .extracting("reach")
                .isEqualTo(
                        new VirtualRouter.Reach.Unicast(
                                List.of(InetAddress.ofLiteral("198.51.100.2")),
                                Optional.empty(),
                                255,
                                255));
    }

    @Test
    void ofAnHttpListener() {
        assertThat(CONFIG.listeners().get("web"))
                .isEqualTo(
                        new Listener.Http(
                                "web",
                                List.of(endpoint("198.51.100.100", 443)),
                                OptionalInt.empty(),
                                Optional.of(
                                        // The reference offers h2 first; this version has not got
                                        // it.
                                        new ListenerTls(
                                                List.of("site"),
                                                ListenerTls.Policy.INTERMEDIATE,
                                                Optional.empty(),
                                                List.of("h2", "http/1.1"),
                                                ListenerTls.UnknownNames.DEFAULT,
                                                Optional.empty(),
                                                true,
                                                Optional.empty())),
                                List.of(),
                                new Listener.HttpTimeouts(
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(60),
                                        Duration.ofHours(1)),
                                new Listener.HttpLimits(16 * 1024, 100, OptionalLong.empty()),
                                Listener.Headers.NONE,
                                List.of(
                                        new Listener.Route(
                                                Listener.Match.ANY,
                                                new Listener.Action.ToPool("app")))));
    }

    @Test
    void ofListenersOfSessions() {
        assertThat(CONFIG.listeners().get("raw"))
                .isEqualTo(
                        new Listener.Tcp(
                                "raw",
                                List.of(endpoint("198.51.100.100", 1883)),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Duration.ofHours(1),
                                "app"));
        assertThat(CONFIG.listeners().get("db"))
                .isEqualTo(
                        new Listener.Postgres(
                                "db",
                                List.of(endpoint("198.51.100.100", 5432)),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Duration.ofHours(1),
                                List.of(
                                        new Listener.PostgresRoute(
                                                Listener.PostgresMatch.ANY, "db"))));
    }

    @Test
    void ofAPool() {
        assertThat(CONFIG.pools().get("app"))
                .isEqualTo(
                        new Pool(
                                "app",
                                new Pool.Balance.RoundRobin(),
                                List.of(
                                        new Pool.Server(
                                                "app1", endpoint("198.51.100.11", 5000), 1)),
                                Optional.of(
                                        new Health(
                                                new Health.Probe.Http(
                                                        "GET",
                                                        "/",
                                                        new Health.StatusRange(200, 299),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        OptionalInt.empty()),
                                                Duration.ofSeconds(2),
                                                Duration.ofSeconds(1),
                                                3,
                                                2,
                                                Duration.ofSeconds(2))),
                                new Pool.Retries(
                                        2, Pool.When.CONNECT, Set.of("GET", "HEAD", "OPTIONS"), 20),
                                new Pool.Timeouts(
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(60),
                                        Duration.ofSeconds(60)),
                                Duration.ofSeconds(30),
                                Pool.OnDown.KEEP_SESSIONS,
                                Pool.Hold.OFF,
                                Optional.empty(),
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(CONFIG.pools().get("blind")).extracting("health").isEqualTo(Optional.empty());
    }

    @Test
    void fastChecksAreAsSlowAsTheOthers() {
        assertThat(CONFIG.pools().get("db"))
                .extracting("health")
                .isEqualTo(
                        Optional.of(
                                new Health(
                                        new Health.Probe.Patroni(
                                                Health.Role.PRIMARY,
                                                8008,
                                                OptionalLong.empty(),
                                                Optional.empty()),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        3,
                                        2,
                                        Duration.ofSeconds(1))));
    }

    @Test
    void ofAQuestionToPostgres() {
        assertThat(
                        Objects.requireNonNull(CONFIG.pools().get("asked"))
                                .health()
                                .orElseThrow()
                                .probe())
                .isEqualTo(
                        new Health.Probe.Postgres(
                                Health.Role.PRIMARY,
                                "buoy",
                                Secret.NONE,
                                "postgres",
                                OptionalInt.empty(),
                                OptionalLong.empty()));
    }

    @Test
    void aServerOfAListIsNamedByItsAddress() {
        assertThat(CONFIG.pools().get("db"))
                .extracting("servers")
                .isEqualTo(
                        List.of(
                                new Pool.Server(
                                        "198.51.100.21:5432", endpoint("198.51.100.21", 5432), 1)));
    }

    @Test
    void theDrainOfAPoolIsThatOfTheProcess() {
        Config config =
                Written.accepted(
                        """
                        process: {drain: 5m}
                        pools:
                          a: {servers: [198.51.100.11:5000], health: {tcp: {}}}
                          b: {servers: [198.51.100.11:5000], health: {tcp: {}}, drain: 1h}
                        """);

        assertThat(config.pools().values())
                .extracting(Pool::drain)
                .containsExactly(Duration.ofMinutes(5), Duration.ofHours(1));
    }
}
