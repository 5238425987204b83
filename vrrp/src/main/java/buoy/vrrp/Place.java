package buoy.vrrp;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The links that have a router's virtual addresses: most often one for both families. */
record Place(int ipv4Index, int ipv6Index) {
    static Place on(int interfaceIndex) {
        return new Place(interfaceIndex, interfaceIndex);
    }

    int of(InetAddress address) {
        return address instanceof Inet6Address ? ipv6Index : ipv4Index;
    }
}
