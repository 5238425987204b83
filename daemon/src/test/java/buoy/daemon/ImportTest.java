package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportTest {
    private final Operator operator = new Operator();

    private static String file(String name) throws URISyntaxException {
        return Path.of(
                        Objects.requireNonNull(ImportTest.class.getResource("/imports/" + name))
                                .toURI())
                .toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "haproxy/web.cfg",
                "haproxy/patroni.cfg",
                "nginx/nginx.conf",
                "nginx/conf.d/app.conf"
            })
    void whatComesOfTheirFileIsAConfiguration(String name, @TempDir Path directory)
            throws Exception {
        ExitCode code = operator.says("import", file(name));

        assertThat(code).as(operator.err()).isIn(ExitCode.DONE, ExitCode.REFUSED);
        Path yaml = Files.writeString(directory.resolve("buoy.yaml"), operator.out());
        if (ConfigFile.read(yaml) instanceof Reading.Rejected(var problems)) {
            // Pages and passwords stand in files that are not here.
            assertThat(problems)
                    .allMatch(problem -> problem.message().contains("cannot be read"))
                    .allMatch(
                            problem ->
                                    problem.path().endsWith("users-file")
                                            || problem.path().contains(".errors."));
        }
    }

    /** Who may act on the page of statistics: all that log in, or nobody. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8405, ops:x, '', true",
        "203.0.113.1:8405, ops:x, if TRUE, true",
        "127.0.0.1:8405, ops:x, if LOCALHOST, true",
        "203.0.113.1:8405, ops:x, if LOCALHOST, false",
        "127.0.0.1:8405, ops:x, if { src 203.0.113.7 }, false",
        "127.0.0.1:8405, '', if TRUE, false",
    })
    void whoActsOnThePageHasToLogIn(
            String bind, String auth, String condition, boolean acts, @TempDir Path directory)
            throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("haproxy.cfg"),
                        """
                        frontend stats
                            mode http
                            bind %s
                            stats enable
                            %s
                            stats admin %s
                        """
                                .formatted(
                                        bind,
                                        auth.isEmpty() ? "" : "stats auth " + auth,
                                        condition));

        ExitCode code = operator.says("import", file.toString());

        assertThat(code).isEqualTo(acts ? ExitCode.DONE : ExitCode.REFUSED);
        assertThat(operator.out().contains("actions: true")).isEqualTo(acts);
        if (!acts) {
            assertThat(operator.err()).contains("haproxy.cfg:6:").contains("actions: true");
        }
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        assertThat(operator.says("import", "/nonexistent/haproxy.cfg")).isNotEqualTo(ExitCode.DONE);
        assertThat(operator.err()).contains("/nonexistent/haproxy.cfg");
    }
}
