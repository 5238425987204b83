package buoy.lb.resolve;

import java.net.InetAddress;
import java.util.Optional;

/** What is worth telling about a name that is followed. */
public sealed interface News {
    /**
     * It stands for another address.
     *
     * @param from empty for its first
     */
    record Moved(Optional<InetAddress> from, InetAddress to) implements News {}

    /** Look-ups fail, from now on; what was known before goes on to be believed. */
    record Failing(String why) implements News {}

    /** Look-ups go on failing, for another reason than before. */
    record StillFailing(String why) implements News {}

    /** Look-ups bring something again, and it is what was known before. */
    record Confirmed() implements News {}
}
