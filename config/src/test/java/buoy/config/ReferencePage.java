package buoy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/configuration.md}: what it says of each key. A mark {@code <!-- keys: SECTION -->}
 * says which sections are told of from there to the next mark or heading. A section without a mark
 * is told of where its key is.
 */
final class ReferencePage {
    private static final Pattern MARK = Pattern.compile("<!-- keys: (.+) -->");
    private static final String END = "<!-- end of keys -->";

    /** What stands about a key: in a row of its own, or among others. */
    record Said(String key, Optional<String> otherwise, String meaning) {}

    private final Map<String, List<String>> scopes = new LinkedHashMap<>();

    private ReferencePage() {}

    static ReferencePage read() throws IOException {
        ReferencePage page = new ReferencePage();
        List<List<String>> scope = List.of();
        boolean fenced = false;
        for (String line :
                Files.readAllLines(
                        Path.of(System.getProperty("buoy.root"), "docs/configuration.md"))) {
            Matcher mark = MARK.matcher(line);
            fenced ^= line.startsWith("```");
            if (mark.matches()) {
                scope = new ArrayList<>();
                for (String section : mark.group(1).split(" ", -1)) {
                    scope.add(
                            page.scopes.computeIfAbsent(
                                    section.equals("/") ? "" : section, _ -> new ArrayList<>()));
                }
            } else if (!fenced && (line.startsWith("#") || line.equals(END))) {
                scope = List.of();
            } else if (!fenced && !line.startsWith("```")) {
                scope.forEach(each -> each.add(line));
            }
        }
        return page;
    }

    /** Sections that are marked. */
    java.util.Set<String> sections() {
        return scopes.keySet();
    }

    /** Keys that have a row in the tables of a section. */
    List<String> rows(String section) {
        return lines(section).stream()
                .filter(line -> isRow(line))
                .flatMap(line -> names(cells(line).getFirst()).stream())
                .toList();
    }

    private List<String> lines(String section) {
        return Objects.requireNonNullElse(scopes.get(section), List.of());
    }

    /** What is said of a key. */
    Optional<Said> of(String section, String key) {
        for (String at : List.of(section, section.replaceAll("\\{[^}]*}", ""))) {
            if (scopes.containsKey(at)) {
                Optional<Said> said =
                        row(lines(at), key).or(() -> among(String.join("\n", lines(at)), key));
                if (said.isPresent()) {
                    return said;
                }
            }
        }
        return around(section).flatMap(text -> among(text, key));
    }

    /** What is said of the key that the section is the value of. */
    private Optional<String> around(String section) {
        String plain = section.replaceAll("\\{[^}]*}$", "").replaceAll("\\[]$", "");
        int dot = lastDot(plain);
        String key = plain.substring(dot + 1);
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        String parent = dot < 0 ? "" : plain.substring(0, dot);
        return key.equals("*") ? around(parent) : of(parent, key).map(Said::meaning);
    }

    private static int lastDot(String path) {
        String hidden = path;
        for (Matcher m = Pattern.compile("\\{[^}]*}").matcher(path); m.find(); ) {
            hidden = hidden.replace(m.group(), "_".repeat(m.group().length()));
        }
        return hidden.lastIndexOf('.');
    }

    private static Optional<Said> row(List<String> lines, String key) {
        boolean defaults = false;
        for (String line : lines) {
            if (!line.startsWith("|")) {
                continue;
            }
            List<String> cells = cells(line);
            if (!isRow(line)) {
                defaults |= cells.size() > 2 && cells.get(1).equals("default");
                continue;
            }
            List<String> names = names(cells.getFirst());
            int index = names.indexOf(key);
            if (index >= 0) {
                List<String> values = values(defaults ? cells.get(1) : "");
                boolean each = names.size() > 1 && values.size() == names.size();
                return Optional.of(
                        new Said(
                                key,
                                defaults
                                        ? Optional.of(each ? values.get(index) : cells.get(1))
                                        : Optional.empty(),
                                cells.getLast()));
            }
        }
        return Optional.empty();
    }

    /** From where a key is named first to where the next thing begins. */
    private static Optional<Said> among(String text, String key) {
        Matcher named =
                Pattern.compile(
                                "`\\{?"
                                        + Pattern.quote(key)
                                        + "(`|: [^`]*`)( \\((required|`([^`]*)`))?")
                        .matcher(text);
        if (!named.find()) {
            return Optional.empty();
        }
        String rest = text.substring(named.start());
        Matcher end = Pattern.compile("[;.\\n] *(?=`|- `|\\n|\\|)|\\.( |$)").matcher(rest);
        String piece = end.find(1) ? rest.substring(0, end.start()) : rest;
        return Optional.of(new Said(key, Optional.ofNullable(named.group(4)), piece.strip()));
    }

    private static boolean isRow(String line) {
        return line.startsWith("| `") || line.startsWith("| [`");
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        for (String cell : row.strip().replaceAll("^\\||\\|$", "").split("\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    private static List<String> names(String cell) {
        return values(cell);
    }

    private static List<String> values(String cell) {
        return Pattern.compile("`([^`]*)`").matcher(cell).results().map(m -> m.group(1)).toList();
    }

    /** For who hovers over the key. */
    String describe(String section, KnownKeys.Key key) {
        if (key.name().equals("*")) {
            return "";
        }
        String meaning = of(section, key.name()).map(Said::meaning).orElse("");
        String plain = meaning.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("\n", " ");
        String bounds =
                String.join(
                        "; ",
                        key.ways().stream().map(Values::bounds).filter(s -> !s.isEmpty()).toList());
        String end = bounds.isEmpty() ? "" : "\n\n" + bounds;
        return (plain + end).strip();
    }
}
