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

/**
 * Addresses over netlink.
 *
 * <p>An IPv6 address is claimed deprecated (preferred for no time): it may move at any moment, so
 * it must not become the source of this host's own connections. For IPv4 the kernel takes care: an
 * address added to a subnet that has one is secondary.
 */
final class KernelAddresses implements AddressTable {
    private final Opened<Netlink> netlink;

    KernelAddresses(Opened<Netlink> netlink) {
        this.netlink = netlink;
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

    private static InterfaceAddress ours(
            int interfaceIndex, InetAddress address, int prefixLength) {
        var flags = address instanceof Inet6Address ? InterfaceAddress.NODAD : 0;
        return new InterfaceAddress(interfaceIndex, address, prefixLength, flags);
    }
}
