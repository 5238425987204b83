package buoy.daemon.admin;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which {@code Host} a door answers to. A page bound to loopback is for this machine; a web site
 * that lets its own name point here (DNS rebinding) must not read it through somebody's browser.
 */
final class HostCheck {
    private HostCheck() {}

    static Predicate<String> of(InetAddress bound) {
        return bound.isLoopbackAddress() ? HostCheck::isLocal : _ -> true;
    }

    /** An address, or {@code localhost}, with or without a port. */
    private static boolean isLocal(String host) {
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
