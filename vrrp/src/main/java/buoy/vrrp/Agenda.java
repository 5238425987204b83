package buoy.vrrp;

import buoy.vrrp.core.Ticks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * When each group is to be looked at next, so that what is due is found without asking all of them.
 * A deadline that has moved farther away since, as that of a backup does with each advertisement,
 * is found out when it comes up.
 */
final class Agenda {
    /** One look at one group. */
    record Entry(Ticks at, Group group) {}

    private final PriorityQueue<Entry> entries =
            // By difference, because the clock may wrap.
            new PriorityQueue<>((one, other) -> Long.signum(one.at().nanos() - other.at().nanos()));

    private final Map<Group, Ticks> planned = new HashMap<>();

    /** To be called whenever something happened to the group. */
    void plan(Group group) {
        Optional<Ticks> deadline = group.deadline();
        if (deadline.isEmpty()) {
            planned.remove(group);
            return;
        }
        Ticks before = planned.get(group);
        if (before == null || !deadline.get().isAtOrAfter(before)) {
            planned.put(group, deadline.get());
            entries.add(new Entry(deadline.get(), group));
        }
    }

    /** Nothing is planned any more. */
    void clear() {
        planned.clear();
        entries.clear();
    }

    /** The nearest entry. */
    Optional<Entry> first() {
        for (Entry first = entries.peek(); first != null; first = entries.peek()) {
            if (first.at().equals(planned.get(first.group()))) {
                return Optional.of(first);
            }
            entries.remove();
        }
        return Optional.empty();
    }

    /** Hands out each group whose time has come; none is planned afterwards. */
    List<Group> due(Ticks now) {
        List<Group> due = new ArrayList<>(0);
        for (Optional<Entry> first = first();
                first.isPresent() && now.isAtOrAfter(first.get().at());
                first = first()) {
            planned.remove(first.get().group());
            due.add(first.get().group());
        }
        return due;
    }
}
