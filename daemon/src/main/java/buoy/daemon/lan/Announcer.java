package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.PacketSocket;
import buoy.linux.SyscallFailed;
import buoy.linux.Sysctl;
import buoy.linux.layout.GratuitousArp;
import buoy.linux.layout.Link;
import buoy.linux.layout.MacAddress;
import buoy.linux.layout.NeighbourAdvertisement;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Neighbours;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Gratuitous ARP and unsolicited neighbour advertisements, said and heard; links without either are
 * left in peace.
 */
final class Announcer implements Neighbours {
    private final Kernel kernel;
    private final Opened<PacketSocket> frames;
    private final KernelLinks links;
    private final ClaimListener claims;

    Announcer(Kernel kernel, Opened<PacketSocket> frames, KernelLinks links, ClaimListener claims) {
        this.claims = claims;
        this.kernel = kernel;
        this.frames = frames;
        this.links = links;
    }

    @Override
    public void announce(int interfaceIndex, InetAddress address) throws KernelRefused {
        Refusal.translated(
                () -> {
                    var link = links.find(interfaceIndex).filter(Link::isEthernet);
                    if (link.isPresent() && link.get().mac().isPresent()) {
                        var frame = frame(link.get(), link.get().mac().get(), address);
                        frames.get().send(interfaceIndex, frame);
                    }
                    return true;
                });
    }

    @Override
    public void listenFor(int interfaceIndex, Set<InetAddress> addresses) throws KernelRefused {
        claims.listenFor(interfaceIndex, addresses);
    }

    @Override
    public List<Claim> heard() throws KernelRefused {
        return claims.heard();
    }

    private byte[] frame(Link link, MacAddress mac, InetAddress address) throws SyscallFailed {
        return switch (address) {
            case Inet4Address ipv4 -> GratuitousArp.frame(mac, ipv4);
            case Inet6Address ipv6 -> NeighbourAdvertisement.frame(mac, ipv6, forwards(link));
            default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
        };
    }

    /** RFC 9568 sets the R flag always; one who does not forward must not be taken for a router. */
    private boolean forwards(Link link) throws SyscallFailed {
        return !Sysctl.read(kernel, "net", "ipv6", "conf", link.name(), "forwarding").equals("0");
    }
}
