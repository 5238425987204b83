package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory, with all that is in it. Run by root, others may pass through it. */
record Scratch(Path path) implements AutoCloseable {
    static Scratch make() throws IOException {
        Path path = Files.createTempDirectory("buoy-bench");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        return new Scratch(path);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + path + " is left behind: " + e.getMessage());
        }
    }
}
