package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.RoutingTable.Entry;
import buoy.vrrp.core.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the routes and rules of one router while it is active. Unlike addresses they decide
 * nothing: one that the kernel refuses is said once and tried again, and the router goes on.
 *
 * <p>Whether they are still there is found out by adding them again, which the kernel refuses while
 * they are. To be told of every route that comes and goes would cost a host with a million of them
 * dearly.
 */
final class RouteUpkeep {
    /** A route that somebody else removed is back within a second. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final RoutingTable table;
    private final Troubles troubles;
    private List<Entry> wanted;

    /** What is there by our doing. */
    private final Set<Entry> held = new LinkedHashSet<>();

    /** What the kernel refused to remove. */
    private final Set<Entry> leftovers = new LinkedHashSet<>();

    private boolean holding;
    private Ticks lookAt = new Ticks(0);

    RouteUpkeep(RoutingTable table, Troubles troubles, VirtualRouter config) {
        this.table = table;
        this.troubles = troubles;
        this.wanted = entries(config);
    }

    /** Routes first, so that no rule leads into a table that is still empty. */
    private static List<Entry> entries(VirtualRouter config) {
        List<Entry> entries = new ArrayList<>();
        config.routes()
                .forEach(
                        route ->
                                entries.add(
                                        new Entry.Route(
                                                route,
                                                route.interfaceName()
                                                        .orElse(config.interfaceName()))));
        config.rules().forEach(rule -> entries.add(new Entry.Rule(rule)));
        return List.copyOf(entries);
    }

    /**
     * Adds what is not there.
     *
     * @return what had been there and was put back
     */
    List<Entry> claim(Ticks now) {
        holding = true;
        lookAt = now.plus(LOOK);
        return wanted.stream().filter(this::add).toList();
    }

    /** Whether it had been there before, and is again only now. */
    private boolean add(Entry entry) {
        boolean wasHeld = held.contains(entry);
        boolean[] added = {false};
        boolean done =
                troubles.attempt(
                        adding(entry),
                        () -> {
                            added[0] = table.add(entry);
                            if (!added[0] && !wasHeld) {
                                throw new KernelRefused(
                                        "%s: another one is there that this process did not make (remove that one, or give this one another metric)"
                                                .formatted(entry));
                            }
                        });
        if (done) {
            held.add(entry);
            leftovers.remove(entry);
        } else {
            held.remove(entry);
        }
        return wasHeld && added[0];
    }

    /** What is there by our doing, for another process. */
    List<Entry> handOver() {
        return holding ? List.copyOf(held) : List.of();
    }

    /** Holds what another process has held until now, and makes it what is wanted. */
    List<Entry> takeOver(List<Entry> before, Ticks now) {
        held.addAll(before);
        for (Entry entry : before.reversed()) {
            if (!wanted.contains(entry)) {
                remove(entry);
            }
        }
        return claim(now);
    }

    /** Removes what is there by our doing, rules first. */
    void release(Ticks now) {
        holding = false;
        List.copyOf(held).reversed().forEach(this::remove);
        wanted.forEach(entry -> troubles.forget(adding(entry)));
        lookAt = now.plus(LOOK);
    }

    private void remove(Entry entry) {
        held.remove(entry);
        if (troubles.attempt("remove " + entry, () -> table.remove(entry))) {
            leftovers.remove(entry);
        } else {
            leftovers.add(entry);
        }
    }

    /** Others are wanted from now on: only the difference is touched. */
    void change(VirtualRouter config, Ticks now) {
        List<Entry> before = wanted;
        wanted = entries(config);
        for (Entry entry : before.reversed()) {
            if (!wanted.contains(entry)) {
                troubles.forget(adding(entry));
                if (held.contains(entry)) {
                    remove(entry);
                }
            }
        }
        if (holding && !wanted.equals(before)) {
            claim(now);
        }
    }

    /** When {@link #look} is due. */
    Optional<Ticks> deadline() {
        boolean due = holding && !wanted.isEmpty();
        return due || !leftovers.isEmpty() ? Optional.of(lookAt) : Optional.empty();
    }

    /**
     * Looks after what is to be there, and what is not.
     *
     * @return what somebody else had removed and was put back
     */
    List<Entry> look(Ticks now) {
        List.copyOf(leftovers).forEach(this::remove);
        lookAt = now.plus(LOOK);
        return holding ? claim(now) : List.of();
    }

    boolean isHeld(Entry entry) {
        return held.contains(entry);
    }

    List<Entry> wanted() {
        return wanted;
    }

    private static String adding(Entry entry) {
        return "add " + entry;
    }
}
