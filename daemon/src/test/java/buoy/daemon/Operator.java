package buoy.daemon;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Who gives commands in this process, as in a shell, and reads what the last one said. */
final class Operator {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** One command, such as {@code check -c FILE}. */
    ExitCode says(String... args) {
        out.reset();
        err.reset();
        return new Main(print(out), print(err), Map.of()).execute(System.nanoTime(), args);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** What it wrote to standard output, so far. */
    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What it wrote to standard error, so far. */
    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
