package buoy.vrrp;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The address families. In each, a router is a virtual router of its own (RFC 9568 1.6). */
enum Family {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    static Family of(InetAddress address) {
        return address instanceof Inet6Address ? IPV6 : IPV4;
    }

    @Override
    public String toString() {
        return text;
    }
}
