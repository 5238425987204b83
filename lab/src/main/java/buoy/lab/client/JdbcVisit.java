package buoy.lab.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A session of PostgreSQL's JDBC driver. */
final class JdbcVisit implements Arrivals.Visit {
    private final String url;
    private final Properties properties = new Properties();

    JdbcVisit(String host, String port) {
        String patience = String.valueOf(Arrivals.PATIENCE.toSeconds());
        this.url = "jdbc:postgresql://" + host + ":" + port + "/postgres";
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "lab");
        properties.setProperty("connectTimeout", patience);
        properties.setProperty("socketTimeout", patience);
        properties.setProperty("sslResponseTimeout", patience + "000");
        properties.setProperty("sslmode", "prefer");
        properties.setProperty("gssEncMode", "disable");
    }

    @Override
    public Arrivals.Outcome visit() {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(Arrivals.QUESTION)) {
            row.next();
            return new Arrivals.Outcome(Attempt.OK, String.valueOf(row.getString(1)));
        } catch (SQLException e) {
            return new Arrivals.Outcome("sqlstate-" + e.getSQLState(), why(e));
        }
    }

    /** The driver's own words for a broken connection do not tell a refused one from one cut. */
    private static String why(SQLException failure) {
        return failure.getCause() == null
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + " " + failure.getCause();
    }
}
