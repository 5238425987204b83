package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All lines of a file, those of files that it includes in their place. As in keepalived, neither
 * {@code @host} nor {@code $NAME} counts before {@code include}.
 */
final class Rows {
    static final int MOST = 200_000;

    private static final int LONGEST = 16 << 10;
    private static final int DEEPEST = 8;
    private static final int MOST_FILES = 256;

    private static final Pattern INCLUDE = Pattern.compile("include[rmwba]?\\s+(\\S.*)");

    private final Remarks remarks;
    private final Surroundings surroundings;
    private final List<Row> rows = new ArrayList<>();
    private int files;

    private Rows(Remarks remarks, Surroundings surroundings) {
        this.remarks = remarks;
        this.surroundings = surroundings;
    }

    static List<Row> read(String file, String text, Remarks remarks, Surroundings surroundings)
            throws Unparsable {
        Rows rows = new Rows(remarks, surroundings);
        rows.add(file, text, 0);
        return rows.rows;
    }

    private void add(String file, String text, int depth) throws Unparsable {
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.length() > LONGEST) {
                throw new Unparsable(file, number, LONGEST, "a line of more than 16 KiB");
            }
            String row = withoutComment(line).strip();
            Mark at = new Mark(file, number);
            Matcher include = INCLUDE.matcher(row);
            if (include.matches()) {
                include(at, unquoted(include.group(1)), depth);
            } else if (!row.isEmpty()) {
                rows.add(new Row(at, row));
            }
            if (rows.size() > MOST) {
                throw new Unparsable(file, number, 1, "more than " + MOST + " lines in all");
            }
        }
    }

    private void include(Mark at, String pattern, int depth) throws Unparsable {
        if (depth >= DEEPEST) {
            throw new Unparsable(
                    at.file(),
                    at.line(),
                    1,
                    "files that include one another more than %d deep".formatted(DEEPEST));
        }
        String path = pattern.startsWith("/") ? pattern : directory(at.file()) + "/" + pattern;
        boolean one = !Pattern.compile("[*?\\[{]").matcher(path).find();
        List<String> found = one ? List.of(path) : surroundings.matching(path);
        boolean any = false;
        for (String each : found) {
            if (++files > MOST_FILES) {
                throw new Unparsable(
                        at.file(), at.line(), 1, "more than %d files".formatted(MOST_FILES));
            }
            Optional<String> text = surroundings.read(each);
            if (text.isPresent()) {
                any = true;
                add(each, text.get(), depth + 1);
            }
        }
        if (!any) {
            remarks.left(
                    at,
                    "include %s: no such file can be read here".formatted(Text.shown(pattern)),
                    "import where the files are");
        }
    }

    static String directory(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "" : file.substring(0, slash);
    }

    private static String unquoted(String word) {
        return word.length() > 1 && word.startsWith("\"") && word.endsWith("\"")
                ? word.substring(1, word.length() - 1)
                : word;
    }

    /** {@code !} and {@code #} begin comments, anywhere but in double quotes. */
    private static String withoutComment(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            switch (line.charAt(i)) {
                case '\\' -> i++;
                case '"' -> quoted = !quoted;
                case '!', '#' -> {
                    if (!quoted) {
                        return line.substring(0, i);
                    }
                }
                default -> {
                    // as any other
                }
            }
        }
        return line;
    }
}
