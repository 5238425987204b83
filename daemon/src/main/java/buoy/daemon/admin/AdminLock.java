package buoy.daemon.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * At most one Buoy for each admin socket: a lock on {@code SOCKET.lock}, held until the process
 * ends however it ends. Without it SO_REUSEPORT would let a second one bind in silence and take
 * half of the connections.
 */
public final class AdminLock implements AutoCloseable {
    private final FileChannel channel;

    private AdminLock(FileChannel channel) {
        this.channel = channel;
    }

    public static AdminLock take(Path socket) throws DoorRefused {
        Path file = socket.resolveSibling(socket.getFileName() + ".lock");
        FileChannel channel;
        try {
            createParent(socket);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new DoorRefused(
                    "admin socket %s: cannot make its lock %s: %s (set admin.socket to a place this user may write)"
                            .formatted(socket, file, reason(e)),
                    e);
        }
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = owner(channel);
                channel.close();
                throw new DoorRefused(
                        "another buoy%s holds admin socket %s (`buoy stop` ends it; `buoy reload` gives it a new configuration)"
                                .formatted(owner, socket));
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            return new AdminLock(channel);
        } catch (IOException e) {
            throw new DoorRefused(
                    "admin socket %s: cannot lock %s: %s".formatted(socket, file, reason(e)), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by this very process
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().trim();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    private static void createParent(Path socket) throws IOException {
        Path parent = socket.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    /** The kernel's reason; Java's file exceptions often carry the path alone. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such directory";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Lets go of the socket. The lock file stays: removing it would race with the next Buoy. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The kernel drops the lock with the descriptor, whatever close() had to say.
        }
    }
}
