package buoy.daemon.track;

import buoy.linux.ProcessStat;
import java.io.IOException;
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
        return ProcessStat.of(process).filter(stat -> !stat.ended()).map(ProcessStat::name);
    }
}
