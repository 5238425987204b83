package buoy.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** From a path such as {@code certificates.site.key} to the place where it stands. */
final class Locator {
    private Locator() {}

    /** The place of the value, or of the nearest section around it that is there. */
    static Place find(Tree tree, String path) {
        return find(tree, path, tree.place());
    }

    private static Place find(Tree tree, String path, Place nearest) {
        return switch (tree) {
            case Tree.Scalar(_, _, Place place) -> place;
            case Tree.Unknown _ -> nearest;
            case Tree.Sequence(List<Tree> items, _) -> {
                int end = path.indexOf(']');
                if (!path.startsWith("[") || end < 0) {
                    yield nearest;
                }
                yield switch (Numbers.between(0, Integer.MAX_VALUE).parse(path.substring(1, end))) {
                    case Parsed.Ok<Integer>(Integer i) when i < items.size() ->
                            find(items.get(i), path.substring(end + 1), items.get(i).place());
                    case Parsed.Ok<Integer> _, Parsed.Wrong<Integer> _ -> nearest;
                };
            }
            case Tree.Mapping(var entries, _) -> {
                String rest = path.startsWith(".") ? path.substring(1) : path;
                Optional<Tree.Entry> entry = longest(entries.values(), rest);
                yield entry.isPresent()
                        ? find(
                                entry.get().value(),
                                rest.substring(Section.join("", entry.get().key()).length()),
                                entry.get().place())
                        : nearest;
            }
        };
    }

    /** Names may have dots in them: of several keys that fit, the longest is meant. */
    private static Optional<Tree.Entry> longest(Collection<Tree.Entry> entries, String path) {
        return entries.stream()
                .filter(
                        e -> {
                            String key = Section.join("", e.key());
                            return path.equals(key)
                                    || path.startsWith(key + ".")
                                    || path.startsWith(key + "[");
                        })
                .max((a, b) -> Integer.compare(a.key().length(), b.key().length()));
    }
}
