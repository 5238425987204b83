package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What keeps the calling thread punctual on a busy host: scheduling ahead of every ordinary thread,
 * and memory that is not paged out. The kernel may refuse either; what it refused is told, and
 * everything works without.
 *
 * @param scheduling why the thread is scheduled as any other; empty when it has {@code SCHED_RR}
 * @param memory why memory may be paged out; empty when it is locked
 */
public record RealTime(Optional<SyscallFailed> scheduling, Optional<SyscallFailed> memory) {
    private static final int SCHED_RR = 2;

    /** Threads and programs started from this thread are ordinary again. */
    private static final int SCHED_RESET_ON_FORK = 0x4000_0000;

    /** The lowest is ahead of every ordinary thread; more would only hinder the kernel's own. */
    private static final int PRIORITY = 1;

    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;

    /** A page is locked when first touched: the heap's reserve stays free. */
    private static final int MCL_ONFAULT = 4;

    private static final String LOCKED = "all memory, on fault";

    private static final int PR_SET_TIMERSLACK = 29;

    /** Asks for both: scheduling of the calling thread, memory of the process. */
    public static RealTime request(Kernel kernel) {
        var posix = kernel.posix();
        // Without real-time scheduling the kernel may let timers run late by 50 us, to save power.
        var _ = posix.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
        var parameter =
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(PRIORITY).array();
        var scheduled = posix.sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, parameter);
        var scheduling = refusal(kernel, scheduled, "sched_setscheduler", "SCHED_RR");
        return new RealTime(scheduling, lock(kernel));
    }

    /**
     * Where a limit stands, a process that locks what it will map one day cannot map beyond the
     * limit at all: that would be worse than a page on disk, so nothing is locked then.
     */
    private static Optional<SyscallFailed> lock(Kernel kernel) {
        if (isLimited(kernel) && !Capability.IPC_LOCK.isEffective()) {
            return Optional.of(
                    new SyscallFailed("mlockall", LOCKED, Errno.EPERM, "locked memory is limited"));
        }
        // What only the start needed would stay for good.
        ProgramPages.giveBack(kernel);
        var locked = kernel.posix().mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
        return refusal(kernel, locked, "mlockall", LOCKED);
    }

    private static boolean isLimited(Kernel kernel) {
        try {
            return ResourceLimit.read(kernel, ResourceLimit.MEMLOCK, "locked memory").soft()
                    != ResourceLimit.UNLIMITED;
        } catch (SyscallFailed _) {
            return true;
        }
    }

    /** True if the calling thread has real-time scheduling. */
    public static boolean isInForce(Kernel kernel) {
        return (kernel.posix().sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) == SCHED_RR;
    }

    /** Everything that was refused. */
    public List<SyscallFailed> refusals() {
        return Stream.of(scheduling, memory).flatMap(Optional::stream).toList();
    }

    private static Optional<SyscallFailed> refusal(
            Kernel kernel, int result, String call, String subject) {
        return result < 0 ? Optional.of(kernel.failure(call, subject)) : Optional.empty();
    }
}
