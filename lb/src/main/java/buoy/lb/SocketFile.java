package buoy.lb;

import buoy.config.model.UnixPath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening unix socket. The socket is made under another name and appears under its
 * own when it is ready, in place of the one that a listener of ours has there until then.
 */
final class SocketFile {
    private static final int SUFFIXES = 36 * 36 * 36;

    private static final AtomicInteger MADE = new AtomicInteger();

    /** The type in a file's mode, and that of a socket (inode(7)). */
    private static final int TYPE = 0170000;

    private static final int SOCKET = 0140000;

    /**
     * As an address and a port, it is for anybody who gets there: the folder says who does, as with
     * PostgreSQL's.
     */
    private static final String MODE = "rw-rw-rw-";

    private final Path path;
    private final Path fresh;

    /** What the file system knows it by; null until it appeared. */
    private volatile @Nullable Object key;

    /** Whether it goes with this process; another one has the socket, too, where it does not. */
    private volatile boolean ours = true;

    private SocketFile(Path path) {
        this.path = path;
        this.fresh = path.resolveSibling(path.getFileName() + suffix());
    }

    /**
     * Each time another one: when a socket is closed, what has the name then that it was bound
     * under is deleted. Four characters, for which the longest path leaves room.
     */
    private static String suffix() {
        int number = SUFFIXES + Math.floorMod(MADE.getAndIncrement(), SUFFIXES);
        return "." + Integer.toString(number, 36).substring(1);
    }

    /**
     * Makes room for a socket. One on which nobody answers is what a program left that died.
     *
     * @param ours whether a listener of this process answers there, and makes room itself
     * @throws IOException if something else is there, or the folder refuses
     */
    static SocketFile at(UnixPath where, boolean ours) throws IOException {
        SocketFile file = new SocketFile(Path.of(where.path()));
        if (!ours) {
            removeDead(file.path);
        }
        removeDead(file.fresh);
        return file;
    }

    /**
     * That of a socket which another process has as well: it stays, until it is said to be ours.
     */
    static SocketFile shared(UnixPath where) throws IOException {
        SocketFile file = new SocketFile(Path.of(where.path()));
        file.ours = false;
        file.key = attributes(file.path).fileKey();
        return file;
    }

    /** Whether it goes with this process from now on. */
    void ours(boolean whether) {
        ours = whether;
    }

    private static void removeDead(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new IOException(
                    path + " is there and no socket (remove it, or choose another path)");
        }
        try (SocketChannel asking = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A full queue is an answer too, and not waited for.
            asking.configureBlocking(false);
            var _ = asking.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException _) {
            Files.deleteIfExists(path);
            return;
        }
        throw new IOException(
                "another program answers there (stop it, or choose another path; `ss -lxp` shows"
                        + " it)");
    }

    /** A FIFO or a device refuses connections too, and is somebody's. */
    private static boolean isSocket(Path path) throws IOException {
        return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                        instanceof Integer mode
                && (mode & TYPE) == SOCKET;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Where to bind. */
    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(fresh);
    }

    /** It is bound: it gets its mode. */
    void bound() throws IOException {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(MODE));
    }

    /** From now on clients find it. */
    void appear() throws IOException {
        if (key != null) {
            return;
        }
        Object made = attributes(fresh).fileKey();
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        key = made;
    }

    /** Whether clients find it: its file is there, and still this one. */
    boolean isThere() {
        try {
            return key != null && Objects.equals(key, attributes(path).fileKey());
        } catch (IOException _) {
            return false;
        }
    }

    /** Whatever is there instead of it stays. */
    void remove() {
        if (!ours) {
            return;
        }
        try {
            Files.deleteIfExists(key == null ? fresh : isThere() ? path : fresh);
        } catch (IOException _) {
            // A dead socket is in nobody's way: the next start replaces it.
        }
    }
}
