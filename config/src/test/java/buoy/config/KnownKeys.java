package buoy.config;

import buoy.config.Witness.Form;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every key that readers ask for, learnt by watching them read every configuration that the project
 * shows, right or wrong: the documentation's, the examples, the reference and the mistakes.
 */
final class KnownKeys implements Witness {
    /**
     * A key of a section.
     *
     * @param otherwise the default as it would be written, where it is always the same
     */
    record Key(String name, List<Way> ways, Optional<String> otherwise, boolean required) {}

    /** A way in which a key may be written. */
    sealed interface Way {
        record Single(Format<?> format) implements Way {}

        record Items(Format<?> format) implements Way {}

        record Sections() implements Way {}

        record Within() implements Way {}

        record Nothing() implements Way {}
    }

    /** What was asked of a section in all readings. */
    private static final class Asked {
        private int readings;
        private final Map<String, List<Form>> forms = new LinkedHashMap<>();
        private final Set<List<String>> exclusive = new LinkedHashSet<>();
    }

    private final SortedMap<String, Asked> sections = new TreeMap<>();

    private KnownKeys() {}

    /** A configuration that the project shows. */
    record Shown(String place, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    static KnownKeys learn() throws java.io.IOException {
        KnownKeys keys = new KnownKeys();
        for (Shown each : Stream.concat(right().stream(), mistaken().stream()).toList()) {
            Problems problems = new Problems();
            Document.parse(each.place(), each.text().getBytes(StandardCharsets.UTF_8), problems)
                    .map(tree -> ByHost.choose(tree, "lb1", problems))
                    .ifPresent(tree -> Section.root(tree, problems, keys, ConfigReader::read));
        }
        return keys;
    }

    /** Those in which nothing is wrong. */
    static List<Shown> right() throws java.io.IOException {
        List<Shown> shown = new ArrayList<>();
        Path root = Path.of(System.getProperty("buoy.root"));
        DocsTest.rightFiles().forEach(b -> shown.add(new Shown(b.place(), b.text())));
        List<Path> files = new ArrayList<>(ExamplesTest.examples());
        files.add(root.resolve("packaging/files/buoy.yaml"));
        files.add(root.resolve("config/src/test/resources/reference.yaml"));
        for (Path file : files) {
            shown.add(
                    new Shown(
                            root.relativize(file).toString(),
                            java.nio.file.Files.readString(file)));
        }
        for (MistakesTest.Case each : MistakesTest.cases()) {
            if (each.said().stream().noneMatch(line -> line.startsWith("! "))) {
                shown.add(new Shown(each.title(), each.yaml()));
            }
        }
        return shown;
    }

    static List<Shown> mistaken() throws java.io.IOException {
        return MistakesTest.cases().stream()
                .filter(each -> each.said().stream().anyMatch(line -> line.startsWith("! ")))
                .map(each -> new Shown(each.title(), each.yaml()))
                .toList();
    }

    @Override
    public void read(String at, Map<String, List<Form>> asked, List<List<String>> exclusive) {
        Asked section = sections.computeIfAbsent(at, _ -> new Asked());
        section.readings++;
        asked.forEach(
                (key, forms) ->
                        section.forms.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(forms));
        section.exclusive.addAll(exclusive);
    }

    /** As {@link Witness#read} has them. */
    Set<String> sections() {
        return sections.keySet();
    }

    boolean has(String section) {
        return sections.containsKey(section);
    }

    /**
     * The kinds of a section, as {@code KEY} or {@code KEY=VALUE}; none where there is one alone.
     */
    List<String> kinds(String section) {
        return sections.keySet().stream()
                .filter(at -> at.startsWith(section + "{") && at.indexOf('}') == at.length() - 1)
                .map(at -> at.substring(section.length() + 1, at.length() - 1))
                .toList();
    }

    List<List<String>> exclusive(String section) {
        return List.copyOf(asked(section).exclusive);
    }

    /** Of one kind those that only tell other kinds are left out. */
    List<Key> keys(String section) {
        Asked asked = asked(section);
        return asked.forms.entrySet().stream()
                .map(each -> key(each.getKey(), each.getValue(), asked.readings))
                .filter(each -> !section.endsWith("}") || !each.ways().isEmpty())
                .toList();
    }

    private Asked asked(String section) {
        return Objects.requireNonNull(sections.get(section), section);
    }

    private static Key key(String name, List<Form> forms, int readings) {
        Map<Object, Way> ways = new LinkedHashMap<>();
        Set<Optional<String>> otherwise = new LinkedHashSet<>();
        int required = 0;
        for (Form form : forms) {
            switch (form) {
                case Form.Presence _ -> {}
                case Form.Required _ -> required++;
                case Form.Single(var format, var value) -> {
                    ways.putIfAbsent(format.shape(), new Way.Single(format));
                    otherwise.add(value.flatMap(v -> written(format, v)));
                }
                case Form.Items(var format) ->
                        ways.putIfAbsent(List.of(format.shape()), new Way.Items(format));
                case Form.Sections _ -> ways.put(form, new Way.Sections());
                case Form.Within _ -> ways.put(form, new Way.Within());
                case Form.Nothing _ -> ways.put(form, new Way.Nothing());
            }
        }
        return new Key(
                name,
                List.copyOf(ways.values()),
                otherwise.size() == 1 ? otherwise.iterator().next() : Optional.empty(),
                required >= readings);
    }

    /** How a value would be written; empty where there is no way. */
    static Optional<String> written(Format<?> format, Object value) {
        List<String> ways = new ArrayList<>(words(format.shape()));
        switch (value) {
            case Duration time -> ways.add(Durations.text(time));
            case Long bytes -> ways.add(Sizes.text(bytes));
            default -> ways.add(String.valueOf(value));
        }
        if (format.shape() instanceof Shape.Percent) {
            ways.add(value + "%");
        }
        return ways.stream()
                .filter(
                        text ->
                                format.parse(text) instanceof Parsed.Ok<?>(var read)
                                        && read.equals(value))
                .findFirst();
    }

    static List<String> words(Shape shape) {
        return switch (shape) {
            case Shape.Choice(var words) -> words;
            case Shape.Either(var shapes) ->
                    shapes.stream().flatMap(s -> words(s).stream()).toList();
            default -> List.of();
        };
    }
}
