package buoy.linux;

import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * The C library, loaded, and its errno turned into {@link SyscallFailed}. One is made at start and
 * handed to whatever needs the kernel. Safe for use by any thread: errno belongs to the calling
 * thread.
 */
public final class Kernel {
    private final Posix posix;
    private final Runtime runtime;

    private Kernel(Posix posix, Runtime runtime) {
        this.posix = posix;
        this.runtime = runtime;
    }

    /**
     * Loads the C library.
     *
     * <p>Sets the system property {@code jnr.ffi.asm.enabled} to false first: JNR then calls
     * through a JDK proxy in place of classes it would define at run time, which a native image
     * cannot do. It costs about 0.1 us a call.
     */
    public static Kernel load() {
        System.setProperty("jnr.ffi.asm.enabled", "false");
        var posix = LibraryLoader.create(Posix.class).load("c");
        return new Kernel(posix, Runtime.getRuntime(posix));
    }

    /** The process id. */
    public int processId() {
        return posix.getpid();
    }

    /** The effective user. */
    public int user() {
        return posix.geteuid();
    }

    /** True when the effective user is root; capabilities may allow the same to others. */
    public boolean isRoot() {
        return posix.geteuid() == 0;
    }

    /** The raw functions; whoever calls one hands its result to {@link #checked}. */
    Posix posix() {
        return posix;
    }

    /** The result, or what errno says when it is negative. */
    int checked(int result, String call, String subject) throws SyscallFailed {
        if (result < 0) {
            throw failure(call, subject);
        }
        return result;
    }

    /** The result, or what errno says when it is negative. */
    long checked(long result, String call, String subject) throws SyscallFailed {
        if (result < 0) {
            throw failure(call, subject);
        }
        return result;
    }

    /** Why the last call of this thread failed. */
    Errno errno() {
        return new Errno(runtime.getLastError());
    }

    SyscallFailed failure(String call, String subject) {
        return new SyscallFailed(call, subject, errno(), "");
    }

    /**
     * Closes what was opened; an error here leaves nothing to do, and the descriptor is gone either
     * way.
     */
    void close(int fd) {
        var _ = posix.close(fd);
    }

    /** A path or name as C wants it: its bytes and a zero. */
    static byte[] cString(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }
}
