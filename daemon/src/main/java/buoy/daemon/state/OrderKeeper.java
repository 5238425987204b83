package buoy.daemon.state;

import buoy.config.model.Config;
import buoy.daemon.log.Log;
import buoy.lb.PoolsKnown;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is ordered, for the process after this one. Calls may come from any thread that may
 * wait for a disk.
 */
public final class OrderKeeper implements AutoCloseable {
    private static final String SOURCE = "orders";

    /** Lines, and things named in one. */
    private static final int MOST = 50;

    private final Supplier<Map<String, Instant>> listeners;
    private final Supplier<PoolsKnown> pools;
    private final Supplier<Optional<Set<String>>> resigned;
    private final Log log;
    private OrdersFile file;

    /** What the file says; null if that is not known. */
    private @Nullable StandingOrders kept;

    /** In the file is what could not be read: it stays there until the next order. */
    private boolean unread;

    private Map<String, Instant> since;
    private volatile boolean closed;

    /**
     * @param before what the file said
     * @param listeners those that are paused now, and since when
     * @param pools what is ordered of servers and pools now
     * @param resigned the routers that are resigned now; empty if that cannot be told
     */
    public OrderKeeper(
            OrdersFile file,
            OrdersFile.Kept before,
            Supplier<Map<String, Instant>> listeners,
            Supplier<PoolsKnown> pools,
            Supplier<Optional<Set<String>>> resigned,
            Log log) {
        this.file = file;
        this.unread = !before.problems().isEmpty();
        this.kept = unread ? null : before.orders();
        this.since = before.orders().resigned();
        this.listeners = listeners;
        this.pools = pools;
        this.resigned = resigned;
        this.log = log;
    }

    /**
     * Says which orders are in force again, which are not, and why.
     *
     * @param inForce of those that were kept: weights that the configuration says as well are no
     *     orders any more
     */
    public static void say(OrdersFile.Kept kept, StandingOrders inForce, Config config, Log log) {
        say(kept.problems(), "kept orders cannot be read: %s", log::warn);
        say(inForce.inWords(), "in force again: %s", log::info);
        List<String> gone = kept.orders().beyond(config).inWords();
        if (!gone.isEmpty()) {
            log.warn(
                    SOURCE,
                    "not configured any more, and so not in force: %s%s"
                            .formatted(
                                    String.join("; ", gone.subList(0, Math.min(MOST, gone.size()))),
                                    gone.size() > MOST
                                            ? " and %d more".formatted(gone.size() - MOST)
                                            : ""));
        }
    }

    private static void say(List<String> all, String form, BiConsumer<String, String> as) {
        all.stream().limit(MOST).forEach(each -> as.accept(SOURCE, form.formatted(each)));
        if (all.size() > MOST) {
            as.accept(SOURCE, form.formatted("%d more".formatted(all.size() - MOST)));
        }
    }

    /**
     * Keeps what is in force now. On the disk when this returns.
     *
     * @return why it could not be kept: a restart begins with what was kept before
     */
    public synchronized Optional<String> keep() {
        since = sinceWhen();
        StandingOrders now = StandingOrders.of(listeners.get(), pools.get(), since);
        // Looked at last: what a stop has routers do comes behind it, and is no order.
        if (closed) {
            return Optional.of("this buoy is stopping");
        }
        if (now.equals(kept)) {
            return Optional.empty();
        }
        try {
            file.write(now);
            kept = now;
            unread = false;
            return Optional.empty();
        } catch (NoSuchFileException none) {
            // As whoever made no such directory wants it.
            return Optional.of(OrdersFile.why(none));
        } catch (IOException refusal) {
            String why = OrdersFile.why(refusal);
            log.warn(SOURCE, "they are not kept, a restart forgets them: " + why);
            return Optional.of(why);
        }
    }

    /** Routers do not know it: the first time that one is seen to be resigned counts. */
    private Map<String, Instant> sinceWhen() {
        Optional<Set<String>> names = resigned.get();
        if (names.isEmpty()) {
            return since;
        }
        Instant now = Instant.now();
        Map<String, Instant> all = new LinkedHashMap<>();
        new TreeSet<>(names.get()).forEach(name -> all.put(name, since.getOrDefault(name, now)));
        return all;
    }

    /**
     * A reload may have removed what orders were about, and moved the place where they are kept.
     */
    public synchronized void reloaded(OrdersFile place) {
        OrdersFile before = file;
        if (place.equals(before)) {
            if (!unread) {
                var _ = keep();
            }
            return;
        }
        boolean stays = unread;
        file = place;
        kept = null;
        if (keep().isEmpty() && !stays) {
            try {
                // Else they would be in force again if the place were moved back one day.
                before.write(StandingOrders.NONE);
            } catch (NoSuchFileException _) {
                // Nothing was kept there.
            } catch (IOException refusal) {
                log.warn(SOURCE, "old ones are left behind: " + OrdersFile.why(refusal));
            }
        }
    }

    /** Nothing is kept from now on: the process ends. Waits for no disk. */
    @Override
    public void close() {
        closed = true;
    }
}
