package buoy.lb.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to and made where it is not there. One that was renamed or removed is
 * left: the next lines go to a new one of that name, as after logrotate.
 */
final class FileOutlet implements Outlet {
    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private @Nullable FileChannel open;

    /** Device and inode of what is open. */
    private @Nullable Object key;

    FileOutlet(Path path) {
        this.path = path;
    }

    @Override
    public void write(byte[] lines, int length, Severity severity) throws IOException {
        FileChannel to = open;
        if (to == null) {
            to = open();
        }
        ByteBuffer left = ByteBuffer.wrap(lines, 0, length);
        while (left.hasRemaining()) {
            to.write(left);
        }
    }

    private FileChannel open() throws IOException {
        // What clients asked for is not for everybody on this host.
        FileChannel opened =
                FileChannel.open(
                        path,
                        APPEND,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r-----")));
        open = opened;
        key = keyNow();
        return opened;
    }

    @Override
    public void check(boolean anew) throws IOException {
        if (anew || (open != null && !Objects.equals(key, keyNow()))) {
            close();
            open();
        }
    }

    private @Nullable Object keyNow() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel was = open;
        if (was != null) {
            open = null;
            was.close();
        }
    }
}
