package buoy.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command that this process was started by. */
public final class OwnCommand {
    private OwnCommand() {}

    /** Its words. The first is a path or is looked up: it finds what is installed now. */
    public static List<String> words() throws IOException {
        String all = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        return List.of(all.substring(0, Math.max(0, all.length() - 1)).split("\0", -1));
    }
}
