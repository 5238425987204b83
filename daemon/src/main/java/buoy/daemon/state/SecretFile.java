package buoy.daemon.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Writes what nobody else may read: there is always the old file or the new one, whole. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWN_FILE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWN_DIRECTORY =
            PosixFilePermissions.fromString("rwx------");

    private SecretFile() {}

    /**
     * Makes the directory of a file and those above, if they are not there.
     *
     * @return the directory
     */
    static Path prepare(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "a file in a directory");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWN_DIRECTORY));
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + ": writing there is not permitted");
        }
        return directory;
    }

    /** Finds out whether {@link #replace} can be done: it does all of it but the replacing. */
    public static void probe(Path file, int bytes) throws IOException {
        Files.delete(fresh(prepare(file), file, " ".repeat(bytes)));
    }

    /** On the disk when this returns, as far as the disk tells the truth. */
    public static void replace(Path file, String text) throws IOException {
        Path directory = prepare(file);
        Files.move(fresh(directory, file, text), file, StandardCopyOption.ATOMIC_MOVE);
        settle(directory);
    }

    /** Gone from the disk when this returns, if it was there. */
    static void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            settle(Objects.requireNonNull(file.getParent(), "a file in a directory"));
        }
    }

    private static void settle(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static Path fresh(Path directory, Path file, String text) throws IOException {
        Path fresh = directory.resolve("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel out =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWN_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        return fresh;
    }
}
