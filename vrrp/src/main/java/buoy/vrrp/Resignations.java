package buoy.vrrp;

import buoy.vrrp.core.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The routers that the operator has resigned, by name, and who waits to hear what came of it. On
 * the speaker's thread alone.
 */
final class Resignations {
    private final Set<String> names = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(Set<String> names, Consumer<Resignation> told) {}

    /** The routers. */
    Set<String> names() {
        return Set.copyOf(names);
    }

    /** They were resigned in a process before this one. */
    void include(Set<String> routers) {
        names.addAll(routers);
    }

    boolean includes(String router) {
        return names.contains(router);
    }

    void add(Set<String> routers, Consumer<Resignation> told) {
        names.addAll(routers);
        waiting.add(new Waiting(Set.copyOf(routers), told));
    }

    /** Whether any of them was resigned. */
    boolean remove(Set<String> routers) {
        return names.removeAll(routers);
    }

    /** Others than these are configured no more. */
    void retain(Set<String> routers) {
        names.retainAll(routers);
    }

    /**
     * Tells whoever waits what is decided.
     *
     * @return those whose resignation was declined: they are resigned no more
     */
    Set<String> settle(Collection<Group> groups) {
        Set<String> back = new HashSet<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            List<Router> keepers =
                    groups.stream()
                            .filter(group -> group.state().holdsAddresses())
                            .flatMap(group -> group.members().stream())
                            .filter(router -> next.names.contains(router.name()))
                            .toList();
            if (keepers.stream().anyMatch(router -> isOffered(router.group()))) {
                continue;
            }
            each.remove();
            if (keepers.isEmpty()) {
                next.told.accept(new Resignation.Done());
            } else {
                back.addAll(next.names);
                next.told.accept(
                        new Resignation.Declined(keepers.stream().map(Router::name).toList()));
            }
        }
        names.removeAll(back);
        return back;
    }

    private static boolean isOffered(Group group) {
        return group.state() instanceof State.Offering;
    }
}
