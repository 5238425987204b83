package buoy.lab.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Opens a session every {@link #EVERY}, whatever becomes of those before, asks one question in it
 * and closes it. A patient client: it waits as long as Buoy may have it wait.
 */
final class PostgresArrivals implements Role {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final String PATIENCE_SECONDS = "60";

    private final String name;
    private final String url;
    private final Properties properties = new Properties();
    private final Journal journal;
    private volatile boolean stopped;

    PostgresArrivals(String name, String host, String port, Journal journal) {
        this.name = name;
        this.url = "jdbc:postgresql://" + host + ":" + port + "/postgres";
        this.journal = journal;
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "lab");
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        properties.setProperty("sslResponseTimeout", PATIENCE_SECONDS + "000");
        properties.setProperty("sslmode", "prefer");
        properties.setProperty("gssEncMode", "disable");
    }

    @Override
    public void run() throws InterruptedException {
        List<Thread> arrived = new ArrayList<>();
        while (!stopped) {
            arrived.add(Thread.ofVirtual().start(this::visit));
            Thread.sleep(EVERY);
        }
        for (Thread each : arrived) {
            each.join();
        }
    }

    private void visit() {
        Instant start = Instant.now();
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_server_addr())")) {
            row.next();
            journal.write(name, start, Attempt.OK, String.valueOf(row.getString(1)));
        } catch (SQLException e) {
            journal.write(name, start, "sqlstate-" + e.getSQLState(), why(e));
        }
    }

    /** The driver's own words for a broken connection do not tell a refused one from one cut. */
    private static String why(SQLException failure) {
        return failure.getCause() == null
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + " " + failure.getCause();
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
