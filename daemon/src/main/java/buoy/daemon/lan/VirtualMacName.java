package buoy.daemon.lan;

import buoy.linux.layout.MacAddress;

/**
 * What a link with a virtual MAC address is called, and which address that is. The same router has
 * the same name after every start, so that an operator's own rules can speak of it.
 */
final class VirtualMacName {
    private static final int LONGEST = 15;
    private static final int HASH = 5;
    private static final int LETTERS = 36;

    private VirtualMacName() {}

    /**
     * {@code buoy.51.eth0}, or {@code buoy6.51.eth0} for IPv6. Where that is longer than the kernel
     * takes, five letters made from the interface's name stand in its place.
     */
    static String of(String interfaceName, int routerId, boolean ipv6) {
        var front = "buoy%s.%d.".formatted(ipv6 ? "6" : "", routerId);
        var whole = front + interfaceName;
        return whole.length() <= LONGEST ? whole : front + hash(interfaceName);
    }

    private static String hash(String name) {
        var bound = (int) Math.pow(LETTERS, HASH);
        var digits = Integer.toString(Math.floorMod(name.hashCode(), bound), LETTERS);
        return "0".repeat(HASH - digits.length()) + digits;
    }

    /** RFC 9568 7.3: 00-00-5E-00-01-{VRID}, and with 02 for IPv6. */
    static MacAddress mac(int routerId, boolean ipv6) {
        return new MacAddress(0x0000_5e00_0000L | (ipv6 ? 2 : 1) << 8 | routerId);
    }
}
