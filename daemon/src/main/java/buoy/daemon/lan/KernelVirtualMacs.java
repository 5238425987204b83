package buoy.daemon.lan;

import buoy.linux.Errno;
import buoy.linux.Kernel;
import buoy.linux.Netlink;
import buoy.linux.SyscallFailed;
import buoy.linux.Sysctl;
import buoy.linux.layout.Ipv4Setting;
import buoy.linux.layout.Link;
import buoy.linux.layout.Macvlan;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Links;
import buoy.vrrp.VirtualMacs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Virtual MAC addresses by macvlan. What the kernel needs to be told, and why:
 *
 * <ul>
 *   <li>A macvlan that is up and has no address would still answer ARP for every other address of
 *       this host ({@code arp_ignore}), and send ARP in their name ({@code arp_announce}).
 *   <li>The route back to a client is by way of the link below. So with {@code arp_filter} it would
 *       answer nobody, with {@code proxy_arp} answer for every host of the network, and with strict
 *       {@code rp_filter} drop what arrives. Of the last, the larger of its value and that for all
 *       is in force: 2, which asks less, undoes a 1 there, now or later. The other two cannot be
 *       undone.
 *   <li>No IPv6 address may appear on it by itself: made from the virtual MAC it would be the same
 *       on every host (RFC 9568 8.2.2 forbids it).
 *   <li>What is sent to the virtual MAC to be passed on has to be, as on the link below; and the
 *       router flag of neighbour advertisements follows {@code forwarding}.
 * </ul>
 *
 * <p>All is told again when one is raised, on the thread of errands, which a takeover need not wait
 * for: when a link appears, udev has {@code /etc/sysctl.d} applied to it at some later moment of
 * its own.
 */
final class KernelVirtualMacs implements VirtualMacs {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Kernel kernel;
    private final Opened<Netlink> netlink;
    private final LinkErrands errands;
    private final ArpOfLinkBelow arp;
    private final Map<Integer, Kept> made = new HashMap<>();

    KernelVirtualMacs(Kernel kernel, Opened<Netlink> netlink, LinkErrands errands) {
        this.kernel = kernel;
        this.netlink = netlink;
        this.errands = errands;
        this.arp = new ArpOfLinkBelow(netlink);
    }

    /**
     * One link. Its lock keeps the two threads' orders apart: the last one given is the last done.
     */
    private static final class Kept {
        final String name;
        final String below;
        final boolean ipv6;
        private boolean raised;

        Kept(String name, String below, boolean ipv6) {
            this.name = name;
            this.below = below;
            this.ipv6 = ipv6;
        }

        /** Returns whether it was to be down until now. */
        synchronized boolean raise(int index, Netlink netlink) throws SyscallFailed {
            netlink.setUp(index, true);
            var before = raised;
            raised = true;
            return !before;
        }

        synchronized void wantDown() {
            raised = false;
        }

        synchronized void lower(int index, Netlink netlink) throws SyscallFailed {
            if (!raised) {
                setDown(index, netlink);
            }
        }
    }

    private static void setDown(int index, Netlink netlink) throws SyscallFailed {
        try {
            netlink.setUp(index, false);
        } catch (SyscallFailed refusal) {
            if (!refusal.reason().equals(Errno.ENODEV)) {
                throw refusal;
            }
        }
    }

    /** Whether the link of this index is one of these. */
    boolean has(int interfaceIndex) {
        return made.containsKey(interfaceIndex);
    }

    @Override
    public Made make(Links.Link on, int routerId, boolean ipv6) throws KernelRefused {
        requireAnswers(ipv6);
        return Refusal.translated(() -> makeOrFail(on, routerId, ipv6));
    }

    private void requireAnswers(boolean ipv6) throws KernelRefused {
        if (!ipv6) {
            requireOffForAll("arp_filter", "nobody's question");
            requireOffForAll("proxy_arp", "questions for every host of the network");
        }
    }

    /** Where it is on for all interfaces, none of them can be told otherwise. */
    private void requireOffForAll(String key, String answered) throws KernelRefused {
        var value =
                Refusal.translated(() -> Sysctl.read(kernel, "net", "ipv4", "conf", "all", key));
        if (!value.equals("0")) {
            throw new KernelRefused(
                    "net.ipv4.conf.all.%s is %s: a link with a virtual MAC address would answer %s (set it to 0, and to 1 on the interfaces that need it)"
                            .formatted(key, value, answered));
        }
    }

    private Made makeOrFail(Links.Link on, int routerId, boolean ipv6) throws SyscallFailed {
        var name = VirtualMacName.of(on.name(), routerId, ipv6);
        var mac = VirtualMacName.mac(routerId, ipv6);
        var macvlan = new Macvlan(name, on.index(), mac);
        try {
            netlink.get().make(macvlan);
        } catch (SyscallFailed refusal) {
            if (!refusal.reason().equals(Errno.EEXIST)) {
                throw refusal;
            }
            // One that was removed a moment ago may still be on its way out.
            errands.finish(PATIENCE);
            netlink.get().make(macvlan);
        }
        var index = netlink.get().link(name).map(Link::index).orElse(0);
        var link = new Kept(name, on.name(), ipv6);
        try {
            netlink.get().withoutOwnIpv6(index);
            settle(netlink.get(), index, link);
            arp.settle(on.name(), on.index(), index);
        } catch (SyscallFailed refusal) {
            errands.run(errand -> errand.removeLink(index));
            throw refusal;
        }
        made.put(index, link);
        return new Made(new Links.Link(index, name, false), mac.toString());
    }

    @Override
    public Optional<Made> takeOver(Links.Link on, int routerId, boolean ipv6) throws KernelRefused {
        return Refusal.translated(
                () -> {
                    var name = VirtualMacName.of(on.name(), routerId, ipv6);
                    var there = netlink.get().link(name).filter(KernelVirtualMacs::isOurs);
                    there.ifPresent(
                            link -> {
                                var kept = new Kept(name, on.name(), ipv6);
                                kept.raised = link.isUp();
                                arp.takeOver(on.name(), link.index(), link.alias());
                                made.put(link.index(), kept);
                            });
                    return there.map(
                            link ->
                                    new Made(
                                            new Links.Link(link.index(), name, link.isUp()),
                                            VirtualMacName.mac(routerId, ipv6).toString()));
                });
    }

    private static boolean isOurs(Link link) {
        return link.kind().equals(Macvlan.KIND) && ArpOfLinkBelow.isOurs(link.alias());
    }

    private void settle(Netlink through, int index, Kept link) throws SyscallFailed {
        if (link.ipv6) {
            var forwarding = Sysctl.read(kernel, ipv6(link.below, "forwarding"));
            Sysctl.write(kernel, "0", ipv6(link.name, "disable_ipv6"));
            Sysctl.write(kernel, "0", ipv6(link.name, "accept_ra"));
            Sysctl.write(kernel, "0", ipv6(link.name, "autoconf"));
            Sysctl.write(kernel, forwarding, ipv6(link.name, "forwarding"));
        } else {
            withoutIpv6(link.name);
        }
        var below = through.settings(link.below);
        through.set(
                index,
                Map.of(
                        Ipv4Setting.ARP_IGNORE,
                        1,
                        Ipv4Setting.ARP_ANNOUNCE,
                        2,
                        Ipv4Setting.RP_FILTER,
                        2,
                        Ipv4Setting.ARP_FILTER,
                        0,
                        Ipv4Setting.PROXY_ARP,
                        0,
                        Ipv4Setting.FORWARDING,
                        below.getOrDefault(Ipv4Setting.FORWARDING, 0)));
    }

    private void withoutIpv6(String name) throws SyscallFailed {
        try {
            Sysctl.write(kernel, "1", ipv6(name, "disable_ipv6"));
        } catch (SyscallFailed refusal) {
            // A kernel without IPv6 has no such setting, and needs none.
            if (!refusal.reason().equals(Errno.ENOENT)) {
                throw refusal;
            }
        }
    }

    private static String[] ipv6(String interfaceName, String key) {
        return new String[] {"net", "ipv6", "conf", interfaceName, key};
    }

    @Override
    public void raise(int interfaceIndex) throws KernelRefused {
        var link = made.get(interfaceIndex);
        if (link == null) {
            throw new KernelRefused("interface %d is gone".formatted(interfaceIndex));
        }
        requireAnswers(link.ipv6);
        if (Refusal.translated(() -> link.raise(interfaceIndex, netlink.get()))) {
            errands.run(errand -> settle(errand, interfaceIndex, link));
        }
    }

    @Override
    public void lower(int interfaceIndex) {
        var link = made.get(interfaceIndex);
        if (link != null) {
            link.wantDown();
            errands.run(errand -> link.lower(interfaceIndex, errand));
        }
    }

    @Override
    public void remove(int interfaceIndex) {
        if (made.remove(interfaceIndex) != null) {
            try {
                arp.leave(interfaceIndex);
            } catch (SyscallFailed refusal) {
                errands.refused(refusal);
            }
            errands.run(errand -> errand.removeLink(interfaceIndex));
        }
    }

    @Override
    public void finish(Duration atMost) {
        errands.finish(atMost);
    }

    @Override
    public void clear() throws KernelRefused {
        Refusal.translated(
                () -> {
                    for (var link : netlink.get().links()) {
                        if (isOurs(link)) {
                            arp.restore(link.alias());
                            var _ = netlink.get().removeLink(link.index());
                        }
                    }
                    return true;
                });
    }
}
