package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.Config;
import buoy.config.model.Health;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Pool;
import buoy.config.model.Secret;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.RealPostgres.Said;
import buoy.lb.kit.Running;
import buoy.lb.pool.Protection;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's TLS, ended here and begun anew towards servers. */
class PostgresTlsTest {
    private static final String SSL_REQUEST = "0000000804d2162f";
    private static final String GSS_REQUEST = "0000000804d21630";

    /** StartupMessage 3.0 of user postgres. */
    private static final String HELLO = "0000001700030000" + "7573657200706f73746772657300" + "00";

    private static final String ENCRYPTED =
            "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

    @TempDir static Path directory;

    private static Authority authority;
    private static Certificate site;
    private static RealPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        authority = new Authority(directory);
        site = authority.pair("site", "DNS:db.example,DNS:localhost,IP:127.0.0.1");
        var _ = authority.pair("server", "DNS:pg.internal");
        postgres = RealPostgres.start();
        postgres.show(authority, "server");
        var _ =
                postgres.query(
                        "create role proven login password 'it is' in role pg_monitor;"
                                + " create role shown login");
        postgres.access(
                """
                hostssl all proven 127.0.0.1/32 scram-sha-256
                host    all proven 127.0.0.1/32 reject
                hostssl all shown  127.0.0.1/32 cert
                host    all shown  127.0.0.1/32 reject
                host    all all    127.0.0.1/32 trust
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static Config config() {
        return Configs.of(
                List.of(Configs.postgres("db", "pg")),
                List.of(Configs.pool("pg", postgres.endpoint())));
    }

    private static Running buoy(boolean clients, Optional<Protection> servers) throws Exception {
        return buoy(config(), clients, servers);
    }

    private static Running buoy(Config config, boolean clients, Optional<Protection> servers)
            throws Exception {
        return Running.start(
                config,
                new Secured(
                        clients ? Map.of("db", Authority.listener(site, "postgresql")) : Map.of(),
                        servers.map(each -> Map.of("pg", each)).orElse(Map.of())));
    }

    private static Optional<Protection> towards(String name) {
        return Optional.of(
                new Protection(
                        Optional.of(authority.towards(name)),
                        Optional.of(authority.towards(name))));
    }

    private static String target(Running buoy, String rest) {
        return "hostaddr=127.0.0.1 port=%d dbname=postgres sslrootcert=%s %s"
                .formatted(buoy.port("db"), authority.ca(), rest);
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex));
        socket.getOutputStream().flush();
    }

    /** Goes through a session's start; the type of the first message, if there was one. */
    private static int startsWith(Socket socket) throws IOException {
        return socket.getInputStream().read();
    }

    // ---- ended here ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=db.example sslmode=disable",
                "host=db.example sslmode=prefer",
                "host=db.example sslmode=require",
                "host=other.example sslmode=verify-ca",
                "host=db.example sslmode=verify-full"
            })
    void psqlConnects(String how) throws Exception {
        try (Running buoy = buoy(true, Optional.empty())) {
            assertThat(RealPostgres.psql(target(buoy, "user=postgres " + how), ENCRYPTED))
                    .isEqualTo(new Said(0, "f"));
            Await.until("the session is over", () -> buoy.server("pg", "s1").active() == 0);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    @Test
    void psqlDoesNotTakeUsForSomebodyElse() throws Exception {
        try (Running buoy = buoy(true, Optional.empty())) {
            assertThat(
                            RealPostgres.psql(
                                            target(
                                                    buoy,
                                                    "user=postgres host=other.example"
                                                            + " sslmode=verify-full"),
                                            ENCRYPTED)
                                    .output())
                    .contains("does not match host name \"other.example\"");
        }
    }

    @Test
    void matchesSeeWhatTlsHid() throws Exception {
        Config config =
                Configs.of(
                        List.of(
                                Configs.postgres(
                                        "db",
                                        new PostgresRoute(
                                                new PostgresMatch(
                                                        Optional.of("template1"), Optional.empty()),
                                                "pg"))),
                        List.of(Configs.pool("pg", postgres.endpoint())));
        try (Running buoy = buoy(config, true, Optional.empty())) {
            String to = target(buoy, "user=postgres host=db.example sslmode=verify-full");
            assertThat(RealPostgres.psql(to + " dbname=template1", "select 1"))
                    .isEqualTo(new Said(0, "1"));
            assertThat(RealPostgres.psql(to, "select 1").output())
                    .contains("no route here for user \"postgres\", database \"postgres\"");
        }
    }

    @Test
    void encryptionByGssIsDeclinedAndTlsGiven() throws Exception {
        try (Running buoy = buoy(true, Optional.empty());
                Socket plain = buoy.connect("db")) {
            send(plain, GSS_REQUEST);
            assertThat(startsWith(plain)).isEqualTo('N');
            send(plain, SSL_REQUEST);
            assertThat(startsWith(plain)).isEqualTo('S');
            try (SSLSocket client = authority.client(plain, "db.example")) {
                send(client, HELLO);
                assertThat(startsWith(client)).isEqualTo('R');
            }
        }
    }

    @Test
    void whatIsSentBeforeTheHandshakeIsRefused() throws Exception {
        try (Running buoy = buoy(true, Optional.empty());
                Socket client = buoy.connect("db")) {
            send(client, SSL_REQUEST + HELLO);
            assertThat(startsWith(client)).isEqualTo(-1);
            assertThat(buoy.listener("db").totals().failures())
                    .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
        }
    }

    @Test
    void tlsIsNotAskedForTwice() throws Exception {
        try (Running buoy = buoy(true, Optional.empty());
                Socket plain = buoy.connect("db")) {
            send(plain, SSL_REQUEST);
            assertThat(startsWith(plain)).isEqualTo('S');
            try (SSLSocket client = authority.client(plain, "db.example")) {
                send(client, SSL_REQUEST);
                assertThat(startsWith(client)).isEqualTo(-1);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
            }
        }
    }

    @Test
    void aClientMayBeginWithTheHandshake() throws Exception {
        try (Running buoy = buoy(true, towards("pg.internal"));
                SSLSocket client =
                        authority.client(buoy.connect("db"), "db.example", "postgresql")) {
            send(client, HELLO);
            assertThat(startsWith(client)).isEqualTo('R');
            assertThat(client.getApplicationProtocol()).isEqualTo("postgresql");
        }
    }

    @Test
    void thenItHasToNameTheProtocol() throws Exception {
        try (Running buoy = buoy(true, Optional.empty());
                SSLSocket client = authority.client(buoy.connect("db"), "db.example", "http/1.1")) {
            client.startHandshake();
            assertThat(startsWith(client)).isEqualTo(-1);
            assertThat(buoy.listener("db").totals().failures())
                    .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
        }
    }

    @Test
    void psqlSaysWhyNoServerTakesIt() throws Exception {
        Config nobody =
                Configs.of(List.of(Configs.postgres("db", "pg")), List.of(Configs.pool("pg")));
        try (Running buoy = buoy(nobody, true, Optional.empty())) {
            assertThat(
                            RealPostgres.psql(
                                            target(
                                                    buoy,
                                                    "user=postgres host=db.example"
                                                            + " sslmode=verify-full"),
                                            "select 1")
                                    .output())
                    .contains("no database server is available now (no-server-up)");
        }
    }

    // ---- towards servers ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void towardsTheServerTlsBeginsAnew(boolean clients) throws Exception {
        try (Running buoy = buoy(clients, towards("pg.internal"))) {
            assertThat(
                            RealPostgres.psql(
                                    target(buoy, "user=postgres host=db.example sslmode=prefer"),
                                    ENCRYPTED))
                    .isEqualTo(new Said(0, "t"));
            assertThat(
                            RealPostgres.psql(
                                            target(
                                                    buoy,
                                                    "user=postgres host=db.example"
                                                            + " sslmode=require"),
                                            ENCRYPTED)
                                    .exit())
                    .isEqualTo(clients ? 0 : 2);
        }
    }

    @Test
    void aServerThatIsNotWhoItShouldBeIsNotSpokenTo() throws Exception {
        try (Running buoy = buoy(true, towards("other.internal"))) {
            assertThat(
                            RealPostgres.psql(
                                            target(
                                                    buoy,
                                                    "user=postgres host=db.example"
                                                            + " sslmode=require"),
                                            ENCRYPTED)
                                    .output())
                    .contains("no database server is available now (server-tls-failed)");
        }
    }

    @Test
    void aServerMayAskUsForACertificate() throws Exception {
        Certificate shown = authority.pair("shown", "DNS:buoy.internal");
        Optional<Protection> both =
                Optional.of(
                        new Protection(
                                Optional.of(authority.towards("pg.internal", Optional.of(shown))),
                                Optional.empty()));
        try (Running with = buoy(true, both);
                Running without = buoy(true, towards("pg.internal"))) {
            String how = "user=shown host=db.example sslmode=require";
            assertThat(RealPostgres.psql(target(with, how), "select current_user"))
                    .isEqualTo(new Said(0, "shown"));
            assertThat(RealPostgres.psql(target(without, how), "select current_user").output())
                    .contains("connection requires a valid client certificate");
        }
    }

    @Test
    void scramIsBoundToTheChannelWhereBothLegsShowOneCertificate() throws Exception {
        String binding = "user=proven password='it is' host=db.example sslmode=require";
        try (Running buoy = buoy(true, towards("pg.internal"))) {
            assertThat(RealPostgres.psql(target(buoy, binding), "select 1").output())
                    .contains("SCRAM channel binding check failed");
            assertThat(
                            RealPostgres.psql(
                                    target(buoy, binding + " channel_binding=disable"), "select 1"))
                    .isEqualTo(new Said(0, "1"));
        }
        try (Running buoy =
                Running.start(
                        config(),
                        new Secured(
                                Map.of(
                                        "db",
                                        Authority.listener(
                                                new Certificate.Pair(
                                                        "same",
                                                        authority.file("server.crt"),
                                                        authority.file("server.key")),
                                                "postgresql")),
                                Map.of("pg", towards("pg.internal").orElseThrow())))) {
            assertThat(
                            RealPostgres.psql(
                                    target(buoy, binding + " channel_binding=require"), "select 1"))
                    .isEqualTo(new Said(0, "1"));
        }
    }

    @Test
    void aQueryIsCancelledWhereverItsTlsEnds() throws Exception {
        for (boolean clients : new boolean[] {true, false}) {
            try (Running buoy = buoy(clients, towards("pg.internal"))) {
                Process psql =
                        new ProcessBuilder(
                                        "psql",
                                        "-X",
                                        target(buoy, "user=postgres host=db.example"),
                                        "-c",
                                        "select 'cancel me %s', pg_sleep(60)".formatted(clients))
                                .redirectErrorStream(true)
                                .start();
                Await.until(
                        "the query runs",
                        () ->
                                postgres.answers(
                                        "select count(*) from pg_stat_activity where query"
                                                + " like 'select ''cancel me %s%%'"
                                                        .formatted(clients),
                                        "1"));
                new ProcessBuilder("kill", "-INT", "" + psql.pid()).start().waitFor();
                assertThat(RealPostgres.said(psql).output())
                        .contains("canceling statement due to user request");
            }
        }
    }

    @Test
    void checksSpeakTlsToo() throws Exception {
        Health health =
                Configs.health(
                        new Health.Probe.Postgres(
                                Health.Role.PRIMARY,
                                "proven",
                                new Secret("it is"),
                                "postgres",
                                OptionalInt.empty(),
                                OptionalLong.empty()));
        Config config =
                Configs.of(
                        List.of(Configs.postgres("db", "pg")),
                        List.of(
                                Configs.pool(
                                        "pg",
                                        new Pool.Balance.RoundRobin(),
                                        Optional.of(health),
                                        Pool.OnDown.CLOSE_SESSIONS,
                                        postgres.endpoint())));
        try (Running right = buoy(config, true, towards("pg.internal"));
                Running wrong = buoy(config, true, towards("other.internal"));
                Running plain = buoy(config, true, Optional.empty())) {
            Await.until("it is up", () -> right.up("pg") == 1);
            assertThat(
                            postgres.query(
                                    "select count(*) from pg_stat_ssl join pg_stat_activity"
                                            + " using (pid) where usename = 'proven' and ssl"))
                    .isEqualTo("1");
            Await.until("it is down", () -> wrong.up("pg") == 0 && plain.up("pg") == 0);
            assertThat(wrong.server("pg", "s1").health().why()).contains("TLS: ", "other.internal");
            assertThat(plain.server("pg", "s1").health().why())
                    .contains("pg_hba.conf rejects connection");
        }
    }
}
