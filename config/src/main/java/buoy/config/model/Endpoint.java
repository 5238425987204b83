package buoy.config.model;

import java.net.Inet6Address;
import java.net.InetAddress;

/** An IP address and a port. Never a name: names are resolved before they become one of these. */
public record Endpoint(InetAddress address, int port) implements Location {
    public Endpoint {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /** As users write it: {@code 198.51.100.1:443} or {@code [2001:db8::1]:443}. */
    @Override
    public String toString() {
        String host = AddressText.of(address);
        return address instanceof Inet6Address ? "[" + host + "]:" + port : host + ":" + port;
    }
}
