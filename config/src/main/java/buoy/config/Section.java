package buoy.config;

import buoy.config.Witness.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A mapping being read. Each key asked for becomes known here; what is left over at the end is
 * unknown and reported with the known key it resembles. A value that is wrong is reported and
 * counts as absent, so that reading goes on.
 *
 * <p>Longer than other files, because all of it shares one thing: which keys were asked for.
 */
final class Section {
    private static final String ANY_NAME = "*";

    private final String path;
    private final Place place;
    private final Map<String, Tree.Entry> entries;
    private final Map<String, List<Form>> asked = new LinkedHashMap<>();
    private final List<List<String>> exclusive = new ArrayList<>();
    private final Set<String> elsewhere = new LinkedHashSet<>();
    private final Problems problems;
    private final Witness witness;
    private boolean ofNames;
    private boolean ignored;

    /** As {@link Witness} has it. */
    private String pattern;

    private Section(
            String path,
            Place place,
            Map<String, Tree.Entry> entries,
            Problems problems,
            Witness witness,
            String pattern) {
        this.path = path;
        this.place = place;
        this.problems = problems;
        this.witness = witness;
        this.pattern = pattern;
        this.entries = entries;
    }

    private Section below(
            String at, Place where, String patternBelow, Map<String, Tree.Entry> itsEntries) {
        return new Section(at, where, itsEntries, problems, witness, patternBelow);
    }

    /** Reads a whole document. */
    static <T> T root(Tree tree, Problems problems, Function<Section, T> reader) {
        return root(tree, problems, Witness.NOBODY, reader);
    }

    /** The same before a witness. */
    static <T> T root(Tree tree, Problems problems, Witness witness, Function<Section, T> reader) {
        Map<String, Tree.Entry> entries = Map.of();
        if (tree instanceof Tree.Mapping mapping) {
            entries = mapping.entries();
        } else {
            Include.notSections(tree, problems);
        }
        return read(new Section("", tree.place(), entries, problems, witness, ""), reader);
    }

    private static <T> T read(Section section, Function<Section, T> reader) {
        T result = reader.apply(section);
        section.reportUnknown();
        section.witness.read(section.pattern, section.asked, section.exclusive);
        return result;
    }

    private void ask(String key, Form form) {
        if (ofNames && witness == Witness.NOBODY) {
            return; // any name is known, and a pool may have ten thousand servers
        }
        asked.computeIfAbsent(ofNames ? ANY_NAME : key, _ -> new ArrayList<>()).add(form);
    }

    /** This section is of the kind that has the key: others have other keys. */
    void kind(String key) {
        pattern += "{" + key + "}";
    }

    /** This section is of the kind where the key has this value: others have other keys. */
    void kind(String key, String value) {
        pattern += "{" + key + "=" + value + "}";
    }

    private String patternOf(String key) {
        String last = ofNames ? ANY_NAME : key;
        return pattern.isEmpty() ? last : pattern + "." + last;
    }

    String path() {
        return path;
    }

    Place place() {
        return place;
    }

    Problems problems() {
        return problems;
    }

    /** The path of one of its keys. */
    String path(String key) {
        return join(path, key);
    }

    /** Where a key's value stands; where it is absent, the section. */
    Place place(String key) {
        Tree.Entry entry = entries.get(key);
        return entry == null ? place : entry.value().place();
    }

    /** Whether the key was given, rightly or wrongly. */
    boolean has(String key) {
        ask(key, new Form.Presence());
        return entries.containsKey(key);
    }

    /** Says what is wrong with the value of a key. */
    void reject(String key, String message) {
        problems.reject(place(key), path(key), message);
    }

    /**
     * Of these keys only one may stand here: rejects every other behind the first.
     *
     * @return whether there is any
     */
    boolean atMostOne(List<String> keys) {
        exclusive.add(keys);
        List<String> given = keys.stream().filter(this::has).toList();
        given.stream()
                .skip(1)
                .forEach(
                        extra ->
                                reject(
                                        extra,
                                        "cannot stand beside %s (remove one of them)"
                                                .formatted(given.getFirst())));
        return !given.isEmpty();
    }

    /** Says what is doubtful about the value of a key. */
    void warn(String key, String message) {
        problems.warn(place(key), path(key), message);
    }

    /** Whether the key was given and its value is a list. */
    boolean isList(String key) {
        return entries.get(key) instanceof Tree.Entry(_, _, Tree.Sequence _);
    }

    /** Whether the key was given and its value is a list without items. */
    boolean isEmptyList(String key) {
        return entries.get(key) instanceof Tree.Entry(_, _, Tree.Sequence(var items, _))
                && items.isEmpty();
    }

    /** Whether the key was given as {@code null}: some keys may be, where that is their default. */
    boolean isNull(String key) {
        ask(key, new Form.Nothing());
        return entries.get(key) instanceof Tree.Entry(_, _, Tree.Scalar scalar) && scalar.isNull();
    }

    /** Whether the key was given and its value is a mapping. */
    boolean isMapping(String key) {
        return entries.get(key) instanceof Tree.Entry(_, _, Tree.Mapping _);
    }

    // --- single values

    /** Empty when absent or wrong. */
    <T> Optional<T> optional(String key, Format<T> format) {
        return single(key, format, Optional.empty());
    }

    /** {@code otherwise} when absent or wrong. */
    <T> T get(String key, Format<T> format, T otherwise) {
        return single(key, format, Optional.of(otherwise)).orElse(otherwise);
    }

    /** Empty, and reported, when absent or wrong. */
    <T> Optional<T> required(String key, Format<T> format) {
        requireKey(key);
        return single(key, format, Optional.empty());
    }

    /** As {@link #optional}, of a secret: it is never shown. */
    <T> Optional<T> secret(String key, Format<T> format) {
        witness.secret(path(key));
        return optional(key, Hidden.refusedBy(format));
    }

    /** As {@link #optional}, of the path of a file or directory that is read. */
    <T> Optional<T> file(String key, Format<T> format) {
        if (entries.get(key) instanceof Tree.Entry(_, _, Tree.Scalar scalar)) {
            witness.file(scalar.place(), path(key), scalar.text());
        }
        return optional(key, format);
    }

    /** As {@link #file}, and reported when absent. */
    <T> Optional<T> requiredFile(String key, Format<T> format) {
        requireKey(key);
        return file(key, format);
    }

    private <T> Optional<T> single(String key, Format<T> format, Optional<Object> otherwise) {
        Optional<Tree> tree = value(key, new Form.Single(format, otherwise));
        return tree.isPresent() ? scalar(tree.get(), () -> path(key), format) : Optional.empty();
    }

    /** Reports the key where it is absent. */
    void requireKey(String key) {
        ask(key, new Form.Required());
        if (!entries.containsKey(key)) {
            problems.reject(place, path(key), "is required");
        }
    }

    private Optional<Tree> value(String key, Form form) {
        ask(key, form);
        Tree.Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.value() instanceof Tree.Scalar scalar && scalar.isNull()) {
            problems.reject(
                    entry.place(), path(key), "has no value (write one, or remove the key)");
            return Optional.empty();
        }
        if (entry.value() instanceof Tree.Unknown) {
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    /** {@code at} is put into words for a message alone. */
    private <T> Optional<T> scalar(Tree tree, Supplier<String> at, Format<T> format) {
        if (tree instanceof Tree.Unknown) {
            return Optional.empty();
        }
        if (!(tree instanceof Tree.Scalar scalar)) {
            problems.reject(tree.place(), at.get(), "must be a single value, not " + tree.kind());
            return Optional.empty();
        }
        return switch (format.parse(scalar.text())) {
            case Parsed.Ok<T>(T value) -> Optional.of(value);
            case Parsed.Wrong<T>(String why) -> {
                problems.reject(tree.place(), at.get(), why);
                yield Optional.empty();
            }
        };
    }

    // --- lists

    /** One item of a list that was read well, with where it stands. */
    record Item<T>(T value, Place place, String path) {}

    /** The items that are right; empty when absent. */
    <T> List<Item<T>> list(String key, Format<T> format) {
        List<Item<T>> items = new ArrayList<>();
        forEach(
                key,
                new Form.Items(format),
                (tree, at) ->
                        scalar(tree, () -> at, format)
                                .ifPresent(v -> items.add(new Item<>(v, tree.place(), at))));
        return items;
    }

    /** As {@link #list}, and reported when absent or without any item. */
    <T> List<Item<T>> requiredList(String key, Format<T> format) {
        requireKey(key);
        if (isEmptyList(key)) {
            reject(key, "must have at least one item");
        }
        return list(key, format);
    }

    /** The items of a list of mappings, each read by {@code reader}. */
    <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
        List<T> items = new ArrayList<>();
        forEach(
                key,
                new Form.Sections(),
                (tree, at) ->
                        mapping(tree, at, tree.place(), patternOf(key) + "[]", reader)
                                .ifPresent(items::add));
        return items;
    }

    private interface ItemReader {
        void read(Tree item, String path);
    }

    private void forEach(String key, Form form, ItemReader reader) {
        value(key, form)
                .ifPresent(
                        tree -> {
                            if (!(tree instanceof Tree.Sequence sequence)) {
                                String what = tree.kind();
                                if (tree instanceof Tree.Scalar) {
                                    what += " (write it in brackets)";
                                }
                                reject(key, "must be a list, such as [a, b], not " + what);
                                return;
                            }
                            for (int i = 0; i < sequence.items().size(); i++) {
                                reader.read(sequence.items().get(i), path(key) + "[" + i + "]");
                            }
                        });
    }

    // --- sections within

    /** A section whose keys are all optional: where it is absent, an empty one is read. */
    <T> T within(String key, Function<Section, T> reader) {
        Optional<Tree> tree = value(key, new Form.Within());
        String pattern = patternOf(key);
        return tree.flatMap(
                        t ->
                                mapping(
                                        t,
                                        path(key),
                                        keyPlace(key),
                                        pattern,
                                        s -> Optional.of(reader.apply(s))))
                .orElseGet(() -> read(below(path(key), place(key), pattern, Map.of()), reader));
    }

    /** A section that switches something on. */
    <T> Optional<T> optionally(String key, Function<Section, Optional<T>> reader) {
        return value(key, new Form.Within())
                .flatMap(t -> mapping(t, path(key), keyPlace(key), patternOf(key), reader));
    }

    /** A section of things with names, {@code NAME: {...}}: those that are right. */
    <T> Map<String, T> named(String key, NamedReader<T> reader) {
        return each(
                key,
                Names::name,
                (name, parent) -> parent.optionally(name, s -> reader.read(name, s)));
    }

    /** As {@link #named}, where what stands under a name is not always a mapping. */
    <T> Map<String, T> each(String key, Format<String> names, NamedReader<T> reader) {
        Map<String, T> result = new LinkedHashMap<>();
        optionally(
                key,
                parent -> {
                    parent.ofNames = true;
                    for (String name : parent.entries.keySet()) {
                        if (names.parse(name) instanceof Parsed.Wrong<String>(String why)) {
                            problems.reject(parent.keyPlace(name), parent.path(name), why);
                        }
                        reader.read(name, parent).ifPresent(t -> result.put(name, t));
                    }
                    return Optional.of(result);
                });
        return result;
    }

    /** Reads one of several things with names. */
    interface NamedReader<T> {
        Optional<T> read(String name, Section section);
    }

    /** The keys of a section within, without reading it: names that may be referred to. */
    Set<String> namesIn(String key) {
        return entries.get(key) instanceof Tree.Entry(_, _, Tree.Mapping(var inner, _))
                ? inner.keySet()
                : Set.of();
    }

    private Place keyPlace(String key) {
        Tree.Entry entry = entries.get(key);
        return entry == null ? place : entry.place();
    }

    private <T> Optional<T> mapping(
            Tree tree,
            String at,
            Place where,
            String patternBelow,
            Function<Section, Optional<T>> reader) {
        if (tree instanceof Tree.Unknown) {
            return Optional.empty();
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            problems.reject(
                    tree.place(), at, "must be a mapping of keys and values, not " + tree.kind());
            return Optional.empty();
        }
        return read(below(at, where, patternBelow, mapping.entries()), reader);
    }

    // --- what does not exist here

    /** A key that exists, but not in this kind of section: {@code where} says in which it does. */
    void onlyFor(String key, String where) {
        if (entries.containsKey(key)) {
            elsewhere.add(key);
            problems.reject(
                    keyPlace(key), path(key), "is for " + where + " alone (remove the key)");
        }
    }

    /** Takes what was not asked for as known: what it means depends on a mistake made before. */
    void ignoreRest() {
        ignored = true;
    }

    private void reportUnknown() {
        if (ofNames || ignored) {
            return;
        }
        Set<String> known = asked.keySet();
        for (Tree.Entry entry : entries.values()) {
            if (!known.contains(entry.key()) && !elsewhere.contains(entry.key())) {
                String hint = Text.didYouMean(entry.key(), known);
                problems.reject(
                        entry.place(),
                        path(entry.key()),
                        "unknown key"
                                + (hint.isEmpty()
                                        ? " (known here: " + String.join(", ", known) + ")"
                                        : hint));
            }
        }
    }

    static String join(String path, String key) {
        String shown = Text.shown(key);
        return path.isEmpty() ? shown : path + "." + shown;
    }
}
