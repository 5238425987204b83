package buoy.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
            case Tree.Mapping(List<Tree.Entry> entries, _) -> {
                for (Tree.Entry entry : entries) {
                    if (entry.key().equals(KEY)
                            && entry.value() instanceof Tree.Mapping(var choices, _)) {
                        choices.forEach(c -> hosts.add(c.key()));
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

    private Tree tree(Tree tree, String path) {
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> tree;
            case Tree.Sequence(List<Tree> items, Place place) -> {
                List<Tree> chosen = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    chosen.add(tree(items.get(i), path + "[" + i + "]"));
                }
                yield new Tree.Sequence(chosen, place);
            }
            case Tree.Mapping(List<Tree.Entry> entries, Place place) -> {
                if (entries.size() == 1 && entries.getFirst().key().equals(KEY)) {
                    yield choice(entries.getFirst(), place, path);
                }
                List<Tree.Entry> chosen = new ArrayList<>();
                for (Tree.Entry e : entries) {
                    chosen.add(
                            e.value() instanceof Tree.Scalar
                                    ? e
                                    : new Tree.Entry(
                                            e.key(),
                                            e.place(),
                                            tree(e.value(), Section.join(path, e.key()))));
                }
                yield new Tree.Mapping(chosen, place);
            }
        };
    }

    private Tree choice(Tree.Entry byHost, Place place, String path) {
        if (!(byHost.value() instanceof Tree.Mapping(List<Tree.Entry> choices, _))) {
            return wrong(
                    byHost.value().place(),
                    path,
                    "by-host needs a mapping such as {lb1: 1, lb2: 2}");
        }
        for (Tree.Entry choice : choices) {
            if (!(choice.value() instanceof Tree.Scalar)) {
                return wrong(
                        choice.value().place(),
                        path,
                        "by-host chooses single values alone, not %s (put by-host further in)"
                                .formatted(choice.value().kind()));
            }
        }
        Optional<Tree.Entry> chosen =
                find(choices, host)
                        .or(() -> find(choices, shortName(host)))
                        .or(() -> find(choices, DEFAULT));
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

    private static Optional<Tree.Entry> find(List<Tree.Entry> choices, String name) {
        return choices.stream().filter(c -> c.key().equals(name)).findFirst();
    }

    /** What stands for a value that could not be chosen; readers pass over it in silence. */
    private Tree wrong(Place place, String path, String message) {
        problems.reject(place, path, message);
        return new Tree.Unknown(place);
    }
}
