package buoy.linux.layout;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * One IP packet as it arrived on a raw socket.
 *
 * @param source who sent it
 * @param destination a group, or one of our addresses
 * @param hopLimit TTL or hop limit as received, 0..255
 * @param interfaceIndex where it arrived
 * @param payload what follows the IP header
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in passing, never compared
public record Packet(
        InetAddress source,
        InetAddress destination,
        int hopLimit,
        int interfaceIndex,
        byte[] payload) {
    private static final int SHORTEST_IPV4 = 20;

    /**
     * From an IPv4 raw socket, which hands up the IP header too (RFC 791):
     *
     * <pre>
     *  0        1       2              8     9      10       12        16             4 x IHL
     *  +--------+-------+--------------+-----+------+--------+---------+--------------+---------+--------
     *  | 4, IHL | TOS   | total length | TTL | 112  | ...    | source  | destination  | options | payload
     *  +--------+-------+--------------+-----+------+--------+---------+--------------+---------+--------
     * </pre>
     *
     * @param control the control messages, with {@code IP_PKTINFO}
     * @return empty if this is not what the kernel should have delivered
     */
    public static Optional<Packet> ipv4(byte[] control, byte[] data) {
        if (data.length < SHORTEST_IPV4 || data[0] >>> 4 != 4) {
            return Optional.empty();
        }
        var header = (data[0] & 0x0f) * 4;
        var total = (data[2] & 0xff) << 8 | (data[3] & 0xff);
        if (header < SHORTEST_IPV4 || header > data.length || total < header) {
            return Optional.empty();
        }
        var payload = Arrays.copyOfRange(data, header, Math.min(total, data.length));
        var interfaceIndex =
                ControlMessages.find(control, ControlMessages.LEVEL_IP, ControlMessages.IP_PKTINFO)
                        .filter(info -> info.length >= 4)
                        .map(info -> NativeOrder.wrap(info).getInt(0));
        var source = IpBytes.address(Arrays.copyOfRange(data, 12, 16));
        var destination = IpBytes.address(Arrays.copyOfRange(data, 16, 20));
        return interfaceIndex.flatMap(
                index ->
                        source.flatMap(
                                from ->
                                        destination.map(
                                                to ->
                                                        new Packet(
                                                                from,
                                                                to,
                                                                data[8] & 0xff,
                                                                index,
                                                                payload))));
    }

    /**
     * From an IPv6 raw socket, which hands up the payload alone; the rest comes in control
     * messages.
     *
     * @param control the control messages, with {@code IPV6_PKTINFO} and {@code IPV6_HOPLIMIT}
     * @return empty if this is not what the kernel should have delivered
     */
    public static Optional<Packet> ipv6(byte[] address, byte[] control, byte[] data) {
        var info =
                ControlMessages.find(
                                control, ControlMessages.LEVEL_IPV6, ControlMessages.IPV6_PKTINFO)
                        .filter(value -> value.length >= 20);
        var hopLimit =
                ControlMessages.find(
                                control, ControlMessages.LEVEL_IPV6, ControlMessages.IPV6_HOPLIMIT)
                        .filter(value -> value.length >= 4)
                        .map(value -> NativeOrder.wrap(value).getInt(0));
        var source = SocketAddress.readInet(address);
        var destination = info.flatMap(value -> IpBytes.address(Arrays.copyOf(value, 16)));
        var interfaceIndex = info.map(value -> NativeOrder.wrap(value).getInt(16));
        if (source.isEmpty()
                || destination.isEmpty()
                || hopLimit.isEmpty()
                || interfaceIndex.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Packet(
                        source.get(),
                        destination.get(),
                        hopLimit.get(),
                        interfaceIndex.get(),
                        data));
    }
}
