package buoy.lb.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which server each of many keys met last, for all workers. Bounded: {@value #WAYS} keys share each
 * of {@value #SETS} places, and where a place is full the one not used for longest is forgotten.
 * Two workers that write one place at one time may lose one of the two, which is then learnt anew.
 */
final class Remembered {
    private static final int WAYS = 4;
    private static final int SETS = 1 << 16;

    private record Entry(long key, Server server, long used) {}

    private final AtomicReferenceArray<@Nullable Entry> entries =
            new AtomicReferenceArray<>(SETS * WAYS);

    /**
     * The server of a key, which counts as used now.
     *
     * @param now as {@link System#nanoTime}
     * @param ttlNanos how long a key is known behind its last use
     */
    @Nullable Server find(long key, long now, long ttlNanos) {
        int set = set(key);
        for (int i = set; i < set + WAYS; i++) {
            Entry entry = entries.getAcquire(i);
            if (entry != null && entry.key == key) {
                long unused = now - entry.used;
                if (unused >= ttlNanos) {
                    return null;
                }
                if (unused > ttlNanos / 64) {
                    entries.setRelease(i, new Entry(key, entry.server, now));
                }
                return entry.server;
            }
        }
        return null;
    }

    void put(long key, Server server, long now) {
        int set = set(key);
        int at = set;
        long longest = -1;
        for (int i = set; i < set + WAYS; i++) {
            Entry entry = entries.getAcquire(i);
            if (entry != null && entry.key == key) {
                at = i;
                break;
            }
            long unused = entry == null ? Long.MAX_VALUE : now - entry.used;
            if (unused > longest) {
                longest = unused;
                at = i;
            }
        }
        entries.setRelease(at, new Entry(key, server, now));
    }

    /** Keys that are known, those used last where there are more than that. */
    List<Met> latest(int most) {
        List<Met> all = new ArrayList<>();
        for (int i = 0; i < entries.length(); i++) {
            Entry entry = entries.getAcquire(i);
            if (entry != null) {
                all.add(new Met(entry.key, entry.server.name(), entry.used));
            }
        }
        if (all.size() > most) {
            // By difference, because the clock may wrap.
            all.sort((one, other) -> Long.signum(other.used() - one.used()));
            return List.copyOf(all.subList(0, most));
        }
        return all;
    }

    private static int set(long key) {
        return (int) (key & (SETS - 1)) * WAYS;
    }
}
