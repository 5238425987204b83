package buoy.daemon;

import buoy.daemon.watch.Capture;
import buoy.daemon.watch.CaptureRefused;
import buoy.daemon.watch.Watch;
import buoy.linux.Signals;
import java.io.PrintStream;
import java.util.OptionalInt;
import picocli.CommandLine.ParseResult;

/** {@code buoy vrrp watch}: runs by itself, beside a running buoy or without one. */
final class WatchCommand {
    static final String INTERFACE = "-i";
    static final String FILE = "-r";
    static final String COUNT = "--count";

    private static final String ALL = "any";

    private final PrintStream out;
    private final PrintStream err;

    WatchCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(ParseResult command) {
        OptionalInt count =
                command.hasMatchedOption(COUNT)
                        ? OptionalInt.of(command.<Integer>matchedOptionValue(COUNT, 0))
                        : OptionalInt.empty();
        if (count.isPresent() && count.getAsInt() < 1) {
            err.println("buoy: --count must be at least 1");
            return ExitCode.BAD_USAGE;
        }
        if (command.hasMatchedOption(FILE) && command.hasMatchedOption(INTERFACE)) {
            err.println("buoy: either -i, what passes now, or -r, what passed then");
            return ExitCode.BAD_USAGE;
        }
        try (Capture capture = open(command)) {
            Signals.INT.handle(_ -> capture.stop());
            Signals.TERM.handle(_ -> capture.stop());
            Watch watch = new Watch(capture, name(command), out);
            if (command.hasMatchedOption(CommandLineSpec.JSON)) {
                watch.json(count);
            } else {
                watch.text(count);
            }
            return ExitCode.DONE;
        } catch (CaptureRefused refused) {
            err.println("buoy: " + refused.getMessage());
            return ExitCode.REFUSED;
        }
    }

    private static Capture open(ParseResult command) throws CaptureRefused {
        if (command.hasMatchedOption(FILE)) {
            return Capture.of(command.matchedOptionValue(FILE, ""));
        }
        Capabilities.requireForCapture();
        String name = name(command);
        return name.isEmpty() ? Capture.onAll() : Capture.on(name);
    }

    private static String name(ParseResult command) {
        String name = command.matchedOptionValue(INTERFACE, ALL);
        return name.equals(ALL) ? "" : name;
    }
}
