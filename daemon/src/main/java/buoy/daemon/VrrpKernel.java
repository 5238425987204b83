package buoy.daemon;

import buoy.daemon.lan.LinuxPorts;
import buoy.daemon.log.Log;
import buoy.daemon.status.RealTimeStatus;
import buoy.linux.Kernel;
import buoy.linux.Netlink;
import buoy.linux.RealTime;
import buoy.linux.SyscallFailed;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;
import java.util.Optional;

/** This host's kernel for the speaker, if this process may use it so. */
final class VrrpKernel implements VirtualRouters.Kernel {
    private final Kernel kernel;
    private final boolean realTime;
    private final Log log;

    /** Written by the speaker's thread as it begins. */
    private volatile RealTimeStatus realTimeStatus;

    VrrpKernel(Kernel kernel, boolean realTime, Log log) {
        this.kernel = kernel;
        this.realTime = realTime;
        this.log = log;
        this.realTimeStatus =
                RealTimeStatus.notAsked(
                        realTime ? "the thread has not begun" : "process.real-time is false");
    }

    @Override
    public Ports open() throws KernelRefused {
        Capabilities.requireForVrrp();
        try {
            return LinuxPorts.open(
                            kernel,
                            this::onSpeakerThread,
                            refusal -> log.warn("vrrp", refusal.getMessage()))
                    .ports();
        } catch (SyscallFailed refused) {
            throw new KernelRefused(String.valueOf(refused.getMessage()), refused);
        }
    }

    @Override
    public void requireVirtualMacs() throws KernelRefused {
        try (var netlink = Netlink.open(kernel)) {
            netlink.requireMacvlan();
        } catch (SyscallFailed refused) {
            throw new KernelRefused("virtual-mac: " + refused.getMessage(), refused);
        }
    }

    private void onSpeakerThread() {
        if (realTime) {
            RealTime asked = RealTime.request(kernel);
            realTimeStatus = new RealTimeStatus(favour(asked.scheduling()), favour(asked.memory()));
            for (SyscallFailed refusal : asked.refusals()) {
                log.warn(
                        "vrrp",
                        "process.real-time: %s; it works without, but a busy host can make it late"
                                .formatted(refusal.getMessage()));
            }
        }
    }

    private static RealTimeStatus.Favour favour(Optional<SyscallFailed> refusal) {
        return refusal.<RealTimeStatus.Favour>map(
                        failed -> new RealTimeStatus.Refused(failed.getMessage()))
                .orElseGet(RealTimeStatus.InForce::new);
    }

    @Override
    public RealTimeStatus realTime() {
        return realTimeStatus;
    }
}
