package buoy.vrrp.core;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What an advertisement says, in either version.
 *
 * @param routerId VRID, 1..255
 * @param interval the sender's advertisement interval
 * @param addresses the sender's virtual addresses, in its order
 */
public record Advert(
        int routerId, Priority priority, Duration interval, List<InetAddress> addresses) {
    public Advert {
        addresses = List.copyOf(addresses);
    }
}
