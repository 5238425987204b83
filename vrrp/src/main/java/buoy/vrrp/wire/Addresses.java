package buoy.vrrp.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The list of addresses at the end of an advertisement. */
final class Addresses {
    private Addresses() {}

    /** Reads {@code count} addresses of {@code size} bytes; they must be there. */
    static List<InetAddress> read(ByteBuffer message, int offset, int size, int count) {
        List<InetAddress> addresses = new ArrayList<>(count);
        byte[] bytes = new byte[size];
        for (int i = 0; i < count; i++) {
            message.get(offset + i * size, bytes);
            addresses.add(of(bytes));
        }
        return addresses;
    }

    static InetAddress of(byte[] bytes) {
        try {
            // Not InetAddress.getByAddress for 16 bytes: it makes IPv4 of a mapped address.
            return bytes.length == 16
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes make no address", e);
        }
    }
}
