package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One configuration for several hosts: single values in which they differ become {@code {by-host:
 * ...}}; what differs otherwise is said, and is as on the first of them.
 */
final class ByHost {
    static final String DEFAULT = "default";

    /** What holds where a key does not stand. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "priority", "100",
                    "version", "3",
                    "advertise", "1s",
                    "preempt", "true",
                    "preempt-delay", "0s",
                    "start-delay", "0s",
                    "virtual-mac", "false",
                    "accept", "true",
                    "ttl", "255",
                    "min-ttl", "255");

    private final List<String> hosts;
    private final Remarks remarks;

    private ByHost(List<String> hosts, Remarks remarks) {
        this.hosts = hosts;
        this.remarks = remarks;
    }

    /** The sections that are right on all of the hosts. */
    static Node.Mapping joined(List<OneHost> each, Remarks remarks) {
        if (each.size() == 1) {
            return each.getFirst().made();
        }
        List<Node.Mapping> made = new ArrayList<>();
        made.add(each.getFirst().made());
        for (OneHost other : each.subList(1, each.size())) {
            made.add(renamed(made.getFirst(), other.made(), remarks));
        }
        ByHost join = new ByHost(each.stream().map(OneHost::name).toList(), remarks);
        return join.mappings("", made);
    }

    /** With the names that the first host has for routers of the same number. */
    private static Node.Mapping renamed(Node.Mapping first, Node.Mapping other, Remarks remarks) {
        Node.Mapping here = first.within("vrrp", first.from());
        Node.Mapping there = other.within("vrrp", other.from());
        Node.Mapping renamed = new Node.Mapping(there.from());
        there.entries()
                .forEach(
                        (name, router) -> {
                            String known =
                                    here.has(name)
                                            ? name
                                            : sameNumber(here, router)
                                                    .filter(n -> !there.has(n) && !renamed.has(n))
                                                    .orElse(name);
                            if (!known.equals(name)) {
                                remarks.note(
                                        router.from(),
                                        "%s is called %s, as on the other host"
                                                .formatted(Text.shown(name), known));
                            }
                            renamed.put(known, router);
                        });
        other.put("vrrp", renamed);
        return other;
    }

    private static Optional<String> sameNumber(Node.Mapping routers, Node router) {
        return routers.entries().entrySet().stream()
                .filter(each -> number(each.getValue()).equals(number(router)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String number(Node router) {
        return router instanceof Node.Mapping mapping
                        && mapping.get("router-id").orElse(null) instanceof Node.Scalar id
                ? id.text()
                : "";
    }

    private Node join(String path, List<Node> nodes) {
        Node first = nodes.getFirst();
        if (nodes.stream().allMatch(Node.Scalar.class::isInstance)) {
            return scalars(nodes.stream().map(Node.Scalar.class::cast).toList());
        }
        if (nodes.stream().allMatch(Node.Mapping.class::isInstance)) {
            return mappings(path, nodes.stream().map(Node.Mapping.class::cast).toList());
        }
        List<Node.Items> lists =
                nodes.stream()
                        .filter(Node.Items.class::isInstance)
                        .map(Node.Items.class::cast)
                        .toList();
        int size = lists.isEmpty() ? -1 : lists.getFirst().nodes().size();
        if (lists.size() < nodes.size()
                || lists.stream().anyMatch(list -> list.nodes().size() != size)) {
            differs(path, nodes);
            return first;
        }
        Node.Items joined = new Node.Items(first.from());
        for (int i = 0; i < size; i++) {
            int at = i;
            joined.add(
                    join(
                            path + "[" + i + "]",
                            lists.stream().map(list -> list.nodes().get(at)).toList()));
        }
        return joined;
    }

    private Node scalars(List<Node.Scalar> values) {
        Node.Scalar first = values.getFirst();
        if (values.stream().allMatch(each -> each.text().equals(first.text()))) {
            return first;
        }
        Node.Mapping choice = new Node.Mapping(first.from());
        int others = hosts.indexOf(DEFAULT);
        for (int i = 0; i < hosts.size(); i++) {
            boolean asOthers =
                    others >= 0
                            && i != others
                            && values.get(i).text().equals(values.get(others).text());
            if (!asOthers) {
                choice.put(hosts.get(i), values.get(i));
            }
        }
        return new Node.Mapping(first.from()).put("by-host", choice);
    }

    private Node.Mapping mappings(String path, List<Node.Mapping> mappings) {
        Set<String> keys = new LinkedHashSet<>();
        mappings.forEach(each -> keys.addAll(each.entries().keySet()));
        Node.Mapping joined = new Node.Mapping(mappings.getFirst().from());
        for (String key : keys) {
            String there = path.isEmpty() ? key : path + "." + key;
            Map<Integer, Node> present = new LinkedHashMap<>();
            for (int i = 0; i < mappings.size(); i++) {
                int host = i;
                mappings.get(i).get(key).ifPresent(node -> present.put(host, node));
            }
            Optional<String> usual = Optional.ofNullable(DEFAULTS.get(key));
            if (present.size() == mappings.size() || path.isEmpty()) {
                joined.put(key, join(there, filled(mappings, key)));
            } else if (usual.isPresent()
                    && present.values().stream().allMatch(Node.Scalar.class::isInstance)) {
                Mark from = present.values().iterator().next().from();
                List<Node> nodes = new ArrayList<>();
                for (int i = 0; i < mappings.size(); i++) {
                    nodes.add(present.getOrDefault(i, Node.word(from, usual.get())));
                }
                joined.put(key, join(there, nodes));
            } else {
                only(there, present);
                joined.put(key, present.values().iterator().next());
            }
        }
        return joined;
    }

    /** Sections that a host lacks are empty there. */
    private static List<Node> filled(List<Node.Mapping> mappings, String key) {
        List<Node> nodes = new ArrayList<>();
        mappings.forEach(
                each -> nodes.add(each.get(key).orElseGet(() -> new Node.Mapping(each.from()))));
        return nodes;
    }

    private void only(String path, Map<Integer, Node> present) {
        List<String> with = present.keySet().stream().map(hosts::get).toList();
        remarks.left(
                present.values().iterator().next().from(),
                "%s is on %s alone, and would be on all hosts"
                        .formatted(path, String.join(" and ", with)),
                "where that is wrong keep it in a file of its own there: include: [/etc/buoy/conf.d/*.yaml]");
    }

    private void differs(String path, List<Node> nodes) {
        remarks.left(
                nodes.getFirst().from(),
                "%s is not the same on %s, and is as on %s"
                        .formatted(path, String.join(" and ", hosts), hosts.getFirst()),
                "make the hosts alike, or write it for each in a file that include names");
    }
}
