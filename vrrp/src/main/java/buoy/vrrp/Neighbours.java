package buoy.vrrp;

import java.net.InetAddress;

/** What hosts on the link believe about who has an address. */
public interface Neighbours {
    /**
     * Tells the link once that the address is at this interface's MAC address: a gratuitous ARP
     * request (IPv4) or an unsolicited neighbour advertisement with the override flag (IPv6), RFC
     * 9568 6.4.1 and 6.4.2. Never waits.
     */
    void announce(int interfaceIndex, InetAddress address) throws KernelRefused;
}
