package buoy.daemon.imports.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of the configuration that is being made, and the line that it stands for. */
public sealed interface Node {
    Mark from();

    /** A word, number, duration, size, true or false: never in quotes. */
    static Scalar word(Mark from, Object value) {
        return new Scalar(from, String.valueOf(value), true);
    }

    /** A text: in quotes where YAML would read it as something else. */
    static Scalar text(Mark from, String value) {
        return new Scalar(from, value, false);
    }

    /**
     * A text or a word.
     *
     * @param word whether it means the same without quotes by its nature
     */
    record Scalar(Mark from, String text, boolean word) implements Node {}

    /** A list. */
    final class Items implements Node {
        private final Mark from;
        private final List<Node> nodes = new ArrayList<>();

        public Items(Mark from) {
            this.from = from;
        }

        /** Of texts. */
        public static Items texts(Mark from, Iterable<String> texts) {
            Items items = new Items(from);
            texts.forEach(t -> items.add(text(from, t)));
            return items;
        }

        public Items add(Node node) {
            nodes.add(node);
            return this;
        }

        public List<Node> nodes() {
            return nodes;
        }

        @Override
        public Mark from() {
            return from;
        }
    }

    /** Keys with values, in the order in which they were put; each with comments above it. */
    final class Mapping implements Node {
        private final Mark from;
        private final Map<String, Node> entries = new LinkedHashMap<>();
        private final Map<String, List<String>> comments = new LinkedHashMap<>();

        public Mapping(Mark from) {
            this.from = from;
        }

        public Mapping put(String key, Node value) {
            entries.put(key, value);
            return this;
        }

        public Mapping word(String key, Mark at, Object value) {
            return put(key, Node.word(at, value));
        }

        public Mapping text(String key, Mark at, String value) {
            return put(key, Node.text(at, value));
        }

        /** The mapping at a key, which is made where there is none. */
        public Mapping within(String key, Mark at) {
            if (entries.get(key) instanceof Mapping present) {
                return present;
            }
            Mapping made = new Mapping(at);
            entries.put(key, made);
            return made;
        }

        public Mapping comment(String key, String comment) {
            comments.computeIfAbsent(key, _ -> new ArrayList<>()).add(comment);
            return this;
        }

        public List<String> comments(String key) {
            return comments.getOrDefault(key, List.of());
        }

        public Map<String, Node> entries() {
            return entries;
        }

        public Optional<Node> get(String key) {
            return Optional.ofNullable(entries.get(key));
        }

        public boolean has(String key) {
            return entries.containsKey(key);
        }

        public boolean isEmpty() {
            return entries.isEmpty();
        }

        public void remove(String key) {
            entries.remove(key);
        }

        @Override
        public Mark from() {
            return from;
        }
    }
}
