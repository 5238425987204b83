package buoy.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard output is shown to somebody, and how a picture replaces the one before. */
final class Terminal {
    /** Cursor to the upper left, and what is there is erased (ECMA-48 8.3.21 CUP, 8.3.39 ED). */
    static final String AFRESH = "\033[H\033[2J";

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private Terminal() {}

    static boolean isOutput() {
        try {
            String file = Files.readSymbolicLink(OUTPUT).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
        } catch (IOException _) {
            return false; // closed, or no /proc: plain text does for both
        }
    }
}
