package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.Netlink;
import buoy.linux.PacketSocket;
import buoy.linux.Poller;
import buoy.linux.SyscallFailed;
import buoy.vrrp.Ports;
import java.util.function.Consumer;

/**
 * Everything the speaker needs, on this host's kernel. To be closed after the speaker has ended:
 * its last act is to give the addresses back.
 */
public final class LinuxPorts implements AutoCloseable {
    private final Poller poller;
    private final Opened<Netlink> netlink;
    private final Opened<PacketSocket> frames;
    private final KernelLinks links;
    private final ClaimListener claims;
    private final LinkErrands errands;
    private final Ports ports;

    private LinuxPorts(
            Kernel kernel,
            Poller poller,
            Runnable onThreadStart,
            Consumer<SyscallFailed> onErrand) {
        this.poller = poller;
        this.netlink = new Opened<>(() -> Netlink.open(kernel));
        this.frames = new Opened<>(() -> PacketSocket.open(kernel));
        this.links = new KernelLinks(kernel, netlink, poller);
        this.claims = new ClaimListener(kernel, poller);
        this.errands = new LinkErrands(kernel, onErrand);
        var virtualMacs = new KernelVirtualMacs(kernel, netlink, errands);
        this.ports =
                new Ports(
                        new RawLan(kernel, poller),
                        new KernelAddresses(netlink, virtualMacs::has),
                        new Announcer(kernel, frames, links, claims),
                        links,
                        new KernelRoutes(netlink, links),
                        virtualMacs,
                        new PollingWaiter(poller),
                        onThreadStart);
    }

    /**
     * Opens what any thread may open; the rest follows on the speaker's thread.
     *
     * @param onThreadStart run first on the speaker's thread: to ask for real-time scheduling, or
     *     to enter a network namespace
     * @param onErrand told, on another thread, what the kernel refused where nobody waits for it
     */
    public static LinuxPorts open(
            Kernel kernel, Runnable onThreadStart, Consumer<SyscallFailed> onErrand)
            throws SyscallFailed {
        return new LinuxPorts(kernel, Poller.open(kernel), onThreadStart, onErrand);
    }

    /** The ports, for one speaker. */
    public Ports ports() {
        return ports;
    }

    @Override
    public void close() {
        errands.close();
        links.close();
        claims.close();
        netlink.ifOpened(Netlink::close);
        frames.ifOpened(PacketSocket::close);
        poller.close();
    }
}
