package buoy.daemon.admin;

import buoy.linux.Errno;
import buoy.linux.Kernel;
import buoy.linux.LockFile;
import buoy.linux.SyscallFailed;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * At most one Buoy for each admin socket: a lock on {@code SOCKET.lock}, held until the process
 * ends however it ends. Without it SO_REUSEPORT would let a second one bind in silence and take
 * half of the connections.
 */
public final class AdminLock implements AutoCloseable {
    private final LockFile lock;

    private AdminLock(LockFile lock) {
        this.lock = lock;
    }

    /** Takes the lock, or says who has it. */
    public static AdminLock take(Kernel kernel, Path socket) throws DoorRefused {
        Path file = file(socket);
        try {
            Path parent = socket.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return new AdminLock(LockFile.take(kernel, file));
        } catch (SyscallFailed e) {
            if (e.reason().equals(Errno.EAGAIN)) {
                throw new DoorRefused(
                        "another buoy%s holds admin socket %s (`buoy stop` ends it, `buoy reload` gives it a new configuration)"
                                .formatted(holder(file), socket),
                        e);
            }
            throw refused(socket, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw refused(socket, reason(e), e);
        }
    }

    /**
     * The lock that the process before this one took and passed on.
     *
     * @param descriptor belongs to the lock from now on
     */
    public static AdminLock passedOn(Kernel kernel, Path socket, int descriptor)
            throws DoorRefused {
        try {
            if (!Files.isSameFile(Path.of("/proc/self/fd/" + descriptor), file(socket))) {
                throw new DoorRefused(
                        "admin socket %s: the lock that was passed on is of another (admin.socket was changed: restart buoy)"
                                .formatted(socket),
                        null);
            }
            return new AdminLock(LockFile.passedOn(kernel, descriptor, file(socket)));
        } catch (SyscallFailed e) {
            throw refused(socket, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw refused(socket, reason(e), e);
        }
    }

    /** From now on the file names this process. */
    public static void sign(Path socket, long processId) throws IOException {
        Files.writeString(file(socket), "%10d\n".formatted(processId), StandardOpenOption.WRITE);
    }

    /** To be passed on; it stays ours. */
    public int descriptor() {
        return lock.descriptor();
    }

    private static Path file(Path socket) {
        return socket.resolveSibling(socket.getFileName() + ".lock");
    }

    private static DoorRefused refused(Path socket, String reason, IOException cause) {
        return new DoorRefused(
                "admin socket %s: cannot make its lock: %s; set admin.socket to a place this user may write"
                        .formatted(socket, reason),
                cause);
    }

    private static String holder(Path file) {
        try {
            return " (process " + Files.readString(file).trim() + ")";
        } catch (IOException _) {
            return ""; // it may be another user's; that it is held we know anyway
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

    /** Lets go. The lock file stays: removing it would race with the next Buoy. */
    @Override
    public void close() {
        lock.close();
    }
}
