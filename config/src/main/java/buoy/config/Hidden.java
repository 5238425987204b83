package buoy.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/** Secrets where a configuration is shown: the words below stand in their place. */
final class Hidden {
    static final String WORDS = "(not shown)";

    /** Fields of HTTP whose values let somebody in. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("auth|cookie|token|secret|passw|signature|api-?key|[-_]key");

    private final Set<String> paths = new HashSet<>();

    /** Whether what a header field of that name says may be a secret. */
    static boolean isCredential(String field) {
        return CREDENTIALS.matcher(field.toLowerCase(Locale.ROOT)).find();
    }

    /** Nobody starts with what was printed, and {@link #WORDS} for a password. */
    static <T> Format<T> refusedBy(Format<T> format) {
        return Format.of(
                format.shape(),
                text ->
                        text.equals(WORDS)
                                ? Parsed.wrong(
                                        "stands for a secret that was not printed (write the secret"
                                                + " itself)")
                                : format.parse(text));
    }

    /**
     * A secret stands there.
     *
     * @param path of its key
     */
    void add(String path) {
        paths.add(path);
    }

    /** Without the secrets. */
    Tree in(Tree tree) {
        return in(tree, "");
    }

    private Tree in(Tree tree, String path) {
        if (paths.contains(path)) {
            return new Tree.Scalar(WORDS, false, tree.place());
        }
        return switch (tree) {
            case Tree.Scalar _, Tree.Unknown _ -> tree;
            case Tree.Sequence(List<Tree> items, Place place) -> {
                List<Tree> shown = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    shown.add(in(items.get(i), path + "[" + i + "]"));
                }
                yield new Tree.Sequence(shown, place);
            }
            case Tree.Mapping(var entries, Place place) -> {
                SequencedMap<String, Tree.Entry> shown = new LinkedHashMap<>(entries);
                shown.replaceAll(
                        (key, each) ->
                                new Tree.Entry(
                                        key,
                                        each.place(),
                                        in(each.value(), Section.join(path, key))));
                yield new Tree.Mapping(shown, place);
            }
        };
    }
}
