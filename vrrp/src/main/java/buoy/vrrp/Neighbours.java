package buoy.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** What hosts on the link believe about who has an address, and what they say about it. */
public interface Neighbours {
    /**
     * Tells the link once that the address is at this interface's MAC address: a gratuitous ARP
     * request (IPv4) or an unsolicited neighbour advertisement with the override flag (IPv6), RFC
     * 9568 6.4.1 and 6.4.2. Never waits.
     */
    void announce(int interfaceIndex, InetAddress address) throws KernelRefused;

    /**
     * Listens on the link for other hosts that say that they have one of these addresses. They take
     * the place of those listened for before; with none, it ends.
     */
    void listenFor(int interfaceIndex, Set<InetAddress> addresses) throws KernelRefused;

    /** What others have said since the last call, a bounded number at a time. Never waits. */
    List<Claim> heard() throws KernelRefused;

    /**
     * Another host said that it has the address: a sender address in ARP, or a neighbour
     * advertisement.
     *
     * @param hardwareAddress whose word it is, such as {@code 02:00:00:00:00:01}
     */
    record Claim(int interfaceIndex, InetAddress address, String hardwareAddress) {}
}
