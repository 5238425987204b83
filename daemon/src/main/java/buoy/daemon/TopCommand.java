package buoy.daemon;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.top.Top;
import buoy.linux.Signals;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine.ParseResult;

/** {@code buoy top}. */
final class TopCommand {
    static final String ONCE = "--once";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PrintStream out;
    private final PrintStream err;

    TopCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(ParseResult command) {
        boolean once = command.hasMatchedOption(ONCE);
        boolean json = command.hasMatchedOption(CommandLineSpec.JSON);
        if (json && !once) {
            err.println("buoy: top draws what changes; --json has one picture (add --once)");
            return ExitCode.BAD_USAGE;
        }
        if (!once && !Terminal.OUTPUT.isThere()) {
            err.println(
                    "buoy: top draws on a terminal, and standard output is none (use buoy top"
                            + " --once, or buoy status --json)");
            return ExitCode.REFUSED;
        }
        Top top = new Top(new AdminClient(AdminSocketPath.of(command), PATIENCE));
        try {
            if (json) {
                out.println(top.onceAsJson());
            } else if (once) {
                top.once().forEach(out::println);
            } else {
                for (Signals each : new Signals[] {Signals.INT, Signals.TERM, Signals.HUP}) {
                    each.handle(_ -> top.end());
                }
                Signals.WINCH.handle(_ -> top.resized());
                top.run();
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            err.println("buoy: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }
}
