package buoy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which keys a configuration has, and whether their values are the same as another's: what is kept
 * of the text of a running one, so that a reload can tell what changed. Values are not kept: there
 * are secrets among them.
 *
 * @param keys those below this one, in the order of the file
 * @param digest of the value, with all that is below
 */
public record Outline(List<Key> keys, long digest) {
    /** Of a value that is null, however it is written. */
    private static final long NULL = 4;

    /** Of nothing. */
    public static final Outline EMPTY = new Outline(List.of(), 0);

    /** One of them; items of a list are {@code [0]}, {@code [1]}. */
    public record Key(String name, Outline value) {}

    /** What is different in the later of two configurations, with the path of its key. */
    public record Change(String path, Kind kind) {
        /** How. */
        public enum Kind {
            ADDED,
            REMOVED,
            CHANGED
        }

        @Override
        public String toString() {
            return path + ": " + kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a file, with what it includes, as it is meant on one host. */
    static Outline of(Tree tree) {
        return switch (tree) {
            case Tree.Scalar scalar ->
                    new Outline(List.of(), scalar.isNull() ? NULL : hash(1, scalar.text()));
            case Tree.Unknown _ -> EMPTY;
            case Tree.Mapping(var entries, Place _) -> {
                List<Key> keys = new ArrayList<>(entries.size());
                long digest = 2;
                for (Tree.Entry entry : entries.values()) {
                    Outline below = of(entry.value());
                    keys.add(new Key(entry.key(), below));
                    digest = mix(hash(digest, entry.key()), below.digest);
                }
                yield new Outline(keys, digest);
            }
            case Tree.Sequence(List<Tree> items, Place _) -> {
                List<Outline> all = items.stream().map(Outline::of).toList();
                long digest = 3;
                List<Key> keys = new ArrayList<>();
                // Which of several values has changed is of no use: the list has.
                boolean plain = items.stream().allMatch(Tree.Scalar.class::isInstance);
                for (int i = 0; i < all.size(); i++) {
                    digest = mix(digest, all.get(i).digest);
                    if (!plain) {
                        keys.add(new Key("[" + i + "]", all.get(i)));
                    }
                }
                yield new Outline(keys, digest);
            }
        };
    }

    /** What is different in a later one, in its order; what was removed comes last. */
    public List<Change> changesTo(Outline later) {
        List<Change> changes = new ArrayList<>();
        collect("", this, later, changes);
        return changes;
    }

    private static void collect(String path, Outline before, Outline after, List<Change> changes) {
        if (before.digest == after.digest) {
            return;
        }
        if (before.keys.isEmpty() || after.keys.isEmpty()) {
            changes.add(new Change(path, Change.Kind.CHANGED));
            return;
        }
        Map<String, Outline> gone = new LinkedHashMap<>();
        before.keys.forEach(key -> gone.put(key.name(), key.value()));
        for (Key key : after.keys) {
            Outline was = gone.remove(key.name());
            String at = below(path, key.name());
            if (was == null) {
                changes.add(new Change(at, Change.Kind.ADDED));
            } else {
                collect(at, was, key.value(), changes);
            }
        }
        gone.keySet()
                .forEach(key -> changes.add(new Change(below(path, key), Change.Kind.REMOVED)));
    }

    private static String below(String path, String key) {
        return path.isEmpty() || key.startsWith("[") ? path + key : path + "." + key;
    }

    private static long hash(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x9E3779B97F4A7C15L + text.charAt(i);
        }
        return mix(hash, text.length());
    }

    /** MurmurHash3's finalizer over both: not against an enemy, who would write the file anyway. */
    private static long mix(long hash, long value) {
        long mixed = hash * 31 + value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
