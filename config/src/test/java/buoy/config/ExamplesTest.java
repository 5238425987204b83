package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.VirtualRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files under {@code examples/} are what users start from: nothing may be doubtful in them. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("buoy.root"), "examples");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isAcceptedWithoutWarnings(Path file) {
        Reading reading = ConfigFile.read(file);

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Accepted.class,
                        accepted -> assertThat(accepted.warnings()).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void showsNoMoreOfTheTwoHostsThanTheirPriority(Path file) throws IOException {
        Path other =
                file.resolveSibling(
                        file.getFileName().toString().equals("lb1.yaml") ? "lb2.yaml" : "lb1.yaml");

        Config mine = accepted(file);
        Config theirs = accepted(other);

        assertThat(mine.listeners()).isEqualTo(theirs.listeners());
        assertThat(mine.pools()).isEqualTo(theirs.pools());
        assertThat(web(mine).priority()).isNotEqualTo(web(theirs).priority());
        assertThat(web(mine).addresses()).isEqualTo(web(theirs).addresses());
    }

    @Test
    void theSecondScenarioSendsDatabaseClientsToThePrimary() {
        Listener postgres =
                accepted(EXAMPLES.resolve("scenario-2/lb1.yaml")).listeners().get("postgres");

        assertThat(postgres)
                .isInstanceOfSatisfying(
                        Listener.Postgres.class,
                        l -> assertThat(l.routes().getLast().pool()).isEqualTo("pg-primary"));
    }

    private static VirtualRouter web(Config config) {
        return Objects.requireNonNull(config.routers().get("web"));
    }

    private static Config accepted(Path file) {
        return switch (ConfigFile.read(file)) {
            case Reading.Accepted(Config config, _, _) -> config;
            case Reading.Rejected(List<Problem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }
}
