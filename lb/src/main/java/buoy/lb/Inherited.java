package buoy.lb;

import buoy.config.model.Location;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the process before this one passed on: what it knows of its pools, and its sockets. They are
 * bound and have queues: whoever closes the last descriptor of one resets what waits in it. Until
 * {@link #begin} nobody is let in, neither there nor at sockets of our own: should this process not
 * come to that, it leaves nothing behind that a client would miss. Used by one thread at a time.
 */
public final class Inherited {
    private record Kind(Location at, boolean datagrams) {}

    private final Map<Kind, List<Integer>> sockets = new HashMap<>();
    private final PoolsKnown pools;
    private final Map<String, Instant> paused;
    private boolean held;

    /** Of a process whose listeners are all open. */
    public Inherited(List<ListeningSocket> passed, PoolsKnown pools) {
        this(passed, pools, Map.of());
    }

    /**
     * @param pools what the other process knows of them
     * @param paused its listeners that are, by name, since when; their sockets are not passed on
     */
    public Inherited(List<ListeningSocket> passed, PoolsKnown pools, Map<String, Instant> paused) {
        this.pools = pools;
        this.paused = new HashMap<>(paused);
        for (ListeningSocket each : passed) {
            sockets.computeIfAbsent(new Kind(each.at(), each.datagrams()), _ -> new ArrayList<>())
                    .add(each.descriptor());
        }
        held = !passed.isEmpty();
    }

    /** There was no process before. */
    public static Inherited nothing() {
        return knowing(PoolsKnown.NOTHING, Map.of());
    }

    /** The process before has ended, and this is what is known of it. */
    public static Inherited knowing(PoolsKnown pools, Map<String, Instant> paused) {
        return new Inherited(List.of(), pools, paused);
    }

    PoolsKnown pools() {
        return pools;
    }

    /** Since when this listener is paused, if it is; to be asked once. */
    Optional<Instant> takePaused(String listener) {
        return Optional.ofNullable(paused.remove(listener));
    }

    /** Whether it is the process before that lets clients in. */
    boolean isHeld() {
        return held;
    }

    /** It is this one from now on. */
    void begin() {
        held = false;
    }

    /** Those of an address; they belong to the caller from now on. */
    List<Integer> take(Location at, boolean datagrams) {
        List<Integer> taken = sockets.remove(new Kind(at, datagrams));
        return taken == null ? List.of() : taken;
    }

    /** Gives up what nobody took: the configuration does not name it any more. */
    void closeTheRest() {
        paused.clear();
        sockets.values().forEach(some -> some.forEach(Inherited::close));
        sockets.clear();
    }

    private static void close(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            throw new IllegalStateException("descriptor " + descriptor + " was not ours", e);
        }
    }
}
