package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.VirtualRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** Of a pair there is a file for each host, or one for both in which they are told apart. */
    static List<Path> pairs() throws IOException {
        return examples().stream().filter(f -> !f.endsWith("lb2.yaml")).toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isAcceptedWithoutWarnings(Path file) {
        for (String host : List.of("lb1", "lb2", "lb-a", "lb-b")) {
            if (host.startsWith("lb-") == file.toString().contains("scenario-4")) {
                assertThat(ConfigFile.read(file, host))
                        .isInstanceOfSatisfying(
                                Reading.Accepted.class,
                                accepted -> assertThat(accepted.warnings()).isEmpty());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void showsNoMoreOfTheTwoHostsThanTheirPriority(Path file) {
        boolean sites = file.toString().contains("scenario-4");
        boolean apart = file.endsWith("lb1.yaml");
        Config mine = accepted(file, sites ? "lb-a" : "lb1");
        Config theirs =
                accepted(apart ? file.resolveSibling("lb2.yaml") : file, sites ? "lb-b" : "lb2");

        assertThat(mine.listeners()).isEqualTo(theirs.listeners());
        assertThat(mine.pools()).isEqualTo(theirs.pools());
        assertThat(router(mine).priority()).isNotEqualTo(router(theirs).priority());
        assertThat(router(mine).addresses()).isEqualTo(router(theirs).addresses());
    }

    @Test
    void theSecondScenarioSendsDatabaseClientsToThePrimary() {
        Listener postgres =
                accepted(EXAMPLES.resolve("scenario-2/lb1.yaml"), "lb1")
                        .listeners()
                        .get("postgres");

        assertThat(postgres)
                .isInstanceOfSatisfying(
                        Listener.Postgres.class,
                        l -> assertThat(l.routes().getLast().pool()).isEqualTo("pg-primary"));
    }

    /** The one there is. */
    private static VirtualRouter router(Config config) {
        assertThat(config.routers()).hasSize(1);
        return config.routers().values().iterator().next();
    }

    private static Config accepted(Path file, String host) {
        return switch (ConfigFile.read(file, host)) {
            case Reading.Accepted(Config config, _, _) -> config;
            case Reading.Rejected(List<Problem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }
}
