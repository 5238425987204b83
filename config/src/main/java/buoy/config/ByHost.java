package buoy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code {by-host: {lb1: 150, lb2: 100, default: 90}}} in place of any single value: one file for
 * all hosts. A host is meant by its whole name or by what stands before the first dot.
 */
final class ByHost {
    private static final String KEY = "by-host";
    private static final String DEFAULT = "default";

    private final String host;
    private final Problems problems;

    private ByHost(String host, Problems problems) {
        this.host = host;
        this.problems = problems;
    }

    /** The hosts that are named somewhere in the file. */
    static Set<String> hosts(Tree tree) {
        Set<String> hosts = new LinkedHashSet<>();
        collect(tree, hosts);
        hosts.remove(DEFAULT);
        return hosts;
    }

    private static void collect(Tree tree, Set<String> hosts) {
        switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> {}
            case Tree.Sequence(List<Tree> items, _) -> items.forEach(i -> collect(i, hosts));
            case Tree.Mapping(var entries, _) -> {
                for (Tree.Entry entry : entries.values()) {
                    if (entry.key().equals(KEY)
                            && entry.value() instanceof Tree.Mapping(var choices, _)) {
                        hosts.addAll(choices.keySet());
                    }
                    collect(entry.value(), hosts);
                }
            }
        }
    }

    /** Whether {@code name} in a file means the host that calls itself {@code host}. */
    static boolean means(String name, String host) {
        return name.equals(host) || name.equals(shortName(host));
    }

    private static String shortName(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    /** The file as it is meant on one host: no {@code by-host} is left. */
    static Tree choose(Tree tree, String host, Problems problems) {
        return new ByHost(host, problems).tree(tree, "");
    }

    private static boolean isIn(Tree tree) {
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> false;
            case Tree.Sequence(List<Tree> items, _) -> items.stream().anyMatch(ByHost::isIn);
            case Tree.Mapping(var entries, _) ->
                    entries.containsKey(KEY)
                            || entries.values().stream().anyMatch(e -> isIn(e.value()));
        };
    }

    private Tree tree(Tree tree, String path) {
        if (!isIn(tree)) {
            return tree;
        }
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> tree;
            case Tree.Sequence(List<Tree> items, Place place) -> {
                List<Tree> chosen = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    chosen.add(tree(items.get(i), path + "[" + i + "]"));
                }
                yield new Tree.Sequence(chosen, place);
            }
            case Tree.Mapping(var entries, Place place) -> {
                Tree.Entry byHost = entries.get(KEY);
                if (byHost != null && entries.size() == 1) {
                    yield choice(byHost, place, path);
                }
                SequencedMap<String, Tree.Entry> chosen = new LinkedHashMap<>(entries);
                chosen.replaceAll(
                        (key, e) ->
                                new Tree.Entry(
                                        key, e.place(), tree(e.value(), Section.join(path, key))));
                yield new Tree.Mapping(chosen, place);
            }
        };
    }

    private Tree choice(Tree.Entry byHost, Place place, String path) {
        if (!(byHost.value() instanceof Tree.Mapping(var choices, _))) {
            return wrong(
                    byHost.value().place(),
                    path,
                    "by-host needs a mapping such as {lb1: 1, lb2: 2}");
        }
        for (Tree.Entry choice : choices.values()) {
            if (!(choice.value() instanceof Tree.Scalar)) {
                return wrong(
                        choice.value().place(),
                        path,
                        "by-host chooses single values alone, not %s (put by-host further in)"
                                .formatted(choice.value().kind()));
            }
        }
        Optional<Tree.Entry> chosen =
                Stream.of(host, shortName(host), DEFAULT)
                        .map(choices::get)
                        .filter(Objects::nonNull)
                        .findFirst();
        return chosen.map(Tree.Entry::value)
                .orElseGet(
                        () ->
                                wrong(
                                        place,
                                        path,
                                        "has no value for the host %s (add %s, or default)"
                                                .formatted(
                                                        Text.quoted(host),
                                                        Text.shown(shortName(host)))));
    }

    /** What stands for a value that could not be chosen; readers pass over it in silence. */
    private Tree wrong(Place place, String path, String message) {
        problems.reject(place, path, message);
        return new Tree.Unknown(place);
    }
}
