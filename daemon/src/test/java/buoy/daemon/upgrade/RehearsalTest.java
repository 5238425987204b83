package buoy.daemon.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program that is installed now says of the configuration. */
class RehearsalTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path directory;

    private List<String> program(String script) throws Exception {
        Path file = Files.writeString(directory.resolve("buoy"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return List.of(file.toString(), "run", "-c", "run");
    }

    @Test
    void itIsAskedToCheckWhatItWouldRun() throws Exception {
        List<String> run = program("[ \"$*\" = 'check -c run' ] || { echo \"$*\"; exit 9; }\n");
        assertThat(Rehearsal.problems(run, LONG)).isEmpty();
    }

    @Test
    void eachProblemIsALine() throws Exception {
        List<String> run = program("echo one >&2; echo two; exit 3\n");
        assertThat(Rehearsal.problems(run, LONG))
                .containsExactly(
                        "one",
                        "two",
                        "`buoy check` of the program that is installed now: exit code 3");
    }

    @Test
    void oneThatHangsIsKilled() throws Exception {
        List<String> run = program("exec sleep 1000\n");
        assertThatThrownBy(() -> Rehearsal.problems(run, Duration.ofSeconds(1)))
                .hasMessage("it checks the configuration for longer than 1 s");
    }

    @Test
    void onlyTheCommandIsExchanged() throws Exception {
        assertThat(Rehearsal.check(List.of("java", "-cp", "run", "Main", "run", "-c", "run")))
                .containsExactly("java", "-cp", "run", "Main", "check", "-c", "run");
        assertThatThrownBy(() -> Rehearsal.check(List.of("other"))).hasMessageContaining("[other]");
    }
}
