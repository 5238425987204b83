package buoy.config;

import java.util.List;

/** Commands with their arguments: {@code [/usr/local/bin/check, --fast]}. No shell reads them. */
final class Commands {
    private static final int MAX_ARGUMENT = 4096;

    private Commands() {}

    /** The words of a command; empty where the key is absent or something is wrong. */
    static List<String> read(Section s, String key) {
        List<Section.Item<String>> words = s.list(key, Commands::word);
        if (s.isEmptyList(key)) {
            s.reject(key, "must have at least one item");
        }
        if (words.isEmpty()) {
            return List.of();
        }
        Section.Item<String> program = words.getFirst();
        if (Names.path(program.value()) instanceof Parsed.Wrong<?>(String why)) {
            s.problems().reject(program.place(), program.path(), why);
            return List.of();
        }
        return words.stream().map(Section.Item::value).toList();
    }

    private static Parsed<String> word(String text) {
        return text.length() > MAX_ARGUMENT || text.indexOf('\0') >= 0
                ? Parsed.wrong(
                        "must be at most %d characters, none of them NUL".formatted(MAX_ARGUMENT))
                : Parsed.ok(text);
    }
}
