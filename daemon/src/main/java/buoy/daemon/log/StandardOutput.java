package buoy.daemon.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What standard output of this process leads to. */
final class StandardOutput {
    private static final Path IT = Path.of("/proc/self/fd/1");

    private StandardOutput() {}

    /**
     * Whether it is systemd's journal: that says so by device and inode, as standard output may
     * have been led elsewhere since (systemd.exec(5), {@code JOURNAL_STREAM}).
     */
    static boolean isJournal() {
        return isJournal(System.getenv("JOURNAL_STREAM"), IT);
    }

    static boolean isJournal(@Nullable String stream, Path output) {
        if (stream == null) {
            return false;
        }
        try {
            return stream.equals(
                    Files.getAttribute(output, "unix:dev")
                            + ":"
                            + Files.getAttribute(output, "unix:ino"));
        } catch (IOException _) {
            return false;
        }
    }
}
