package buoy.lab;

import java.time.Instant;

/**
 * A captured frame.
 *
 * @param at when it passed the bridge, by the machine's wall clock, in nanoseconds
 * @param bytes from the Ethernet header on
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copied by nobody
record Frame(Instant at, byte[] bytes) {
    private static final int ETHERNET_HEADER = 14;

    int at(int offset) {
        return bytes[offset] & 0xff;
    }

    int shortAt(int offset) {
        return at(offset) << 8 | at(offset + 1);
    }

    /** The EtherType: 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6; 0 if the frame is too short for one. */
    int type() {
        return bytes.length < ETHERNET_HEADER ? 0 : shortAt(12);
    }

    /** Six bytes from {@code offset} on, as {@code 00:00:5e:00:01:33}. */
    String macAt(int offset) {
        return java.util.HexFormat.ofDelimiter(":").formatHex(bytes, offset, offset + 6);
    }
}
