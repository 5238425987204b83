package buoy.config;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;

/**
 * A YAML document as values with places, aliases already followed. Keys of a mapping are unique.
 */
public sealed interface Tree {
    Place place();

    /** What it is, in words for a message. */
    String kind();

    /**
     * A single value.
     *
     * @param plain written without quotes
     */
    record Scalar(String text, boolean plain, Place place) implements Tree {
        /** Nothing, as YAML writes it: left out, {@code null} or {@code ~}. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("null") || text.equals("~"));
        }

        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** {@code [a, b]}, or lines that start with a dash. */
    record Sequence(List<Tree> items, Place place) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * {@code {key: value}}, or lines of that kind.
     *
     * @param entries by key, in the order of the file. Not copied, as a pool may have ten thousand
     *     servers: whoever made the map does not change it any more
     */
    record Mapping(SequencedMap<String, Entry> entries, Place place) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableSequencedMap(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A value that a problem was already recorded for. */
    record Unknown(Place place) implements Tree {
        @Override
        public String kind() {
            return "nothing";
        }
    }

    /** One key of a mapping, with the place of the key. */
    record Entry(String key, Place place, Tree value) {}
}
