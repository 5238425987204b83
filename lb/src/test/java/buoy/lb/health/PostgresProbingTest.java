package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Secret;
import buoy.config.model.ServerAddress;
import buoy.lb.health.Outcome.Fit;
import buoy.lb.kit.Await;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.TestServer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A check's conversation with a real server. */
class PostgresProbingTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static RealPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = RealPostgres.start();
        postgres.query(
                "set password_encryption = 'scram-sha-256'; create role scram login password"
                        + " 's3cr\u00e9t ' ");
        postgres.query("set password_encryption = 'md5'; create role digest login password 'old'");
        postgres.access(
                """
                local all all trust
                host all scram 127.0.0.1/32 scram-sha-256
                host all digest 127.0.0.1/32 md5
                host all clear 127.0.0.1/32 password
                host all nobody 127.0.0.1/32 reject
                host all all 127.0.0.1/32 trust
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static Probe.Postgres probe(Role role, String user, String password) {
        return new Probe.Postgres(
                role,
                user,
                new Secret(password),
                "postgres",
                OptionalInt.empty(),
                OptionalLong.empty());
    }

    private static PostgresProbing probing(Role role, String user, String password) {
        return new PostgresProbing(
                probe(role, user, password), door(postgres.endpoint()), () -> {});
    }

    private static Door door(Endpoint server) {
        return new Door(
                new ServerAddress.Fixed(server),
                server,
                Optional::empty,
                Optional::empty,
                () -> Protocol.HTTP1,
                Optional::empty);
    }

    private static Outcome ask(String user, String password) {
        try (PostgresProbing probing = probing(Role.PRIMARY, user, password)) {
            return probing.ask(TIMEOUT);
        }
    }

    @Test
    void itLogsInAsTheServerWants() {
        for (Outcome outcome :
                new Outcome[] {
                    ask("postgres", ""), ask("scram", "s3cr\u00e9t "), ask("digest", "old")
                }) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Clear.class,
                            clear -> {
                                assertThat(clear.fit()).isEqualTo(Fit.YES);
                                assertThat(clear.why()).isEqualTo("primary");
                            });
        }
    }

    @Test
    void aServerIsAskedWhatItIs() throws Exception {
        try (PostgresProbing probing = probing(Role.PRIMARY, "scram", "s3cr\u00e9t ")) {
            Outcome.Clear clear = (Outcome.Clear) probing.ask(TIMEOUT);
            Report report = clear.report().orElseThrow();
            assertThat(report.system())
                    .isEqualTo(postgres.query("select system_identifier from pg_control_system()"));
            assertThat(report.timeline()).isEqualTo(1);
            assertThat(report.written()).isPositive();
            assertThat(report.replayed()).isZero();
        }
    }

    @Test
    void aPrimaryIsNoReplica() {
        try (PostgresProbing probing = probing(Role.REPLICA, "postgres", "")) {
            assertThat(probing.ask(TIMEOUT))
                    .isInstanceOfSatisfying(
                            Outcome.Clear.class,
                            clear -> assertThat(clear.fit()).isEqualTo(Fit.OTHER_ROLE));
        }
    }

    @Test
    void aPrimaryThatTakesNoWritesIsOfNoUse() throws Exception {
        postgres.query(
                "create role reader login; alter role reader set default_transaction_read_only = on");
        assertThat(ask("reader", ""))
                .isInstanceOfSatisfying(
                        Outcome.Clear.class,
                        clear -> {
                            assertThat(clear.fit()).isEqualTo(Fit.NO);
                            assertThat(clear.why()).isEqualTo("read-only");
                        });
    }

    @Test
    void whoIsRefusedSaysWhyAndDoesNotAskAgainAtOnce() throws Exception {
        try (PostgresProbing probing = probing(Role.PRIMARY, "scram", "wrong")) {
            for (int i = 0; i < 20; i++) {
                assertThat(probing.ask(TIMEOUT))
                        .isEqualTo(
                                new Outcome.Failed(
                                        "password authentication failed for user \"scram\""));
            }
        }
        assertThat(
                        Files.readAllLines(postgres.log()).stream()
                                .filter(line -> line.contains("failed for user \"scram\"")))
                .hasSize(1);
        assertThat(ask("clear", "x"))
                .isEqualTo(new Outcome.Failed("the server wants the password in clear text"));
        assertThat(ask("nobody", "").why()).contains("rejects connection");
    }

    @Test
    void oneConnectionIsKeptAndTheServersLogStaysSilent() throws Exception {
        String sessions =
                "select count(*) || ' ' || count(distinct pid) from pg_stat_activity where"
                        + " application_name = 'buoy' and usename = 'digest'";
        long before = Files.size(postgres.log());
        AtomicInteger news = new AtomicInteger();
        try (PostgresProbing probing =
                new PostgresProbing(
                        probe(Role.PRIMARY, "digest", "old"),
                        door(postgres.endpoint()),
                        news::incrementAndGet)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(probing.ask(TIMEOUT)).isInstanceOf(Outcome.Clear.class);
            }
            assertThat(news).as("an answer is no news").hasValue(0);
            assertThat(postgres.query(sessions)).isEqualTo("1 1");
        }
        Await.until("the session is over", () -> postgres.answers(sessions, "0 0"));
        assertThat(Files.size(postgres.log())).isEqualTo(before);
    }

    @Test
    void aSessionThatSomebodyEndsIsNewsButNoFailure() throws Exception {
        AtomicInteger news = new AtomicInteger();
        try (PostgresProbing probing =
                new PostgresProbing(
                        probe(Role.PRIMARY, "digest", "old"),
                        door(postgres.endpoint()),
                        news::incrementAndGet)) {
            probing.ask(TIMEOUT);
            assertThat(news).hasValue(0);
            postgres.query(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename ="
                            + " 'digest'");
            Await.until("it is heard", () -> news.get() > 0);
            assertThat(probing.ask(TIMEOUT)).isInstanceOf(Outcome.Clear.class);
        }
    }

    @Test
    void aServerThatIsNoneIsAFailure() {
        try (TestServer silent =
                        TestServer.start(socket -> socket.getInputStream().readAllBytes());
                TestServer other = TestServer.saying("220 ready");
                PostgresProbing first =
                        new PostgresProbing(
                                probe(Role.PRIMARY, "a", ""), door(silent.endpoint()), () -> {});
                PostgresProbing second =
                        new PostgresProbing(
                                probe(Role.PRIMARY, "a", ""), door(other.endpoint()), () -> {})) {
            assertThat(first.ask(Duration.ofMillis(200)))
                    .isEqualTo(new Outcome.Failed("no answer in 200ms"));
            assertThat(second.ask(TIMEOUT))
                    .isEqualTo(new Outcome.Failed("no PostgreSQL server answers"));
        }
    }
}
