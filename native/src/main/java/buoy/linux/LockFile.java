package buoy.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file that at most one process holds: the kernel gives the lock back when the process ends,
 * however it ends ({@code flock(2)}). The file names the holder's process id and stays when it is
 * given back.
 */
public final class LockFile implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;
    private static final int MODE = 0644;
    private static final int LOCK_EX_NB = 2 | 4;

    private final Descriptor file;

    private LockFile(Descriptor file) {
        this.file = file;
    }

    /**
     * Takes the lock without waiting.
     *
     * @throws SyscallFailed with {@link Errno#EAGAIN} if another process holds it
     */
    public static LockFile take(Kernel kernel, Path path) throws SyscallFailed {
        var name = path.toString();
        var fd = kernel.posix().open(Kernel.cString(name), O_RDWR | O_CREAT | O_CLOEXEC, MODE);
        var file = Descriptor.of(kernel, fd, "open", name);
        try {
            var _ = kernel.checked(kernel.posix().flock(fd, LOCK_EX_NB), "flock", name);
            // Always as long, so that nothing is left of an earlier holder's number.
            var holder = "%10d\n".formatted(kernel.processId()).getBytes(StandardCharsets.US_ASCII);
            var _ = kernel.checked(kernel.posix().write(fd, holder, holder.length), "write", name);
            return new LockFile(file);
        } catch (SyscallFailed refusal) {
            file.close();
            throw refusal;
        }
    }

    /**
     * The lock that another process took and passed on: it is held as long as one of the two has
     * its descriptor.
     */
    public static LockFile passedOn(Kernel kernel, int descriptor, Path path) throws SyscallFailed {
        return new LockFile(Descriptor.of(kernel, descriptor, "recvmsg", path.toString()));
    }

    /** To be passed on; it stays ours. */
    public int descriptor() {
        return file.fd();
    }

    /** Gives the lock back, unless it was passed on. */
    @Override
    public void close() {
        file.close();
    }
}
