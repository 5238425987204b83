package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Pool;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.RealPostgres.Said;
import buoy.lb.kit.Running;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSessionTest {
    private static Config config(Endpoint... servers) {
        return Configs.of(
                List.of(Configs.postgres("db", "pg")), List.of(Configs.pool("pg", servers)));
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** StartupMessage 3.0 of user bob. */
    private static final String HELLO = "00000012 00030000 7573657200 626f6200 00";

    @Nested
    class WithoutAServer {
        private static void assertRefused(Socket client) throws IOException {
            String error =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(error).startsWith("E").contains("SFATAL\0", "C57P03\0").endsWith("\0\0");
        }

        @Test
        void theClientGetsAProperError() throws Exception {
            try (Running buoy = Running.start(config());
                    Socket client = buoy.connect("db")) {
                send(client, HELLO);
                assertRefused(client);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.NO_SERVER_UP, 1L));
            }
        }

        @Test
        void aClientThatAsksForEncryptionFirstGetsItAfterwards() throws Exception {
            try (Running buoy = Running.start(config());
                    Socket client = buoy.connect("db")) {
                InputStream in = client.getInputStream();
                send(client, "00000008 04d21630");
                assertThat(in.read()).isEqualTo('N');
                send(client, "00000008 04d2162f");
                assertThat(in.read()).isEqualTo('N');
                send(client, HELLO);
                assertRefused(client);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.NO_SERVER_UP, 1L));
            }
        }

        @Test
        void whatNoPostgresClientSaysIsCountedAndClosed() throws Exception {
            try (Running buoy = Running.start(config());
                    Socket client = buoy.connect("db")) {
                client.getOutputStream()
                        .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
            }
        }

        @Test
        void aClientThatLeavesWithoutAWordIsCounted() throws Exception {
            try (Running buoy = Running.start(config())) {
                buoy.connect("db").close();
                Await.until(
                        "it is counted",
                        () ->
                                buoy.listener("db")
                                        .totals()
                                        .failures()
                                        .equals(Map.of(Reason.CLIENT_CLOSED, 1L)));
            }
        }

        @Test
        void aMessageMayArriveByteByByte() throws Exception {
            try (Running buoy = Running.start(config());
                    Socket client = buoy.connect("db")) {
                client.setTcpNoDelay(true);
                for (byte octet : HexFormat.of().parseHex(HELLO.replace(" ", ""))) {
                    client.getOutputStream().write(octet);
                }
                assertRefused(client);
            }
        }
    }

    @Nested
    class WithRoutes {
        private static Config routes() {
            return Configs.of(
                    List.of(
                            Configs.postgres(
                                    "db",
                                    route("reports", "bob", "pg"),
                                    route("shop", "eve", "pg"))),
                    List.of(Configs.pool("pg")));
        }

        private static PostgresRoute route(String database, String user, String pool) {
            return new PostgresRoute(
                    new PostgresMatch(Optional.of(database), Optional.of(user)), pool);
        }

        @Test
        void aSessionThatNoneTakesIsRefusedByName() throws Exception {
            try (Running buoy = Running.start(routes());
                    Socket client = buoy.connect("db")) {
                send(client, HELLO);
                String error =
                        new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(error)
                        .startsWith("E")
                        .contains("C08004\0", "no route here for user \"bob\", database \"bob\"");
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.NO_ROUTE, 1L));
            }
        }

        @Test
        void encryptionIsDeclinedBecauseItWouldHideWhoComes() throws Exception {
            try (Running buoy = Running.start(routes());
                    Socket client = buoy.connect("db")) {
                InputStream in = client.getInputStream();
                send(client, "00000008 04d2162f");
                assertThat(in.read()).isEqualTo('N');
                send(client, "00000008 04d21630");
                assertThat(in.read()).isEqualTo('N');
                send(client, "00000008 04d2162f");
                assertThat(in.read()).isEqualTo(-1);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
            }
        }

        @Test
        void bytesBehindARequestForEncryptionAreRefused() throws Exception {
            try (Running buoy = Running.start(routes());
                    Socket client = buoy.connect("db")) {
                send(client, "00000008 04d2162f" + HELLO);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(buoy.listener("db").totals().failures())
                        .isEqualTo(Map.of(Reason.BAD_STARTUP, 1L));
            }
        }
    }

    @Nested
    class WithARealServer {
        private static RealPostgres postgres;

        @BeforeAll
        static void start() throws Exception {
            postgres = RealPostgres.start();
        }

        @AfterAll
        static void stop() throws Exception {
            if (postgres != null) {
                postgres.close();
            }
        }

        @Test
        void psqlReadsAndWritesInThePlain() throws Exception {
            try (Running buoy = Running.start(config(postgres.endpoint()))) {
                Said said =
                        RealPostgres.psql(
                                buoy.port("db"),
                                "disable",
                                "create table t(a int); insert into t values (42); table t");
                assertThat(said).isEqualTo(new Said(0, "CREATE TABLE\nINSERT 0 1\n42"));
                Await.until("the session is over", () -> buoy.server("pg", "s1").active() == 0);
                assertThat(buoy.listener("db").totals().finished()).isEqualTo(1);
            }
        }

        /** As libpq finds it, on both sides; a cancel request too. */
        @Test
        void psqlComesToAUnixSocketAndItsQueryIsCancelledThere(@TempDir Path directory)
                throws Exception {
            Pool.Server server =
                    new Pool.Server(
                            "s1",
                            new ServerAddress.Local(postgres.socket()),
                            1,
                            OptionalInt.empty(),
                            false);
            Listener.Postgres usual = Configs.postgres("db", "pg");
            Listener listener =
                    new Listener.Postgres(
                            "db",
                            List.of(new UnixPath(directory.resolve(".s.PGSQL.5432").toString())),
                            usual.maxConnections(),
                            usual.tls(),
                            usual.idle(),
                            usual.routes());
            Config config =
                    Configs.of(
                            List.of(listener),
                            List.of(Configs.withServers(Configs.pool("pg"), List.of(server))));
            String target = "host=%s port=5432 user=postgres".formatted(directory);
            try (Running buoy = Running.start(config)) {
                assertThat(
                                RealPostgres.psql(
                                        target,
                                        "select count(*) from pg_stat_activity where pid ="
                                                + " pg_backend_pid() and client_addr is null"))
                        .isEqualTo(new Said(0, "1"));
                Process sleeping =
                        new ProcessBuilder("psql", "-X", target, "-c", "select pg_sleep(60)")
                                .redirectErrorStream(true)
                                .start();
                Await.until(
                        "the query runs",
                        () ->
                                postgres.answers(
                                        "select count(*) from pg_stat_activity where query ="
                                                + " 'select pg_sleep(60)' and state = 'active'",
                                        "1"));
                new ProcessBuilder("kill", "-INT", "" + sleeping.pid()).start().waitFor();
                assertThat(RealPostgres.said(sleeping).output())
                        .contains("canceling statement due to user request");
                Await.until("all are over", () -> buoy.listener("db").totals().finished() == 3);
            }
        }

        @Test
        void sessionsGoWhereTheirDatabaseAndUserSend() throws Exception {
            PostgresRoute other =
                    new PostgresRoute(
                            new PostgresMatch(Optional.of("template1"), Optional.empty()), "other");
            PostgresRoute rest = new PostgresRoute(PostgresMatch.ANY, "pg");
            Config config =
                    Configs.of(
                            List.of(Configs.postgres("db", other, rest)),
                            List.of(
                                    Configs.pool("pg", postgres.endpoint()),
                                    Configs.pool("other", postgres.endpoint())));
            try (Running buoy = Running.start(config)) {
                String ask = "select current_database()";
                assertThat(RealPostgres.psql(buoy.port("db"), "prefer", "template1", ask))
                        .isEqualTo(new Said(0, "template1"));
                assertThat(RealPostgres.psql(buoy.port("db"), "prefer", ask))
                        .isEqualTo(new Said(0, "postgres"));
                assertThat(RealPostgres.psql(buoy.port("db"), "require", ask).output())
                        .contains("server does not support SSL, but SSL was required");
                Await.until(
                        "one session of each pool is over",
                        () ->
                                buoy.server("other", "s1").totals().finished() == 1
                                        && buoy.server("pg", "s1").totals().finished() == 1);
            }
        }

        /** On one port; the server keeps what told it, as a parameter that it does not know. */
        @Test
        void sessionsGoWhereTheirParametersSend() throws Exception {
            PostgresRoute reads =
                    new PostgresRoute(
                            new PostgresMatch(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Map.of("buoy.role", "replica")),
                            "other");
            PostgresRoute rest = new PostgresRoute(PostgresMatch.ANY, "pg");
            Config config =
                    Configs.of(
                            List.of(Configs.postgres("db", reads, rest)),
                            List.of(
                                    Configs.pool("pg", postgres.endpoint()),
                                    Configs.pool("other", postgres.endpoint())));
            try (Running buoy = Running.start(config)) {
                String target =
                        "host=127.0.0.1 port=%d user=postgres dbname=postgres sslmode=disable"
                                .formatted(buoy.port("db"));
                String ask = "select current_setting('buoy.role', true)";
                assertThat(
                                RealPostgres.psql(
                                        target + " options='-c Buoy.role=replica -c jit=off'", ask))
                        .isEqualTo(new Said(0, "replica"));
                assertThat(RealPostgres.psql(target + " options='-cbuoy.role=primary'", ask))
                        .isEqualTo(new Said(0, "primary"));
                assertThat(RealPostgres.psql(target, ask)).isEqualTo(new Said(0, ""));
                Await.until(
                        "they are over",
                        () ->
                                buoy.server("other", "s1").totals().finished() == 1
                                        && buoy.server("pg", "s1").totals().finished() == 2);
            }
        }

        @Test
        void tlsPassesThroughToTheServer() throws Exception {
            try (Running buoy = Running.start(config(postgres.endpoint()))) {
                Said said =
                        RealPostgres.psql(
                                buoy.port("db"),
                                "require",
                                "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
                assertThat(said).isEqualTo(new Said(0, "t"));
            }
        }

        @Test
        void manyRowsArriveWhole() throws Exception {
            try (Running buoy = Running.start(config(postgres.endpoint()))) {
                Said said =
                        RealPostgres.psql(
                                buoy.port("db"),
                                "prefer",
                                "select repeat('x', 1000) from generate_series(1, 20000)");
                assertThat(said.exit()).isZero();
                assertThat(said.output()).hasSize(20_000 * 1001 - 1);
            }
        }

        @Test
        void aQueryIsCancelledThroughUs() throws Exception {
            try (Running buoy = Running.start(config(postgres.endpoint()))) {
                Process psql =
                        new ProcessBuilder(
                                        "psql",
                                        "-X",
                                        "host=127.0.0.1 port=%d user=postgres sslmode=disable"
                                                .formatted(buoy.port("db")),
                                        "-c",
                                        "select 'cancel me', pg_sleep(60)")
                                .redirectErrorStream(true)
                                .start();
                Await.until(
                        "the query runs",
                        () ->
                                postgres.answers(
                                        "select count(*) from pg_stat_activity where query"
                                                + " like 'select ''cancel me%'",
                                        "1"));
                // psql sends a CancelRequest on SIGINT.
                new ProcessBuilder("kill", "-INT", "" + psql.pid()).start().waitFor();
                assertThat(RealPostgres.said(psql).output())
                        .contains("canceling statement due to user request");
            }
        }

        @Test
        void psqlSaysWhyNoServerTakesIt() throws Exception {
            try (Running buoy = Running.start(config())) {
                Said said = RealPostgres.psql(buoy.port("db"), "prefer", "select 1");
                assertThat(said.exit()).isEqualTo(2);
                assertThat(said.output())
                        .contains("no database server is available now (no-server-up)");
            }
        }
    }
}
