package buoy.vrrp;

import java.util.List;

/** What came of routers that were asked to hand their addresses over and not to ask for them. */
public sealed interface Resignation {
    /** None of them holds an address here: a peer has taken over, or had before. */
    record Done() implements Resignation {}

    /**
     * Nobody took the addresses within the skew time and an interval: they are kept, and all take
     * part as before.
     *
     * @param keepers the routers that keep theirs
     */
    record Declined(List<String> keepers) implements Resignation {
        public Declined {
            keepers = List.copyOf(keepers);
        }
    }
}
