package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.track.Word;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a speaker leaves to that of another process of this host, which goes on in its place: the
 * same states, the same deadlines, the addresses as they are. Nothing on the network tells the two
 * apart. Points of time are those of the monotonic clock, which all processes of a host share.
 *
 * @param teams routers that are active together, a single one mostly
 * @param resigned the names of those that the operator has resigned
 * @param facts the last word on everything tracked
 */
public record HandedOver(List<Team> teams, Set<String> resigned, List<Word> facts) {
    public HandedOver {
        teams = List.copyOf(teams);
        resigned = Set.copyOf(resigned);
        facts = List.copyOf(facts);
    }

    /**
     * Routers that are active together.
     *
     * @param key see {@link #keys}
     * @param rules by which the state came about
     * @param since when it entered its state
     */
    public record Team(
            String key,
            Rules rules,
            State state,
            Ticks since,
            long transitions,
            String why,
            List<Member> members) {
        public Team {
            members = List.copyOf(members);
        }
    }

    /**
     * One of them.
     *
     * @param addresses those it holds
     * @param routes those it holds, and rules
     * @param announcements to the neighbours that are still to come
     */
    public record Member(
            String key,
            List<Held> addresses,
            List<RoutingTable.Entry> routes,
            Optional<Pending> announcements) {
        public Member {
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
        }
    }

    /**
     * An address that is held.
     *
     * @param claimed when last
     * @param own whether it was there for good already, and is not to be touched
     */
    public record Held(Prefix address, Ticks claimed, boolean own) {}

    /** How many announcements are left of a series, and when the next one is due. */
    public record Pending(int remaining, Ticks next) {}

    /**
     * What teams of this configuration can be taken over by, each by the team of the same key: as
     * long as its routers are those, on the same links. A team of another key begins anew.
     */
    public static Set<String> keys(Collection<VirtualRouter> configured) {
        return Roster.teams(List.copyOf(configured)).stream()
                .map(HandedOver::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    static String key(List<VirtualRouter> team) {
        return team.stream().map(HandedOver::key).sorted().collect(Collectors.joining(","));
    }

    /** What makes a router the same one, and where its addresses are. */
    static String key(VirtualRouter router) {
        return "%s/%d/%s/%s%s"
                .formatted(
                        router.interfaceName(),
                        router.routerId(),
                        Identity.version(router),
                        Terms.families(router).stream()
                                .map(Enum::name)
                                .collect(Collectors.joining("+")),
                        router.virtualMac() ? "/virtual-mac" : "");
    }

    Optional<Team> team(List<VirtualRouter> configs) {
        String key = key(configs);
        return teams.stream().filter(team -> team.key().equals(key)).findFirst();
    }
}
