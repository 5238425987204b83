package buoy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Bytes to {@link Tree}: the only class that sees SnakeYAML. It reads the parser's events rather
 * than composed nodes, so that depth, aliases and repeated keys are judged before anything is
 * built. Whatever the bytes are, the answer is a tree or a problem, never an exception.
 *
 * <p>Longer than other files, because SnakeYAML is to be seen in one file alone.
 */
final class Document {
    /** Bytes of a file at most. */
    static final int MAX_BYTES = 1 << 20;

    /** Mappings and lists within each other at most; the schema needs 6. */
    static final int MAX_DEPTH = 32;

    /** Values at most after aliases were followed: a bound for alias bombs. */
    static final int MAX_VALUES = 100_000;

    private static final String YAML = "yaml";

    /** A value with the count of values in it. */
    private record Anchored(Tree tree, int values) {}

    /**
     * The text, with one mark for each place: the scanner asks for that of a key four times, and
     * marks were a quarter of the memory that reading a file took.
     */
    private static final class Characters extends StreamReader {
        private Mark last = super.getMark();

        Characters(String text) {
            super(text);
        }

        @Override
        public Mark getMark() {
            if (last.getIndex() != getIndex()) {
                last = super.getMark();
            }
            return last;
        }
    }

    /** Leaves the recursion with a problem already recorded. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused() {
            super(null, null, false, false);
        }
    }

    private final String file;
    private final Problems problems;
    private final ParserImpl events;
    private final Map<String, Optional<Anchored>> anchors = new HashMap<>();
    private int values;

    private Document(String file, String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        this.file = file;
        this.problems = problems;
        this.events = new ParserImpl(new Characters(text), options);
    }

    /** The one document in {@code bytes}; empty when a problem was recorded instead. */
    static Optional<Tree> parse(String file, byte[] bytes, Problems problems) {
        problems.enter(file);
        Optional<String> text = Utf8.decode(file, bytes, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Document(file, text.get(), problems).document());
        } catch (Refused _) {
            return Optional.empty();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            Place place = mark == null ? Place.start(file) : place(file, mark);
            String what = e.getProblem() != null ? e.getProblem() : "is not YAML";
            String within = e.getContext() != null ? " " + e.getContext() : "";
            problems.reject(place, YAML, Text.oneLine(what + within));
            return Optional.empty();
        } catch (YAMLException | IllegalArgumentException e) {
            // Without a mark: the scanner lets a few conversions of its own (escapes) escape.
            problems.reject(
                    Place.start(file),
                    YAML,
                    Text.oneLine("is not YAML: " + String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private Tree document() throws Refused {
        events.getEvent(); // the start of the stream
        if (events.peekEvent() instanceof StreamEndEvent) {
            throw refuse(Place.start(file), "file", "is empty");
        }
        expect(DocumentStartEvent.class);
        Tree root = value(new Trail.Root(), 0);
        expect(DocumentEndEvent.class);
        if (!(events.peekEvent() instanceof StreamEndEvent)) {
            throw refuse(
                    place(file, events.peekEvent().getStartMark()),
                    YAML,
                    "a second document starts here (one file is one document: remove the ---)");
        }
        return root;
    }

    private void expect(Class<? extends Event> type) {
        Event event = events.getEvent();
        if (!type.isInstance(event)) {
            throw new IllegalStateException("expected " + type.getSimpleName() + ", got " + event);
        }
    }

    private Tree value(Trail path, int depth) throws Refused {
        Event event = events.getEvent();
        Place place = place(file, event.getStartMark());
        if (depth > MAX_DEPTH) {
            throw refuse(place, YAML, "is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return follow(alias.getAnchor(), place, path);
        }
        int before = values;
        count(1, place);
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, Optional.empty());
        }
        Tree tree =
                switch (event) {
                    case ScalarEvent scalar -> {
                        refuseTag(scalar.getTag(), place, path);
                        yield new Tree.Scalar(scalar.getValue(), scalar.isPlain(), place);
                    }
                    case SequenceStartEvent sequence -> {
                        refuseTag(sequence.getTag(), place, path);
                        yield sequence(path, depth, place);
                    }
                    case MappingStartEvent mapping -> {
                        refuseTag(mapping.getTag(), place, path);
                        yield mapping(path, depth, place);
                    }
                    default -> throw new IllegalStateException("unexpected " + event);
                };
        if (anchor != null) {
            anchors.put(anchor, Optional.of(new Anchored(tree, values - before)));
        }
        return tree;
    }

    private Tree sequence(Trail path, int depth, Place place) throws Refused {
        List<Tree> items = new ArrayList<>();
        while (!(events.peekEvent() instanceof SequenceEndEvent)) {
            items.add(value(path.item(items.size()), depth + 1));
        }
        events.getEvent();
        return new Tree.Sequence(items, place);
    }

    private Tree mapping(Trail path, int depth, Place place) throws Refused {
        SequencedMap<String, Tree.Entry> entries = new LinkedHashMap<>();
        while (!(events.peekEvent() instanceof MappingEndEvent)) {
            Tree key = value(path, depth + 1);
            if (!(key instanceof Tree.Scalar scalar)) {
                throw refuse(
                        key.place(),
                        shown(path),
                        "a key is " + key.kind() + " (quote what starts with [ or {)");
            }
            String name = scalar.text();
            Trail childPath = path.key(name);
            Tree value = value(childPath, depth + 1);
            if (name.equals("<<") && scalar.plain()) {
                problems.reject(
                        scalar.place(),
                        childPath.toString(),
                        "merge keys are not used here (write the keys out, or alias one value)");
                continue;
            }
            Tree.Entry first =
                    entries.putIfAbsent(name, new Tree.Entry(name, scalar.place(), value));
            if (first != null) {
                problems.reject(
                        scalar.place(),
                        childPath.toString(),
                        "is given twice, first in line " + first.place().line() + " (remove one)");
            }
        }
        events.getEvent();
        return new Tree.Mapping(entries, place);
    }

    private Tree follow(String anchor, Place place, Trail path) throws Refused {
        Optional<Anchored> target = anchors.get(anchor);
        if (target == null) {
            throw refuse(place, shown(path), "*" + Text.shown(anchor) + " has no anchor before it");
        }
        if (target.isEmpty()) {
            throw refuse(place, shown(path), "*" + Text.shown(anchor) + " contains itself");
        }
        count(target.get().values(), place);
        return target.get().tree();
    }

    private void count(int more, Place place) throws Refused {
        values += more;
        if (values > MAX_VALUES) {
            throw refuse(place, YAML, "has more than " + MAX_VALUES + " values, aliases followed");
        }
    }

    private void refuseTag(String tag, Place place, Trail path) {
        if (tag != null) {
            problems.reject(
                    place, shown(path), "tags such as " + Text.shown(tag) + " are not used here");
        }
    }

    /** What is wrong with the outermost value is wrong with the document. */
    private static String shown(Trail path) {
        return path instanceof Trail.Root ? YAML : path.toString();
    }

    private Refused refuse(Place place, String path, String message) {
        problems.reject(place, path, message);
        return new Refused();
    }

    private static Place place(String file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
