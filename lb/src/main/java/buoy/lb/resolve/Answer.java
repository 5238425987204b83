package buoy.lb.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** What one look-up of a name brought. */
sealed interface Answer {
    /**
     * Addresses.
     *
     * @param addresses at least one, those of IPv4 first, else in the order of the answer
     * @param ttl how long the first of them to expire may be believed
     * @param whole false if one of the two families got no answer: what is missing may be there
     */
    record Found(List<InetAddress> addresses, Duration ttl, boolean whole) implements Answer {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** None; {@code why} in a few words, for people. */
    record Failed(String why) implements Answer {}
}
