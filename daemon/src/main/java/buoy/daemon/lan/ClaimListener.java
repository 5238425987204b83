package buoy.daemon.lan;

import buoy.linux.ClaimSocket;
import buoy.linux.Kernel;
import buoy.linux.Poller;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.ClaimFilter;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Neighbours.Claim;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sockets that hear other hosts say that they have our addresses, one for each link and family. */
final class ClaimListener implements AutoCloseable {
    /** Read from one socket at a time: a flood must not keep the thread. */
    private static final int BATCH = 16;

    private record Place(int interfaceIndex, int ethertype) {}

    private final Kernel kernel;
    private final Poller poller;
    private final Map<Place, ClaimSocket> sockets = new LinkedHashMap<>();

    ClaimListener(Kernel kernel, Poller poller) {
        this.kernel = kernel;
        this.poller = poller;
    }

    void listenFor(int interfaceIndex, Set<InetAddress> addresses) throws KernelRefused {
        List<Inet4Address> ipv4 = new ArrayList<>();
        List<Inet6Address> ipv6 = new ArrayList<>();
        for (InetAddress address : addresses) {
            switch (address) {
                case Inet4Address four -> ipv4.add(four);
                case Inet6Address six -> ipv6.add(six);
                default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
            }
        }
        Refusal.translated(
                () -> {
                    listen(
                            new Place(interfaceIndex, ClaimSocket.ARP),
                            ipv4.isEmpty(),
                            ClaimFilter.arp(ipv4));
                    listen(
                            new Place(interfaceIndex, ClaimSocket.IPV6),
                            ipv6.isEmpty(),
                            ClaimFilter.neighbourAdvertisements(ipv6));
                    return true;
                });
    }

    private void listen(Place place, boolean forNothing, byte[] filter) throws SyscallFailed {
        var there = sockets.get(place);
        if (forNothing) {
            if (there != null) {
                sockets.remove(place);
                close(there);
            }
        } else if (there != null) {
            there.replaceFilter(filter);
        } else {
            var opened =
                    ClaimSocket.open(kernel, place.interfaceIndex(), place.ethertype(), filter);
            poller.watch(opened.fd());
            sockets.put(place, opened);
        }
    }

    List<Claim> heard() throws KernelRefused {
        return Refusal.translated(
                () -> {
                    var heard = new ArrayList<Claim>();
                    for (var each : sockets.entrySet()) {
                        for (var i = 0; i < BATCH; i++) {
                            var claim = each.getValue().receive();
                            if (claim.isEmpty()) {
                                break;
                            }
                            heard.add(
                                    new Claim(
                                            each.getKey().interfaceIndex(),
                                            claim.get().address(),
                                            claim.get().mac().toString()));
                        }
                    }
                    return heard;
                });
    }

    private void close(ClaimSocket socket) {
        poller.unwatch(socket.fd());
        socket.close();
    }

    @Override
    public void close() {
        sockets.values().forEach(this::close);
        sockets.clear();
    }
}
