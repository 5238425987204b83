package buoy.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One of a few words. It also knows the words of the reference that this version cannot obey, so
 * that they are not called wrong.
 */
final class Words<T> implements Format<T> {
    private final Map<String, T> words = new LinkedHashMap<>();
    private final Set<String> unavailable = new LinkedHashSet<>();

    private Words() {}

    static <T> Words<T> of(String word, T value) {
        return new Words<T>().or(word, value);
    }

    @Override
    public Shape shape() {
        return new Shape.Choice(List.copyOf(words.keySet()));
    }

    Words<T> or(String word, T value) {
        words.put(word, value);
        return this;
    }

    Words<T> notAvailable(String... more) {
        unavailable.addAll(Set.of(more));
        return this;
    }

    @Override
    public Parsed<T> parse(String text) {
        T value = words.get(text);
        if (value != null) {
            return Parsed.ok(value);
        }
        if (unavailable.contains(text)) {
            return Parsed.wrong(
                    "%s is %s (use %s)"
                            .formatted(
                                    Text.shown(text),
                                    Problems.NOT_AVAILABLE,
                                    Text.choice(words.keySet())));
        }
        return Parsed.wrong(
                "must be %s, got %s%s"
                        .formatted(
                                Text.choice(words.keySet()),
                                Text.quoted(text),
                                Text.didYouMean(text, words.keySet())));
    }

    /** A name that stands somewhere else in the file, called {@code what} in messages. */
    static Format<String> nameOf(String what, Collection<String> names) {
        return text ->
                names.contains(text)
                        ? Parsed.ok(text)
                        : Parsed.wrong(
                                Text.quoted(text) + " is not a " + what + hint(text, what, names));
    }

    private static String hint(String text, String what, Collection<String> names) {
        String near = Text.didYouMean(text, names);
        if (!near.isEmpty()) {
            return near;
        }
        return names.isEmpty()
                ? " (the file has no " + what + "s)"
                : " (there is " + Text.shown(String.join(", ", names)) + ")";
    }
}
