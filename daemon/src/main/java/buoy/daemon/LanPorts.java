package buoy.daemon;

import buoy.linux.Kernel;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;

/** VRRP over this kernel. */
final class LanPorts implements VirtualRouters.Kernel {
    LanPorts(Kernel kernel, boolean realTime) {}

    @Override
    public Ports open() throws KernelRefused {
        throw new KernelRefused(
                "virtual routers do not run yet: nothing connects them to the kernel in this build");
    }
}
