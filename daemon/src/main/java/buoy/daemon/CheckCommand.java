package buoy.daemon;

import buoy.config.ConfigFile;
import buoy.config.Problem;
import buoy.config.Reading;
import buoy.config.model.Config;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code buoy check}: everything `run` would refuse before it opens a socket. */
final class CheckCommand {
    private final PrintStream out;
    private final PrintStream err;

    CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(String file) {
        return switch (ConfigFile.read(Path.of(file))) {
            case Reading.Rejected(List<Problem> problems) -> {
                problems.forEach(err::println);
                yield ExitCode.BAD_CONFIGURATION;
            }
            case Reading.Accepted(Config config, List<Problem> warnings) -> {
                warnings.forEach(warning -> err.println("warning: " + warning));
                out.println(file + ": good: " + summary(config));
                yield ExitCode.DONE;
            }
        };
    }

    private static String summary(Config config) {
        return "%d virtual routers, %d listeners, %d pools, %d certificates"
                .formatted(
                        config.routers().size(),
                        config.listeners().size(),
                        config.pools().size(),
                        config.certificates().size());
    }
}
