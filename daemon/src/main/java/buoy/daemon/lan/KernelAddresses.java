package buoy.daemon.lan;

import buoy.linux.Netlink;
import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.Lifetime;
import buoy.vrrp.AddressTable;
import buoy.vrrp.KernelRefused;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Addresses over netlink.
 *
 * <p>An IPv6 address is claimed deprecated (preferred for no time): it may move at any moment, so
 * it must not become the source of this host's own connections. For IPv4 the kernel takes care: an
 * address added to a subnet that has one is secondary.
 */
final class KernelAddresses implements AddressTable {
    /**
     * Of the route to its subnet that comes with an address on a link with a virtual MAC: that of
     * the link below is to be taken, or our own connections would leave from the virtual address.
     */
    private static final int LAST_CHOICE = 60_000;

    private final Opened<Netlink> netlink;
    private final IntPredicate hasVirtualMac;

    KernelAddresses(Opened<Netlink> netlink, IntPredicate hasVirtualMac) {
        this.netlink = netlink;
        this.hasVirtualMac = hasVirtualMac;
    }

    @Override
    public void claim(int interfaceIndex, InetAddress address, int prefixLength, Duration lifetime)
            throws KernelRefused {
        var whole = Lifetime.of(lifetime);
        Refusal.translated(
                () -> {
                    netlink.get()
                            .put(
                                    ours(interfaceIndex, address, prefixLength),
                                    address instanceof Inet6Address ? whole.deprecated() : whole);
                    return true;
                });
    }

    @Override
    public void release(int interfaceIndex, InetAddress address, int prefixLength)
            throws KernelRefused {
        Refusal.translated(() -> netlink.get().remove(ours(interfaceIndex, address, prefixLength)));
    }

    @Override
    public List<Entry> list(int interfaceIndex) throws KernelRefused {
        return Refusal.translated(() -> netlink.get().addresses(interfaceIndex)).stream()
                .filter(InterfaceAddress::isUsable)
                .sorted(Comparator.comparing(InterfaceAddress::isSecondary)) // stable
                .map(it -> new Entry(it.address(), it.prefixLength(), it.isPermanent()))
                .toList();
    }

    private InterfaceAddress ours(int interfaceIndex, InetAddress address, int prefixLength) {
        var flags = address instanceof Inet6Address ? InterfaceAddress.NODAD : 0;
        var metric = hasVirtualMac.test(interfaceIndex) ? LAST_CHOICE : 0;
        return new InterfaceAddress(interfaceIndex, address, prefixLength, flags, metric);
    }
}
