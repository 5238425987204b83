package buoy.config.model;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * The two kinds of IP addresses. In each, a router is a virtual router of its own (RFC 9568 1.6).
 */
public enum Family {
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    /** The family of an address. */
    public static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    @Override
    public String toString() {
        return text;
    }
}
