package buoy.linux;

/**
 * The end of one process, to poll for: a descriptor of {@code pidfd_open(2)} has something to read
 * once the process has ended, even while nobody has collected its status. Needs no privilege.
 */
public final class ProcessEnd implements AutoCloseable {
    /** The number of the call on every architecture; not every C library has a name for it. */
    private static final int PIDFD_OPEN = 434;

    private final Descriptor descriptor;

    private ProcessEnd(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Begins to watch.
     *
     * @throws SyscallFailed with {@link Errno#ESRCH} if there is no such process (any more)
     */
    public static ProcessEnd of(Kernel kernel, int process) throws SyscallFailed {
        var fd = (int) kernel.posix().syscall(PIDFD_OPEN, process, 0);
        return new ProcessEnd(Descriptor.of(kernel, fd, "pidfd_open", Integer.toString(process)));
    }

    /** To poll for something to read. */
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
