package buoy.linux.layout;

import java.net.Inet4Address;
import java.net.InetAddress;

/** {@code ip_mreqn} and {@code ipv6_mreq}: a multicast group on one interface. */
public final class Membership {
    private Membership() {}

    /** An {@code ip_mreqn} that names an interface alone: for {@code IP_MULTICAST_IF}. */
    public static byte[] onInterface(int interfaceIndex) {
        return NativeOrder.allocate(12).putLong(0).putInt(interfaceIndex).array();
    }

    /** The interface is named by its index, never by an address: that may move while we run. */
    public static byte[] of(InetAddress group, int interfaceIndex) {
        if (group instanceof Inet4Address) {
            return NativeOrder.allocate(12)
                    .put(group.getAddress())
                    .putInt(0)
                    .putInt(interfaceIndex)
                    .array();
        }
        return NativeOrder.allocate(20).put(group.getAddress()).putInt(interfaceIndex).array();
    }
}
