package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as they lie on a disk: several as one, and those that cannot be read. */
class IncludeTest {
    private static final String POOL =
            "pools: {%s: {servers: [198.51.100.11:5000], health: {tcp: {}}}}\n";

    @TempDir Path directory = Path.of("");

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectory(directory.resolve("conf.d"));
    }

    private Path write(String name, String yaml) throws IOException {
        return Files.writeString(
                directory.resolve(name), yaml.replace("DIR", directory.toString()));
    }

    private List<String> problems(Path file) {
        return said(Written.problems(ConfigFile.read(file)));
    }

    private List<String> said(List<String> lines) {
        return lines.stream().map(line -> line.replace(directory + "/", "")).toList();
    }

    @Test
    void aFileIsRead() throws IOException {
        Path file = write("buoy.yaml", POOL.formatted("app"));

        assertThat(ConfigFile.read(file)).isInstanceOf(Reading.Accepted.class);
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertThat(problems(directory.resolve("none.yaml")))
                .containsExactly(
                        "none.yaml:1:1: file: cannot be read: there is none (check the name)");
    }

    @Test
    void aDirectoryIsAProblem() {
        assertThat(problems(directory.resolve("conf.d")))
                .containsExactly(
                        "conf.d:1:1: file: cannot be read: it is a directory (name a file in it)");
    }

    @Test
    void includedFilesAreMerged() throws IOException {
        Path file =
                write(
                        "buoy.yaml",
                        """
                        include: [DIR/conf.d/*.yaml, DIR/log.yaml]
                        listeners:
                          web: {bind: ["198.51.100.100:80"], protocol: http, pool: b}
                        """);
        write("log.yaml", "log: {level: debug}\n");
        write("conf.d/a.yaml", POOL.formatted("a"));
        write("conf.d/b.yaml", POOL.formatted("b"));
        write("conf.d/c.yaml.off", "neither: read");
        write("conf.d/.hidden.yaml", "neither: read");

        assertThat(ConfigFile.read(file))
                .isInstanceOfSatisfying(
                        Reading.Accepted.class,
                        accepted -> {
                            Config config = accepted.config();
                            assertThat(config.pools().keySet()).containsExactly("a", "b");
                            assertThat(config.listeners()).containsOnlyKeys("web");
                            assertThat(config.log().level()).hasToString("DEBUG");
                            assertThat(accepted.warnings()).isEmpty();
                        });
    }

    @Test
    void problemsNameTheirFileInTheOrderOfReading() throws IOException {
        Path file =
                write(
                        "buoy.yaml",
                        """
                        include: [DIR/conf.d/*.yaml]
                        log: {level: info}
                        listeners:
                          web: {bind: ["198.51.100.100:80"], protocol: http, pool: c}
                        """);
        write("conf.d/a.yaml", POOL.formatted("a") + "log: {level: warn}\n");
        write("conf.d/b.yaml", POOL.formatted("a") + "include: []\n");
        write("conf.d/c.yaml", "log: {");
        write("conf.d/d.yaml", "- log");

        assertThat(problems(file))
                .containsExactly(
                        "buoy.yaml:4:60: listeners.web.pool: \"c\" is not a pool (there is a)",
                        "conf.d/a.yaml:2:1: log: stands in buoy.yaml line 2 already (remove one)",
                        "conf.d/b.yaml:1:9: pools.a: is given twice, first in conf.d/a.yaml line 1"
                                + " (remove one)",
                        "conf.d/b.yaml:2:1: include: stands in an included file (only the main file"
                                + " includes others)",
                        "conf.d/c.yaml:1:7: yaml: expected the node content, but found"
                                + " '<stream end>' while parsing a flow node",
                        "conf.d/d.yaml:1:1: file: must be a mapping of sections, not a list");
    }

    @Test
    void whatCannotBeIncludedIsAProblemOrAWarning() throws IOException {
        Path file =
                write(
                        "buoy.yaml",
                        """
                        include: [DIR/none.yaml, conf.d/x.yaml, {a: b}]
                        """);
        Path doubtful =
                write(
                        "doubtful.yaml",
                        "include: [DIR/conf.d/*.yml, DIR/none/*]\n" + POOL.formatted("a"));

        assertThat(problems(file))
                .containsExactly(
                        "buoy.yaml:1:11: include[0]: there is no file \"" + "none.yaml\"",
                        "buoy.yaml:1:%d: include[1]: must be an absolute path, got \"conf.d/x.yaml\""
                                .formatted(
                                        11
                                                + directory.toString().length()
                                                + "/none.yaml, ".length()),
                        "buoy.yaml:1:%d: include[2]: must be a single value, not a mapping"
                                .formatted(
                                        11
                                                + directory.toString().length()
                                                + "/none.yaml, conf.d/x.yaml, ".length()));
        assertThat(ConfigFile.read(doubtful))
                .isInstanceOfSatisfying(
                        Reading.Accepted.class,
                        accepted ->
                                assertThat(accepted.warnings())
                                        .extracting(p -> p.path() + " " + p.message())
                                        .contains(
                                                "include[0] matches no file",
                                                "include[1] matches no file"));
    }
}
