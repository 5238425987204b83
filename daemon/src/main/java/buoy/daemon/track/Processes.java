package buoy.daemon.track;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The processes of this host, by the name of their command, from proc(5). */
final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** The kernel keeps 15 bytes of a command's name. */
    private static final int LONGEST_NAME = 15;

    private static final int ENOUGH = 512;

    private Processes() {}

    /** A name as the kernel has it. */
    static String asKernelHas(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_NAME
                ? name
                : new String(Arrays.copyOf(bytes, LONGEST_NAME), StandardCharsets.UTF_8);
    }

    /** For each name the process of the lowest number, which most often began the others. */
    static Map<String, OptionalInt> running() {
        Map<String, OptionalInt> running = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path entry : entries) {
                int process = Integer.parseInt(entry.getFileName().toString());
                nameOf(process)
                        .ifPresent(
                                name ->
                                        running.merge(
                                                name, OptionalInt.of(process), Processes::lower));
            }
        } catch (IOException | NumberFormatException _) {
            // Without /proc no process can be found, and that is what is said of each.
        }
        return running;
    }

    private static OptionalInt lower(OptionalInt one, OptionalInt other) {
        return one.getAsInt() < other.getAsInt() ? one : other;
    }

    /** Empty where there is none, or it has ended and only waits to be collected. */
    static Optional<String> nameOf(int process) {
        Path stat = PROC.resolve(Integer.toString(process)).resolve("stat");
        try (InputStream in = Files.newInputStream(stat)) {
            return name(new String(in.readNBytes(ENOUGH), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * From the line of {@code stat}: {@code 4711 (name) S ...}, where the name may hold anything.
     */
    static Optional<String> name(String stat) {
        int from = stat.indexOf('(');
        int to = stat.lastIndexOf(')');
        if (from < 0 || to < from || to + 2 >= stat.length()) {
            return Optional.empty();
        }
        char state = stat.charAt(to + 2);
        return state == 'Z' || state == 'X'
                ? Optional.empty()
                : Optional.of(stat.substring(from + 1, to));
    }
}
