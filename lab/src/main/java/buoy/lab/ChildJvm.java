package buoy.lab;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How to start a main class of this module in another process: same JDK, same classes. */
final class ChildJvm {
    private ChildJvm() {}

    static List<String> command(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Short-lived and small: start fast, and leave the two cores to what is measured.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx192m",
                "-cp",
                classPath(main),
                main.getName());
    }

    /** From where the classes came, because a test runner's own class path is its own affair. */
    private static String classPath(Class<?> main) {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> type : List.of(main, postgresqlDriver())) {
            try {
                entries.add(
                        Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                                .toString());
            } catch (URISyntaxException e) {
                throw new LabFailed("where does " + type + " come from?", e);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Found by its URL: its class files name annotations that the compiler does not see. */
    private static Class<?> postgresqlDriver() {
        try {
            return DriverManager.getDriver("jdbc:postgresql:").getClass();
        } catch (SQLException e) {
            throw new LabFailed("the PostgreSQL driver is not on the class path", e);
        }
    }
}
