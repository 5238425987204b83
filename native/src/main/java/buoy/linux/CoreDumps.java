package buoy.linux;

/** What the kernel leaves on disk of a process that crashed: its memory, with the keys in it. */
public final class CoreDumps {
    /**
     * Too little for any dump, and the one limit that holds for a program of {@code core_pattern},
     * too (core(5)).
     */
    private static final long NONE = 1;

    private CoreDumps() {}

    /** Leaves none from now on, of this process and of what it starts. */
    public static void turnOff(Kernel kernel) throws SyscallFailed {
        new ResourceLimit(NONE, NONE).set(kernel, ResourceLimit.CORE, "core dumps");
    }
}
