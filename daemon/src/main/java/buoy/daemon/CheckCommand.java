package buoy.daemon;

import buoy.config.model.Config;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;

/** {@code buoy check}: everything {@code run} would refuse before it opens a socket. */
final class CheckCommand {
    private final PrintStream out;
    private final PrintStream err;

    CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(String file) {
        return switch (LoadedConfig.read(Path.of(file), Instant.now())) {
            case LoadedConfig.Outcome.Bad(var problems) -> {
                problems.forEach(err::println);
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfig.Outcome.Good(var loaded) -> {
                loaded.warnings().forEach(warning -> err.println("warning: " + warning));
                out.println(file + ": good: " + summary(loaded.config()));
                yield ExitCode.DONE;
            }
        };
    }

    static String summary(Config config) {
        return "%s, %s, %s, %s"
                .formatted(
                        count(config.routers().size(), "virtual router"),
                        count(config.listeners().size(), "listener"),
                        count(config.pools().size(), "pool"),
                        count(config.certificates().size(), "certificate"));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
