package buoy.daemon.imports.draft;

import buoy.config.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of a line by its keyword alone. */
public sealed interface Fate {
    /** Some part of the import reads it, and says what it cannot carry over. */
    record Read() implements Fate {}

    /** Buoy does so of itself, or has no use for it. */
    record Nothing() implements Fate {}

    /** Nothing to write either, but to know. */
    record Note(String text) implements Fate {}

    /** It is not carried over. */
    record Left(String what, String instead) implements Fate {}

    /** Keywords have at most as many words. */
    int LONGEST = 3;

    /**
     * A table of keywords.
     *
     * @param text of lines {@code keyword | + read, = nothing to do, note TEXT or WHAT / INSTEAD}
     */
    static Map<String, Fate> table(String text) {
        Map<String, Fate> table = new LinkedHashMap<>();
        text.lines()
                .forEach(
                        row -> {
                            int bar = row.indexOf(" | ");
                            table.put(row.substring(0, bar), of(row.substring(bar + 3)));
                        });
        return table;
    }

    private static Fate of(String text) {
        if (text.equals("+")) {
            return new Read();
        }
        if (text.equals("=")) {
            return new Nothing();
        }
        if (text.startsWith("note ")) {
            return new Note(text.substring("note ".length()));
        }
        int slash = text.indexOf(" / ");
        return new Left(text.substring(0, slash), text.substring(slash + 3));
    }

    /** The longest keyword of the table that these words begin with counts. */
    static Optional<Fate> find(Map<String, Fate> table, List<String> words) {
        for (int count = LONGEST; count > 0; count--) {
            if (words.size() >= count) {
                Fate fate = table.get(String.join(" ", words.subList(0, count)));
                if (fate != null) {
                    return Optional.of(fate);
                }
            }
        }
        // A family such as tune.* stands in the table as far as all of it is the same.
        return table.entrySet().stream()
                .filter(e -> e.getKey().matches(".*[._-]"))
                .filter(e -> words.getFirst().startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * Says it of a line.
     *
     * @param fate empty where the keyword is not known
     * @param see where to look for what there is
     */
    static void say(Remarks remarks, Mark at, List<String> words, Optional<Fate> fate, String see) {
        switch (fate.orElse(null)) {
            case null ->
                    remarks.left(
                            at,
                            "%s is no keyword that is known"
                                    .formatted(Text.shown(words.getFirst())),
                            see);
            case Read() -> {
                // By whom it concerns.
            }
            case Nothing() -> {
                // Buoy does so of itself, or has no use for it.
            }
            case Note(var text) -> remarks.note(at, text);
            case Left(var what, var instead) ->
                    remarks.left(
                            at,
                            "%s: %s".formatted(Text.shown(String.join(" ", words)), what),
                            instead);
        }
    }
}
