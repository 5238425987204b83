package buoy.daemon.watch.packet;

import buoy.linux.layout.MacAddress;

/** 00-00-5E-00-01-{VRID} over IPv4, 00-00-5E-00-02-{VRID} over IPv6 (RFC 9568 7.3). */
final class VirtualMac {
    private static final long IPV4 = 0x0000_5e00_0100L;
    private static final long IPV6 = 0x0000_5e00_0200L;

    private VirtualMac() {}

    static MacAddress of(boolean ipv6, int routerId) {
        return new MacAddress((ipv6 ? IPV6 : IPV4) | routerId);
    }

    /** Whether it is the one of any VRID. */
    static boolean isOne(MacAddress mac) {
        long block = mac.bits() & ~0xffL;
        return block == IPV4 || block == IPV6;
    }

    /** Of one that is: {@code that of VRID 51 over IPv4}. */
    static String describe(MacAddress mac) {
        boolean ipv6 = (mac.bits() & ~0xffL) == IPV6;
        return "that of VRID %d over %s".formatted(mac.bits() & 0xff, ipv6 ? "IPv6" : "IPv4");
    }
}
