package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One of getrlimit(2)'s limits.
 *
 * @param soft in force now
 * @param hard up to what it may be raised without privilege
 */
record ResourceLimit(long soft, long hard) {
    static final int CORE = 4;
    static final int MEMLOCK = 8;

    /** {@code RLIM_INFINITY}. */
    static final long UNLIMITED = -1;

    private static final int SIZE = 16;

    /**
     * The limit as it is.
     *
     * @param what it is of, for people
     */
    static ResourceLimit read(Kernel kernel, int resource, String what) throws SyscallFailed {
        var limits = new byte[SIZE];
        var _ = kernel.checked(kernel.posix().getrlimit(resource, limits), "getrlimit", what);
        var buffer = ByteBuffer.wrap(limits).order(ByteOrder.nativeOrder());
        return new ResourceLimit(buffer.getLong(), buffer.getLong());
    }

    void set(Kernel kernel, int resource, String what) throws SyscallFailed {
        var limits =
                ByteBuffer.allocate(SIZE)
                        .order(ByteOrder.nativeOrder())
                        .putLong(soft)
                        .putLong(hard);
        var _ =
                kernel.checked(
                        kernel.posix().setrlimit(resource, limits.array()), "setrlimit", what);
    }
}
