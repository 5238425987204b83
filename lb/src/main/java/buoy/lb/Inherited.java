package buoy.lb;

import buoy.config.model.Endpoint;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The listening sockets that the process before this one passed on. They are bound and have queues:
 * whoever closes the last descriptor of one resets what waits in it. Used by one thread.
 */
public final class Inherited {
    private final Map<Endpoint, List<Integer>> sockets = new HashMap<>();

    public Inherited(List<ListeningSocket> passed) {
        for (ListeningSocket each : passed) {
            sockets.computeIfAbsent(each.at(), _ -> new ArrayList<>()).add(each.descriptor());
        }
    }

    /** There was no process before. */
    public static Inherited nothing() {
        return new Inherited(List.of());
    }

    boolean isEmpty() {
        return sockets.isEmpty();
    }

    /** Those of an address; they belong to the caller from now on. */
    List<Integer> take(Endpoint at) {
        List<Integer> taken = sockets.remove(at);
        return taken == null ? List.of() : taken;
    }

    /** Closes what nobody took: the configuration does not name it any more. */
    void closeTheRest() {
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
