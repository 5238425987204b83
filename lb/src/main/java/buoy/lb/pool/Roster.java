package buoy.lb.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Live connections of one server or listener on one worker. Only that worker may touch it. */
public final class Roster {
    private static final Set<Live> NEVER_ANY = Set.of();

    /** Made for the first: of ten thousand servers most may never have one on this worker. */
    private Set<Live> live = NEVER_ANY;

    @SuppressWarnings("ReferenceEquality")
    public void add(Live connection) {
        if (live == NEVER_ANY) {
            live = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        live.add(connection);
    }

    /** Does nothing if it is not there. */
    public void remove(Live connection) {
        if (!live.isEmpty()) {
            live.remove(connection);
        }
    }

    /** Lets every connection finish what is under way. */
    public void drain() {
        // A copy: connections that close leave the roster meanwhile.
        new ArrayList<>(live).forEach(Live::drain);
    }

    /** Lets every connection know that the server has another address. */
    public void moved() {
        new ArrayList<>(live).forEach(Live::moved);
    }

    /** Closes every connection. */
    public void cut(Reason reason) {
        new ArrayList<>(live).forEach(connection -> connection.cut(reason));
    }
}
