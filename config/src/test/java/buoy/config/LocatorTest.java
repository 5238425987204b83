package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others find wrong with the file gets its place from us. */
class LocatorTest {
    @TempDir Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("buoy.yaml");
        Files.writeString(
                file,
                """
                admin: {socket: /tmp/buoy.sock}
                certificates:
                  site: {chain: /a.crt, key: /a.key}
                  site.example:
                    pem: /b.pem
                listeners:
                  web:
                    routes:
                      - pool: app
                      - {match: {path: /x}, pool: app}
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "certificates.site.key, 3:30",
        "certificates.site, 3:3",
        "certificates.site.example.pem, 5:10",
        "certificates.site.none, 3:3",
        "certificates.none.key, 2:1",
        "listeners.web.routes[1].match.path, 10:24",
        "listeners.web.routes[7].match.path, 8:5",
        "listeners.web.routes[x], 8:5",
        "nothing.at.all, 1:1"
    })
    void aPathHasAPlace(String path, String place) {
        assertThat(ConfigFile.problem(file, "here", path, "is bad"))
                .hasToString(file + ":" + place + ": " + path + ": is bad");
    }

    @Test
    void aFileThatIsGoneHasItsBeginning() throws IOException {
        Files.delete(file);

        assertThat(ConfigFile.problem(file, "here", "certificates.site.key", "is bad"))
                .hasToString(file + ":1:1: certificates.site.key: is bad");
    }

    @Test
    void theAdminSocketIsKnownWhateverElseIsWrong() throws IOException {
        assertThat(ConfigFile.read(file)).isInstanceOf(Reading.Rejected.class);
        assertThat(ConfigFile.adminSocket(file)).hasToString("/tmp/buoy.sock");

        Files.writeString(file, "admin: {socket: relative}");
        assertThat(ConfigFile.adminSocket(file)).hasToString("/run/buoy/admin.sock");

        Files.writeString(file, "admin: {socket: [}");
        assertThat(ConfigFile.adminSocket(file)).hasToString("/run/buoy/admin.sock");

        Files.delete(file);
        assertThat(ConfigFile.adminSocket(file)).hasToString("/run/buoy/admin.sock");
    }
}
