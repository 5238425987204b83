package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.track.Tracking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which routers run, and which of them together. */
final class Roster {
    private final Wherewithal with;
    private final Function<List<VirtualRouter>, Tracking> weigh;
    private List<Router> routers = List.of();
    private List<Group> groups = List.of();

    Roster(Wherewithal with, Function<List<VirtualRouter>, Tracking> weigh) {
        this.with = with;
        this.weigh = weigh;
    }

    /** In the order configured. */
    List<Router> routers() {
        return routers;
    }

    List<Group> groups() {
        return groups;
    }

    /**
     * Makes these the routers that run. What is as it was is not touched.
     *
     * @return the groups that are new
     */
    List<Group> change(List<VirtualRouter> wanted, Ticks now) {
        Map<VirtualRouter, Router> known = known(wanted);
        List<List<VirtualRouter>> teams = teams(wanted);
        Map<List<VirtualRouter>, Group> goOn = goOn(teams, known);
        groups.stream().filter(g -> !goOn.containsValue(g)).forEach(g -> g.stop(now));
        List<Group> next = new ArrayList<>();
        List<Group> added = new ArrayList<>();
        for (List<VirtualRouter> team : teams) {
            Group group = goOn.get(team);
            if (group == null) {
                group = new Group(team, weigh.apply(team), with, now);
                added.add(group);
            } else if (!team.equals(group.configs())) {
                group.change(team, membersOf(group, team, known), weigh.apply(team), now);
            }
            next.add(group);
        }
        groups = List.copyOf(next);
        Map<String, Router> byName = new LinkedHashMap<>();
        groups.forEach(g -> g.members().forEach(member -> byName.put(member.name(), member)));
        routers =
                wanted.stream()
                        .flatMap(c -> Optional.ofNullable(byName.get(c.name())).stream())
                        .toList();
        return added;
    }

    /** For each configuration the router that has its identity now. */
    private Map<VirtualRouter, Router> known(List<VirtualRouter> wanted) {
        Map<VirtualRouter, Router> known = new LinkedHashMap<>();
        List<Router> left = new ArrayList<>(routers);
        for (VirtualRouter config : wanted) {
            Set<Identity> identity = Identity.of(config);
            left.stream()
                    .filter(r -> !Collections.disjoint(Identity.of(r.config()), identity))
                    .findFirst()
                    .ifPresent(
                            router -> {
                                known.put(config, router);
                                left.remove(router);
                            });
        }
        return known;
    }

    /** Those of one group together, in the order of the file. */
    static List<List<VirtualRouter>> teams(List<VirtualRouter> wanted) {
        Map<Object, List<VirtualRouter>> teams = new LinkedHashMap<>();
        for (VirtualRouter config : wanted) {
            Object key = config.group().<Object>map(name -> name).orElse(config);
            teams.computeIfAbsent(key, _ -> new ArrayList<>()).add(config);
        }
        return List.copyOf(teams.values());
    }

    /**
     * Which group each team goes on as: the one of its name, that of its single router, or else one
     * whose members all go there.
     */
    private Map<List<VirtualRouter>, Group> goOn(
            List<List<VirtualRouter>> teams, Map<VirtualRouter, Router> known) {
        Map<List<VirtualRouter>, Group> goOn = new LinkedHashMap<>();
        for (List<VirtualRouter> team : teams) {
            Optional<String> name = team.getFirst().group();
            groups.stream()
                    .filter(
                            group ->
                                    group.name().equals(name)
                                            && (name.isPresent() || all(group, team, known)))
                    .findFirst()
                    .ifPresent(group -> goOn.put(team, group));
        }
        for (List<VirtualRouter> team : teams) {
            if (!goOn.containsKey(team)) {
                groups.stream()
                        .filter(g -> !goOn.containsValue(g) && all(g, team, known))
                        .findFirst()
                        .ifPresent(group -> goOn.put(team, group));
            }
        }
        return goOn;
    }

    private static boolean all(
            Group group, List<VirtualRouter> team, Map<VirtualRouter, Router> known) {
        return membersOf(group, team, known).size() == group.members().size();
    }

    private static Map<VirtualRouter, Router> membersOf(
            Group group, List<VirtualRouter> team, Map<VirtualRouter, Router> known) {
        Map<VirtualRouter, Router> members = new LinkedHashMap<>(known);
        members.keySet().retainAll(team);
        members.values().removeIf(router -> router.group() != group);
        return members;
    }
}
