package buoy.vrrp;

import buoy.vrrp.Links.Link;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The links as last heard of. */
final class LinkTable {
    private final Map<Integer, Link> byIndex = new HashMap<>();

    void replace(List<Link> links) {
        byIndex.clear();
        links.forEach(this::put);
    }

    void put(Link link) {
        // A name is free again once its link is gone or renamed: the newest bearer has it.
        byIndex.values().removeIf(other -> other.name().equals(link.name()));
        byIndex.put(link.index(), link);
    }

    void remove(int index) {
        byIndex.remove(index);
    }

    /** The name of the link with this index. */
    Optional<String> nameOf(int index) {
        return Optional.ofNullable(byIndex.get(index)).map(Link::name);
    }

    Fact fact(Subject.Interface tracked) {
        Optional<Link> link = named(tracked.name());
        if (link.filter(Link::up).isPresent()) {
            return new Fact.Good(tracked);
        }
        String what = link.isPresent() ? "down" : "missing";
        return new Fact.Trouble(tracked, "interface %s is %s".formatted(tracked.name(), what));
    }

    Optional<Link> named(String name) {
        return byIndex.values().stream().filter(link -> link.name().equals(name)).findFirst();
    }
}
