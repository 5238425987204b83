package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.config.model.Certificate;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.RealPostgres.Said;
import buoy.lb.kit.Release;
import buoy.lb.kit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clients that people use, proving their password by SCRAM: in clear, with TLS that they ask
 * for, and with TLS that they begin with (PostgreSQL 17, {@code sslnegotiation=direct}) where they
 * know it. Servers are of PostgreSQL 15 and 18.
 */
class ClientsTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path NODE_MODULES = Path.of("..", "target", "node", "node_modules");

    /** Who asks whom. */
    private static final String QUESTION =
            "select current_user || ' on ' || current_setting('server_version_num')::int / 10000";

    private static final String DIRECT = "verify-full sslnegotiation=direct";

    private static final String NODE_POSTGRES =
            """
            const [how, port, ca, question] = process.argv.slice(1);
            const trusted = {ca: require('fs').readFileSync(ca)};
            const ssl = {'disable': false, 'require': {rejectUnauthorized: false}}[how] ?? trusted;
            const client = new (require('pg').Client)({
              host: 'localhost', port, user: 'visitor', password: 'it is', database: 'postgres', ssl,
              sslnegotiation: how.endsWith('direct') ? 'direct' : 'postgres'});
            client.connect()
              .then(() => client.query({text: question, rowMode: 'array'}))
              .then(result => { console.log(result.rows[0][0]); return client.end(); })
              .catch(e => { console.log(e); process.exit(1); });
            """;

    @TempDir static Path directory;
    @TempDir static Path unpacked;

    private static Authority authority;
    private static Certificate site;
    private static Release release;
    private static RealPostgres fifteen;
    private static RealPostgres eighteen;
    private static Running buoy;

    @BeforeAll
    static void start() throws Exception {
        authority = new Authority(directory);
        site = authority.pair("site", "DNS:localhost");
        release = Release.unpack(unpacked);
        fifteen = RealPostgres.start();
        eighteen = RealPostgres.start(release);
        for (RealPostgres each : List.of(fifteen, eighteen)) {
            var _ = each.query("create role visitor login password 'it is'");
            each.access(
                    """
                    host all visitor 127.0.0.1/32 scram-sha-256
                    host all all     127.0.0.1/32 trust
                    """);
        }
        buoy =
                Running.start(
                        Configs.of(
                                List.of(Configs.postgres("15", "15"), Configs.postgres("18", "18")),
                                List.of(
                                        Configs.pool("15", fifteen.endpoint()),
                                        Configs.pool("18", eighteen.endpoint()))),
                        new Secured(
                                Map.of(
                                        "15",
                                        Authority.listener(site, "postgresql"),
                                        "18",
                                        Authority.listener(site, "postgresql")),
                                Map.of()));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {buoy, fifteen, eighteen}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static String target(String servers, String how) {
        return ("host=localhost hostaddr=127.0.0.1 port=%d dbname=postgres user=visitor"
                        + " password='it is' sslrootcert=%s sslmode=%s")
                .formatted(buoy.port(servers), authority.ca(), how);
    }

    /** Runs a client with either server behind; those that begin with TLS have the newer libpq. */
    private static void connects(String how, String... command) throws Exception {
        for (String servers : List.of("15", "18")) {
            List<String> whole = new ArrayList<>(List.of(command));
            whole.addAll(List.of(target(servers, how), QUESTION));
            ProcessBuilder client = new ProcessBuilder(whole).redirectErrorStream(true);
            Process run = (how.equals(DIRECT) ? release.libpq(client) : client).start();
            assertThat(RealPostgres.said(run))
                    .as(servers)
                    .isEqualTo(new Said(0, "visitor on " + servers));
        }
    }

    private static void assumePython(String module) throws Exception {
        assumeTrue(
                Files.isExecutable(PYTHON)
                        && new ProcessBuilder(PYTHON + "", "-c", "import " + module)
                                        .start()
                                        .waitFor()
                                == 0,
                "needs Debian's package python3-" + module);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "require", "verify-full", DIRECT})
    void psql(String how) throws Exception {
        connects(how, "sh", "-c", "exec psql -XAt \"$1\" -c \"$2\"", "sh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "require", "verify-full", DIRECT})
    void psycopg(String how) throws Exception {
        for (String module : List.of("psycopg2", "psycopg")) {
            assumePython(module);
            connects(
                    how,
                    PYTHON + "",
                    "-c",
                    """
            import sys, %1$s
            cursor = %1$s.connect(sys.argv[1]).cursor()
            cursor.execute(sys.argv[2])
            print(cursor.fetchone()[0])
            """
                            .formatted(module));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "disable",
                "prefer",
                "require",
                "verify-ca",
                "verify-full",
                "verify-full&sslNegotiation=direct"
            })
    void pgjdbc(String how) throws Exception {
        for (String servers : List.of("15", "18")) {
            try (Connection connection =
                            DriverManager.getConnection(
                                    "jdbc:postgresql://localhost:%d/postgres?sslrootcert=%s&sslmode=%s"
                                            .formatted(buoy.port(servers), authority.ca(), how),
                                    "visitor",
                                    "it is");
                    ResultSet answer = connection.createStatement().executeQuery(QUESTION)) {
                assertThat(answer.next()).isTrue();
                assertThat(answer.getString(1)).isEqualTo("visitor on " + servers);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "require", "verify-full", DIRECT})
    void nodePostgres(String how) throws Exception {
        assumeTrue(
                Files.isDirectory(NODE_MODULES.resolve("pg")),
                "needs what `make test` puts in target/node");
        for (String servers : List.of("15", "18")) {
            ProcessBuilder node =
                    new ProcessBuilder(
                                    "node",
                                    "-e",
                                    NODE_POSTGRES,
                                    how,
                                    buoy.port(servers) + "",
                                    authority.ca() + "",
                                    QUESTION)
                            .redirectErrorStream(true);
            node.environment().put("NODE_PATH", NODE_MODULES.toRealPath() + "");
            assertThat(RealPostgres.said(node.start()))
                    .as(servers)
                    .isEqualTo(new Said(0, "visitor on " + servers));
        }
    }
}
