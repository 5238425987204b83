package buoy.daemon;

import buoy.daemon.status.Paint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/**
 * Whether what is printed is shown to somebody, in what colours, and how a picture replaces
 * another.
 */
enum Terminal {
    OUTPUT(1),
    ERRORS(2);

    /** Cursor to the upper left, and what is there is erased (ECMA-48 8.3.21 CUP, 8.3.39 ED). */
    static final String AFRESH = "\033[H\033[2J";

    private final int descriptor;

    Terminal(int descriptor) {
        this.descriptor = descriptor;
    }

    boolean isThere() {
        try {
            Path shown = Path.of("/proc/self/fd", String.valueOf(descriptor));
            String name = Files.readSymbolicLink(shown).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
        } catch (IOException _) {
            return false; // closed, or no /proc: plain text does for both
        }
    }

    /**
     * As {@code --color} says; else in colours where somebody looks, unless {@code NO_COLOR} is set
     * (no-color.org) or the terminal says that it has none.
     */
    Paint paint(ParseResult command, Map<String, String> environment) {
        return switch (command.matchedOptionValue(CommandLineSpec.COLOR, Color.AUTO)) {
            case ALWAYS -> Paint.COLOURED;
            case NEVER -> Paint.PLAIN;
            case AUTO ->
                    isThere()
                                    && environment.getOrDefault("NO_COLOR", "").isEmpty()
                                    && !environment.getOrDefault("TERM", "dumb").equals("dumb")
                            ? Paint.COLOURED
                            : Paint.PLAIN;
        };
    }

    /** Of {@code --color}. */
    enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }
}
