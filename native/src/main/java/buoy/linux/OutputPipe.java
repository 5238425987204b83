package buoy.linux;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a program we start writes its output, and we read it without ever waiting: not for the
 * program, and not for what it leaves behind in the background with the same output.
 */
public final class OutputPipe implements AutoCloseable {
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private final Kernel kernel;
    private final Descriptor out;
    private final Descriptor in;
    private final byte[] buffer = new byte[4096];

    private OutputPipe(Kernel kernel, Descriptor out, Descriptor in) {
        this.kernel = kernel;
        this.out = out;
        this.in = in;
    }

    /** Opens one. */
    public static OutputPipe open(Kernel kernel) throws SyscallFailed {
        var fds = new int[2];
        var subject = "the output of a program";
        var _ = kernel.checked(kernel.posix().pipe2(fds, O_NONBLOCK | O_CLOEXEC), "pipe2", subject);
        return new OutputPipe(
                kernel,
                Descriptor.of(kernel, fds[0], "pipe2", subject),
                Descriptor.of(kernel, fds[1], "pipe2", subject));
    }

    /**
     * A file to redirect the output to. Opened by that name it blocks whoever writes, as programs
     * expect, though our own ends do not block.
     */
    public Path entrance() {
        return Path.of("/proc/self/fd/" + in.fd());
    }

    /** The program has been started: from now on the pipe is at its end when nobody has it. */
    public void started() {
        in.close();
    }

    /** What has been written since, up to 4 KiB; empty if nothing is there now. */
    public byte[] read() throws SyscallFailed {
        var length = kernel.posix().read(out.fd(), buffer, buffer.length);
        if (length >= 0) {
            return Arrays.copyOf(buffer, (int) length);
        }
        var reason = kernel.errno();
        if (reason.equals(Errno.EAGAIN) || reason.equals(Errno.EINTR)) {
            return new byte[0];
        }
        throw new SyscallFailed("read", out.subject(), reason, "");
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}
