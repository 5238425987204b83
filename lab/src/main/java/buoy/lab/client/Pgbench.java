package buoy.lab.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs pgbench again and again: a run is over after a while, or when none of its sessions is left.
 * Each transaction writes a row with the run, the session and the transaction's number in it. At
 * the end pgbench's own log of what was committed is held against the table, row by row, and told
 * as attempts.
 */
final class Pgbench implements Role {
    /** Not the wrapper in the path: that one starts an interpreter each time. */
    private static final String PROGRAM = "/usr/lib/postgresql/15/bin/pgbench";

    private static final int SESSIONS = 4;

    /** Transactions each second, over all sessions. */
    private static final int RATE = 100;

    private static final Duration RUN = Duration.ofSeconds(10);

    /** Between runs of which nothing comes, as when no server takes a session. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final String host;
    private final String port;
    private final String table;
    private final Path directory;
    private final Journal journal;
    private volatile boolean stopped;

    /** One row, as pgbench and the table know it. */
    private record Row(int run, int session, long number) {}

    Pgbench(String name, String host, String port, Journal journal) {
        this.name = name;
        this.host = host;
        this.port = port;
        this.table = "pgbench_" + name.replaceAll("\\W", "_");
        this.directory = Path.of("/run/pgbench", name);
        this.journal = journal;
    }

    @Override
    public void run() throws InterruptedException {
        try {
            Files.createDirectories(directory);
            Path script =
                    Files.writeString(
                            directory.resolve("script"),
                            """
                            \\set n :n + 1
                            INSERT INTO %s VALUES (:run, :client_id, :n);
                            """
                                    .formatted(table));
            query("CREATE TABLE IF NOT EXISTS %s (run int, session int, number bigint)");
            for (int run = 0; !stopped; run++) {
                bench(run, script);
                Thread.sleep(PAUSE);
            }
            compare();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bench(int run, Path script) throws IOException, InterruptedException {
        Process pgbench =
                new ProcessBuilder(
                                PROGRAM,
                                "--no-vacuum",
                                "--client=" + SESSIONS,
                                "--rate=" + RATE,
                                "--time=" + RUN.toSeconds(),
                                "--log",
                                "--log-prefix=" + directory.resolve("run-" + run),
                                "--define=run=" + run,
                                "--define=n=0",
                                "--file=" + script,
                                ("host=%s port=%s user=postgres password=lab dbname=postgres"
                                                + " keepalives_idle=1 keepalives_interval=1"
                                                + " keepalives_count=2 tcp_user_timeout=2000")
                                        .formatted(host, port))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("said").toFile())
                        .start();
        var _ = pgbench.waitFor();
    }

    private void compare() throws IOException, InterruptedException {
        Instant start = Instant.now();
        List<Row> acknowledged = acknowledged();
        Map<Row, Integer> there = new HashMap<>();
        for (Row row : query("SELECT run, session, number FROM %s")) {
            there.merge(row, 1, Integer::sum);
        }
        long lost = acknowledged.stream().filter(row -> !there.containsKey(row)).count();
        long twice = there.values().stream().filter(count -> count > 1).count();
        boolean well = lost == 0 && twice == 0 && !acknowledged.isEmpty();
        journal.write(
                name + "-compare",
                start,
                well ? Attempt.OK : "lost-%d-twice-%d".formatted(lost, twice),
                acknowledged.size() + " acknowledged");
    }

    /** PostgreSQL documentation, "pgbench", "Per-Transaction Logging". */
    private List<Row> acknowledged() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> logs = Files.list(directory)) {
            for (Path log : logs.toList()) {
                String file = log.getFileName().toString();
                if (!file.startsWith("run-")) {
                    continue;
                }
                int run = Integer.parseInt(file.replaceAll("^run-|\\..*", ""));
                for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                    String[] words = line.split(" ", -1);
                    rows.add(new Row(run, Integer.parseInt(words[0]), Long.parseLong(words[1])));
                    Instant end =
                            Instant.ofEpochSecond(Long.parseLong(words[4]))
                                    .plus(Long.parseLong(words[5]), ChronoUnit.MICROS);
                    Instant from = end.minus(Long.parseLong(words[2]), ChronoUnit.MICROS);
                    journal.write(new Attempt(name, from, end, Attempt.OK, ""));
                }
            }
        }
        return rows;
    }

    /** Asks until there is an answer: the balancer may still have to find the server. */
    private List<Row> query(String sql) throws InterruptedException {
        Instant start = Instant.now();
        while (true) {
            try (Connection connection =
                            DriverManager.getConnection(
                                    "jdbc:postgresql://%s:%s/postgres".formatted(host, port),
                                    "postgres",
                                    "lab");
                    Statement statement = connection.createStatement()) {
                List<Row> rows = new ArrayList<>();
                if (statement.execute(sql.formatted(table))) {
                    ResultSet answer = statement.getResultSet();
                    while (answer.next()) {
                        rows.add(new Row(answer.getInt(1), answer.getInt(2), answer.getLong(3)));
                    }
                }
                return rows;
            } catch (SQLException e) {
                if (Instant.now().isAfter(start.plus(PATIENCE))) {
                    throw new IllegalStateException(name, e);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
