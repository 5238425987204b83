package buoy.linux;

import buoy.linux.layout.FileEvent;
import java.util.List;

/**
 * What happens to the files of some directories ({@code inotify(7)}). A directory is watched, not
 * the file: so a file that is missing, written anew or replaced by another is heard of as well.
 * Never blocks; used by one thread.
 */
public final class Inotify implements AutoCloseable {
    private static final int IN_NONBLOCK = 0x800;
    private static final int IN_CLOEXEC = 0x80000;
    private static final int IN_ONLYDIR = 0x100_0000;

    private static final int MASK =
            FileEvent.CLOSE_WRITE
                    | FileEvent.MOVED_FROM
                    | FileEvent.MOVED_TO
                    | FileEvent.CREATE
                    | FileEvent.DELETE
                    | FileEvent.DELETE_SELF
                    | FileEvent.MOVE_SELF
                    | IN_ONLYDIR;

    private final Kernel kernel;
    private final Descriptor queue;
    private final byte[] buffer = new byte[16 * 1024];

    private Inotify(Kernel kernel, Descriptor queue) {
        this.kernel = kernel;
        this.queue = queue;
    }

    /** Opens a queue that watches nothing yet. */
    public static Inotify open(Kernel kernel) throws SyscallFailed {
        var fd = kernel.posix().inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        return new Inotify(kernel, Descriptor.of(kernel, fd, "inotify_init1", "file events"));
    }

    /** To poll for something to read. */
    public int fd() {
        return queue.fd();
    }

    /**
     * Watches a directory; again is the same as once.
     *
     * @return the number its events carry
     */
    public int watch(String directory) throws SyscallFailed {
        return kernel.checked(
                kernel.posix().inotify_add_watch(queue.fd(), Kernel.cString(directory), MASK),
                "inotify_add_watch",
                directory);
    }

    /** Watches it no longer. */
    public void unwatch(int number) {
        // It fails where the directory is gone, and then the watch is as well.
        var _ = kernel.posix().inotify_rm_watch(queue.fd(), number);
    }

    /** The events waiting, oldest first; more may be there, and then a poll says so. */
    public List<FileEvent> next() throws SyscallFailed {
        var length = kernel.posix().read(queue.fd(), buffer, buffer.length);
        if (length >= 0) {
            return FileEvent.parse(buffer, (int) length);
        }
        var reason = kernel.errno();
        if (reason.equals(Errno.EAGAIN) || reason.equals(Errno.EINTR)) {
            return List.of();
        }
        throw new SyscallFailed("read", queue.subject(), reason, "");
    }

    @Override
    public void close() {
        queue.close();
    }
}
