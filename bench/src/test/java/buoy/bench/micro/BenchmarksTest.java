package buoy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("buoy.root", "..")).resolve("bench/src/main/java");

    /** That each of them runs with each of its parameters, not how fast. */
    @Test
    void eachOfThemRuns() throws RunnerException, IOException {
        // Others may measure on this machine; nothing here depends on it.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .forks(0)
                                        .warmupIterations(0)
                                        .measurementIterations(1)
                                        .measurementTime(TimeValue.milliseconds(10))
                                        .shouldFailOnError(true)
                                        .verbosity(VerboseMode.SILENT)
                                        .build())
                        .run();

        assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
        assertThat(results.stream().map(BenchmarksTest::type).collect(Collectors.toSet()))
                .isEqualTo(written());
    }

    private static String type(RunResult result) {
        String[] names = result.getParams().getBenchmark().split("[.]", -1);
        return names[names.length - 2];
    }

    /** The classes that have benchmarks, by their files. */
    private static Set<String> written() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Benchmark.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
