package buoy.daemon;

import buoy.daemon.lan.LinuxPorts;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.linux.RealTime;
import buoy.linux.SyscallFailed;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;

/** This host's kernel for the speaker, if this process may use it so. */
final class VrrpKernel implements VirtualRouters.Kernel {
    private final Kernel kernel;
    private final boolean realTime;
    private final Log log;

    VrrpKernel(Kernel kernel, boolean realTime, Log log) {
        this.kernel = kernel;
        this.realTime = realTime;
        this.log = log;
    }

    @Override
    public Ports open() throws KernelRefused {
        Capabilities.requireForVrrp();
        try {
            return LinuxPorts.open(kernel, this::onSpeakerThread).ports();
        } catch (SyscallFailed refused) {
            throw new KernelRefused(String.valueOf(refused.getMessage()), refused);
        }
    }

    private void onSpeakerThread() {
        if (realTime) {
            for (SyscallFailed refusal : RealTime.request(kernel).refusals()) {
                log.warn(
                        "vrrp",
                        "process.real-time: %s; it works without, but a busy host can make it late"
                                .formatted(refusal.getMessage()));
            }
        }
    }
}
