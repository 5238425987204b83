package buoy.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code vrrp.NAME.group}, over all routers. Those of one group are elected as one, so what decides
 * an election must be the same in each.
 */
final class GroupReader {
    private record First(Map<String, Object> values, Place place, String path) {}

    private final Map<String, First> firsts = new HashMap<>();

    Optional<String> read(Section s, int priority, RouterTimes times) {
        Optional<String> group = s.optional("group", Names::name);
        if (group.isEmpty()) {
            return group;
        }
        if (priority == RouterReader.OWNER) {
            s.reject(
                    "group",
                    "the owner of the addresses (priority 255) is active whatever the others of a"
                            + " group do (use a priority of 1..254, or remove group)");
        }
        Map<String, Object> values =
                Map.of(
                        "priority", priority,
                        "advertise", times.advertise(),
                        "preempt", times.preempt(),
                        "preempt-delay", times.preemptDelay(),
                        "start-delay", times.startDelay());
        First first =
                firsts.computeIfAbsent(group.get(), _ -> new First(values, s.place(), s.path()));
        values.forEach(
                (key, value) -> {
                    if (!value.equals(first.values().get(key))) {
                        s.reject(
                                key,
                                "must be the same in all of group %s, and %s in %s has another (the group is elected as one)"
                                        .formatted(
                                                group.get(),
                                                first.path(),
                                                first.place().seenFrom(s.place(key))));
                    }
                });
        return group;
    }
}
