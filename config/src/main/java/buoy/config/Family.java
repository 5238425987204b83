package buoy.config;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The two kinds of IP addresses. */
enum Family {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    @Override
    public String toString() {
        return text;
    }
}
