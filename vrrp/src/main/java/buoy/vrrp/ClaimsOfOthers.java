package buoy.vrrp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Listens for other hosts that say that they have an address which this one holds, on each link for
 * what is held there and for nothing else: on a network where all is well nothing ever comes.
 */
final class ClaimsOfOthers {
    private final Neighbours neighbours;
    private final Troubles troubles;
    private final Set<Group> holders = new HashSet<>();
    private final Map<Integer, Set<InetAddress>> listening = new HashMap<>();

    ClaimsOfOthers(Neighbours neighbours, Troubles troubles) {
        this.neighbours = neighbours;
        this.troubles = troubles;
    }

    /**
     * Something happened to these groups; whether one of them holds other addresses than before.
     */
    boolean isNews(Set<Group> touched) {
        boolean news = false;
        for (Group group : touched) {
            boolean holds = group.state().holdsAddresses();
            news |= holds ? holders.add(group) : holders.remove(group);
        }
        return news;
    }

    /** Listens for what these hold now. */
    void listenFor(List<Router> routers) {
        holders.clear();
        Map<Integer, Set<InetAddress>> wanted = new HashMap<>();
        for (Router router : routers) {
            if (router.group().state().holdsAddresses()) {
                holders.add(router.group());
                Set<InetAddress> there =
                        wanted.computeIfAbsent(router.interfaceIndex(), _ -> new HashSet<>());
                router.config().floating().forEach(prefix -> there.add(prefix.address()));
            }
        }
        Set<Integer> links = new HashSet<>(listening.keySet());
        links.addAll(wanted.keySet());
        for (int link : links) {
            Set<InetAddress> there = wanted.getOrDefault(link, Set.of());
            if (!there.equals(listening.get(link))
                    && troubles.attempt(
                            "listen for others on link " + link,
                            () -> neighbours.listenFor(link, there))) {
                listening.put(link, there);
            }
        }
        listening.values().removeIf(Set::isEmpty);
    }

    /** What they said. */
    List<Neighbours.Claim> heard() {
        List<Neighbours.Claim> heard = new ArrayList<>(0);
        if (!listening.isEmpty()) {
            troubles.attempt("hear neighbours", () -> heard.addAll(neighbours.heard()));
        }
        return heard;
    }
}
