package buoy.lab.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commits one row after the other, each with the next number, and remembers which were
 * acknowledged. When the session breaks it opens a new one at once, and does not try the number
 * again. At the end it reads the table and says how many acknowledged rows are missing, with
 * synchronous replication none, and how many are there twice: nothing but a proxy could do that.
 */
final class PostgresWriter implements Role {
    private static final Duration EVERY = Duration.ofMillis(10);

    /** For reading it all at the end, through a balancer that may still have to find the server. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long a commit may take, in milliseconds: who was to answer may be dead. */
    private static final int ANSWER = 2_000;

    private final String name;
    private final String url;
    private final String table;
    private final Properties properties = new Properties();
    private final Journal journal;
    private final Set<Long> acknowledged = new HashSet<>();
    private volatile boolean stopped;

    /**
     * @param opening seconds that a new session may take: long where a balancer holds it until
     *     there is a primary, short where it is refused or goes to one that is gone
     */
    PostgresWriter(String name, String host, String port, String opening, Journal journal) {
        this.name = name;
        this.url = "jdbc:postgresql://" + host + ":" + port + "/postgres";
        this.table = "written_" + name;
        this.journal = journal;
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "lab");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", opening);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
    }

    @Override
    public void run() throws InterruptedException {
        @Nullable Connection connection = null;
        for (long number = 1; !stopped; number++) {
            Instant start = Instant.now();
            try {
                if (connection == null) {
                    connection = open();
                }
                String node = insert(connection, number);
                acknowledged.add(number);
                journal.write(name, start, Attempt.OK, node);
            } catch (SQLException e) {
                journal.write(name, start, reason(e), words(e));
                close(connection);
                connection = null;
            }
            Thread.sleep(EVERY);
        }
        close(connection);
        compare();
    }

    private Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection(url, properties);
        connection.setNetworkTimeout(Runnable::run, ANSWER);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + table + " (number bigint NOT NULL)");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Writes one row in a transaction of its own; returns the node that committed it. */
    private String insert(Connection connection, long number) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO "
                                + table
                                + " VALUES (?) RETURNING host(inet_server_addr())")) {
            statement.setLong(1, number);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    private void compare() throws InterruptedException {
        Instant start = Instant.now();
        while (true) {
            try {
                String outcome = difference();
                journal.write(
                        name + "-compare", start, outcome, acknowledged.size() + " acknowledged");
                return;
            } catch (SQLException e) {
                if (Instant.now().isAfter(start.plus(PATIENCE))) {
                    journal.write(name + "-compare", start, reason(e), words(e));
                    return;
                }
            }
            Thread.sleep(EVERY);
        }
    }

    private String difference() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number FROM " + table)) {
            Set<Long> there = new HashSet<>();
            int twice = 0;
            while (rows.next()) {
                twice += there.add(rows.getLong(1)) ? 0 : 1;
            }
            long lost = acknowledged.stream().filter(number -> !there.contains(number)).count();
            return lost == 0 && twice == 0 ? Attempt.OK : "lost-%d-twice-%d".formatted(lost, twice);
        }
    }

    private static String words(SQLException failure) {
        return String.valueOf(failure.getMessage());
    }

    private static String reason(SQLException failure) {
        return "sqlstate-" + failure.getSQLState();
    }

    private static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            // It is broken; that is why it is closed.
            return;
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
