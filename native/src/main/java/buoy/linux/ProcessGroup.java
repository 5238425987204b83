package buoy.linux;

/** All processes that a session of their own holds together, as {@code setsid(1)} makes one. */
public final class ProcessGroup {
    private static final int SIGKILL = 9;

    private ProcessGroup() {}

    /**
     * Kills every process of the group.
     *
     * @param leader the process that made it
     * @return whether there was one to kill
     */
    public static boolean kill(Kernel kernel, long leader) {
        return leader > 1 && kernel.posix().kill((int) -leader, SIGKILL) == 0;
    }
}
