package buoy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Commands that run to their end. */
final class Command {
    private Command() {}

    /** Everything it writes, whatever its exit status. */
    static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchFailed(command.getFirst() + " does not run: " + e.getMessage(), e);
        }
    }

    /** A program of this machine; daemons may lie where only root looks. */
    static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/sbin", "/sbin"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The same, where nothing can be done without. */
    static Path need(String program) {
        return find(program)
                .orElseThrow(
                        () ->
                                new BenchFailed(
                                        program + " is missing; run: bin/setup-debian bench"));
    }
}
