package buoy.linux;

/**
 * How many files this process may have open ({@code RLIMIT_NOFILE}).
 *
 * @param limit in force now
 * @param most up to what it may be raised without privilege
 */
public record OpenFiles(long limit, long most) {
    /** The limits as they are. */
    public static OpenFiles read(Kernel kernel) throws SyscallFailed {
        var limit = ResourceLimit.read(kernel, ResourceLimit.NOFILE, "open files");
        return new OpenFiles(limit.soft(), limit.hard());
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
        new ResourceLimit(wanted, most).set(kernel, ResourceLimit.NOFILE, wanted + " open files");
        return new OpenFiles(wanted, most);
    }
}
