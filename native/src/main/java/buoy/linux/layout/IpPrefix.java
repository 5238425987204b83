package buoy.linux.layout;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A destination or a source by its leading bits, as routes and rules name them.
 *
 * @param address its host bits are zero; all of it for the default route
 * @param length how many bits count, 0..32 or 0..128
 */
public record IpPrefix(InetAddress address, int length) {
    public IpPrefix {
        if (length < 0 || length > (address instanceof Inet6Address ? 128 : 32)) {
            throw new IllegalArgumentException("prefix length " + length);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
