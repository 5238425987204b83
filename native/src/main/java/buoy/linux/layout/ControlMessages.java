package buoy.linux.layout;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Control messages ({@code cmsg(3)}): what travels beside the data of {@code sendmsg} and {@code
 * recvmsg}.
 *
 * <pre>
 *  0               8       12      16
 *  +---------------+-------+-------+-------------------------+---------
 *  | length (self) | level | type  | value, padded to 8      | next ...
 *  +---------------+-------+-------+-------------------------+---------
 * </pre>
 */
public final class ControlMessages {
    public static final int LEVEL_SOCKET = 1;
    public static final int LEVEL_IP = 0;
    public static final int LEVEL_IPV6 = 41;
    public static final int IP_PKTINFO = 8;
    public static final int IPV6_PKTINFO = 50;
    public static final int IPV6_HOPLIMIT = 52;

    private static final int HEADER = 16;
    private static final int ALIGNMENT = 8;

    private ControlMessages() {}

    /**
     * {@code IP_PKTINFO} or {@code IPV6_PKTINFO}: send from this address, out of this interface.
     *
     * @param interfaceIndex 0 to let the routing table choose
     */
    public static byte[] sendFrom(InetAddress source, int interfaceIndex) {
        if (source instanceof Inet4Address) {
            // in_pktinfo: interface, the source to use, and (when receiving) the destination
            return message(
                    LEVEL_IP,
                    IP_PKTINFO,
                    NativeOrder.allocate(12)
                            .putInt(interfaceIndex)
                            .put(source.getAddress())
                            .array());
        }
        return message(
                LEVEL_IPV6,
                IPV6_PKTINFO,
                NativeOrder.allocate(20).put(source.getAddress()).putInt(interfaceIndex).array());
    }

    /** One message, padded so that another may follow. */
    static byte[] message(int level, int type, byte[] value) {
        return NativeOrder.allocate(HEADER + NativeOrder.align(value.length, ALIGNMENT))
                .putLong(HEADER + value.length)
                .putInt(level)
                .putInt(type)
                .put(value)
                .array();
    }

    /** The value of the first message of this kind. */
    public static Optional<byte[]> find(byte[] control, int level, int type) {
        var buffer = NativeOrder.wrap(control);
        var at = 0;
        while (control.length - at >= HEADER) {
            var length = buffer.getLong(at);
            if (length < HEADER || length > control.length - at) {
                return Optional.empty();
            }
            if (buffer.getInt(at + 8) == level && buffer.getInt(at + 12) == type) {
                return Optional.of(Arrays.copyOfRange(control, at + HEADER, at + (int) length));
            }
            at += NativeOrder.align((int) length, ALIGNMENT);
        }
        return Optional.empty();
    }
}
