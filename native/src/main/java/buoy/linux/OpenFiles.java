package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How many files this process may have open ({@code RLIMIT_NOFILE}).
 *
 * @param limit in force now
 * @param most up to what it may be raised without privilege
 */
public record OpenFiles(long limit, long most) {
    private static final int RLIMIT_NOFILE = 7;
    private static final int SIZE = 16;

    /** The limits as they are. */
    public static OpenFiles read(Kernel kernel) throws SyscallFailed {
        var limits = new byte[SIZE];
        var _ =
                kernel.checked(
                        kernel.posix().getrlimit(RLIMIT_NOFILE, limits), "getrlimit", "open files");
        var buffer = ByteBuffer.wrap(limits).order(ByteOrder.nativeOrder());
        return new OpenFiles(buffer.getLong(), buffer.getLong());
    }

    /**
     * Raises the limit to what is wanted; lowers it never. Above {@link #most} that needs
     * CAP_SYS_RESOURCE.
     *
     * @return the limits afterwards
     */
    public static OpenFiles raiseTo(Kernel kernel, long wanted) throws SyscallFailed {
        var now = read(kernel);
        if (now.limit >= wanted) {
            return now;
        }
        var most = Math.max(now.most, wanted);
        var limits =
                ByteBuffer.allocate(SIZE)
                        .order(ByteOrder.nativeOrder())
                        .putLong(wanted)
                        .putLong(most);
        var _ =
                kernel.checked(
                        kernel.posix().setrlimit(RLIMIT_NOFILE, limits.array()),
                        "setrlimit",
                        wanted + " open files");
        return new OpenFiles(wanted, most);
    }
}
