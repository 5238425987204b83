package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An open file descriptor and what it is for, in words. Closed once; used by one thread. */
final class Descriptor implements AutoCloseable {
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;

    private final Kernel kernel;
    private final int fd;
    private final String subject;
    private boolean closed;

    private Descriptor(Kernel kernel, int fd, String subject) {
        this.kernel = kernel;
        this.fd = fd;
        this.subject = subject;
    }

    /** A socket that never blocks and is not inherited by programs we start. */
    static Descriptor socket(Kernel kernel, int family, int type, int protocol, String subject)
            throws SyscallFailed {
        var fd = kernel.posix().socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        return of(kernel, fd, "socket", subject);
    }

    /** What a call that makes descriptors returned. */
    static Descriptor of(Kernel kernel, int fd, String call, String subject) throws SyscallFailed {
        return new Descriptor(kernel, kernel.checked(fd, call, subject), subject);
    }

    int fd() {
        return fd;
    }

    String subject() {
        return subject;
    }

    void option(int level, int name, int value) throws SyscallFailed {
        option(
                level,
                name,
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    void option(int level, int name, byte[] value) throws SyscallFailed {
        var _ =
                kernel.checked(
                        kernel.posix().setsockopt(fd, level, name, value, value.length),
                        "setsockopt",
                        "%s, level %d, option %d".formatted(subject, level, name));
    }

    void bind(byte[] address) throws SyscallFailed {
        var _ = kernel.checked(kernel.posix().bind(fd, address, address.length), "bind", subject);
    }

    /**
     * The address it is bound to.
     *
     * @param size of an address of its family
     */
    byte[] name(int size) throws SyscallFailed {
        var address = new byte[size];
        var _ =
                kernel.checked(
                        kernel.posix().getsockname(fd, address, new int[] {size}),
                        "getsockname",
                        subject);
        return address;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            kernel.close(fd);
        }
    }
}
