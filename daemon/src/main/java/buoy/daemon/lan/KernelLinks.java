package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.Netlink;
import buoy.linux.NetlinkEvents;
import buoy.linux.Poller;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.NetworkEvent;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Links;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Links over netlink. The subscription to events comes before the first list, so nothing falls
 * between. What was heard last about each link is kept for {@link Announcer}, which needs its MAC
 * address.
 */
final class KernelLinks implements Links {
    private final Opened<Netlink> netlink;
    private final Opened<NetlinkEvents> events;
    private final Map<Integer, buoy.linux.layout.Link> known = new HashMap<>();

    KernelLinks(Kernel kernel, Opened<Netlink> netlink, Poller poller) {
        this.netlink = netlink;
        this.events =
                new Opened<>(
                        () -> {
                            var subscription = NetlinkEvents.open(kernel);
                            poller.watch(subscription.fd());
                            return subscription;
                        });
    }

    @Override
    public List<Links.Link> list() throws KernelRefused {
        return Refusal.translated(this::refresh).stream().map(KernelLinks::inPortsWords).toList();
    }

    @Override
    public List<LinkEvent> events() throws KernelRefused {
        return Refusal.translated(() -> events.get().next()).stream()
                .map(this::heard)
                .flatMap(Optional::stream)
                .toList();
    }

    /** What is known of a link: from the events, or else asked for now. */
    Optional<buoy.linux.layout.Link> find(int index) throws SyscallFailed {
        if (!known.containsKey(index)) {
            var _ = refresh();
        }
        return Optional.ofNullable(known.get(index));
    }

    /** The same by name. */
    Optional<buoy.linux.layout.Link> find(String name) throws SyscallFailed {
        var link = known.values().stream().filter(it -> it.name().equals(name)).findFirst();
        return link.isPresent() ? link : netlink.get().link(name);
    }

    private List<buoy.linux.layout.Link> refresh() throws SyscallFailed {
        var _ = events.get(); // before the list
        var links = netlink.get().links();
        known.clear();
        links.forEach(link -> known.put(link.index(), link));
        return links;
    }

    private Optional<LinkEvent> heard(NetworkEvent event) {
        return switch (event) {
            case NetworkEvent.LinkChanged(var link) -> {
                known.put(link.index(), link);
                yield Optional.of(new LinkEvent.Changed(inPortsWords(link)));
            }
            case NetworkEvent.LinkGone(var link) -> {
                known.remove(link.index());
                yield Optional.of(new LinkEvent.Gone(link.index()));
            }
            case NetworkEvent.AddressChanged(var address) -> added(address);
            case NetworkEvent.AddressGone(var address) ->
                    Optional.of(
                            new LinkEvent.AddressRemoved(
                                    address.interfaceIndex(),
                                    address.address(),
                                    address.prefixLength()));
            case NetworkEvent.Overrun _ -> Optional.of(new LinkEvent.Overrun());
        };
    }

    /**
     * One still in duplicate address detection is not there yet; the kernel tells again when it is.
     */
    private static Optional<LinkEvent> added(InterfaceAddress address) {
        return Optional.of(address)
                .filter(InterfaceAddress::isUsable)
                .map(
                        it ->
                                new LinkEvent.AddressAdded(
                                        it.interfaceIndex(), it.address(), it.prefixLength()));
    }

    private static Links.Link inPortsWords(buoy.linux.layout.Link link) {
        return new Links.Link(link.index(), link.name(), link.isRunning());
    }

    void close() {
        events.ifOpened(NetlinkEvents::close);
    }
}
