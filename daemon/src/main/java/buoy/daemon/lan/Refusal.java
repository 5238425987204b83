package buoy.daemon.lan;

import buoy.linux.SyscallFailed;
import buoy.vrrp.KernelRefused;

/** What the kernel refused, in the words of the ports. */
final class Refusal {
    private Refusal() {}

    /** A call to the kernel. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws SyscallFailed;
    }

    static <T> T translated(Call<T> call) throws KernelRefused {
        try {
            return call.make();
        } catch (SyscallFailed refusal) {
            throw new KernelRefused(refusal.getMessage(), refusal);
        }
    }
}
