package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The parser: lines of words (HAProxy's configuration manual, 2.1 and 2.2). A word ends at white
 * space, {@code #} begins a comment; a backslash, double and single quotes take that away.
 *
 * <p>Variables of the environment in double quotes stay as they are: what they are worth is not in
 * the file.
 */
final class HaproxyFile {
    /** Sections that have a name behind them. */
    static final Set<String> SECTIONS =
            Set.of(
                    "global",
                    "defaults",
                    "frontend",
                    "backend",
                    "listen",
                    "userlist",
                    "peers",
                    "resolvers",
                    "mailers",
                    "cache",
                    "program",
                    "http-errors",
                    "ring",
                    "log-forward",
                    "log-profile",
                    "fcgi-app",
                    "crt-store",
                    "acme",
                    "traces");

    /** As many as HAProxy takes on one line (MAX_LINE_ARGS). */
    private static final int MOST_WORDS = 64;

    private static final int LONGEST_LINE = 16 << 10;
    private static final int MOST_LINES = 200_000;

    private final String file;
    private final List<Block> blocks = new ArrayList<>();

    private HaproxyFile(String file) {
        this.file = file;
    }

    static List<Block> parse(String file, String text) throws Unparsable {
        HaproxyFile parser = new HaproxyFile(file);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (number > MOST_LINES) {
                throw new Unparsable(file, number, 1, "more than " + MOST_LINES + " lines");
            }
            List<String> words = parser.words(strip(line), number);
            if (!words.isEmpty()) {
                parser.add(new Line(new Mark(file, number), words));
            }
        }
        return parser.blocks;
    }

    /** A carriage return before the line's end is no part of it. */
    private static String strip(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void add(Line line) throws Unparsable {
        String keyword = line.keyword();
        if (SECTIONS.contains(keyword) && !isKeywordWithin(line)) {
            blocks.add(
                    new Block(
                            line.at(),
                            keyword,
                            keyword.equals("global") ? "" : line.word(1),
                            line.from(2),
                            new ArrayList<>()));
        } else if (keyword.startsWith(".")) {
            throw new Unparsable(
                    file,
                    line.at().line(),
                    1,
                    "%s decides while HAProxy starts what is in the file (import it with what it decides written out)"
                            .formatted(Text.shown(keyword)));
        } else if (blocks.isEmpty()) {
            throw new Unparsable(
                    file,
                    line.at().line(),
                    1,
                    "%s stands before any section (global, defaults, frontend, backend or listen come first)"
                            .formatted(Text.shown(keyword)));
        } else {
            blocks.getLast().lines().add(line);
        }
    }

    /** In a few sections words that are sections elsewhere are keywords. */
    private boolean isKeywordWithin(Line line) {
        return !blocks.isEmpty() && line.is("acme") && blocks.getLast().kind().equals("crt-store");
    }

    private List<String> words(String line, int number) throws Unparsable {
        if (line.length() > LONGEST_LINE) {
            throw new Unparsable(
                    file, number, LONGEST_LINE, "a line of more than 16 KiB is none of HAProxy's");
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c == '#') {
                break;
            }
            if (c == ' ' || c == '\t') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                i++;
                continue;
            }
            inWord = true;
            switch (c) {
                case '\\' -> i = escape(line, i, word);
                case '"' -> i = doubleQuoted(line, i, word, number);
                case '\'' -> i = singleQuoted(line, i, word, number);
                default -> {
                    word.append(c);
                    i++;
                }
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (words.size() > MOST_WORDS * 4) {
            throw new Unparsable(
                    file, number, 1, "a line of more than " + MOST_WORDS * 4 + " words");
        }
        return words;
    }

    /** Adds what a backslash stands for, and says where to go on. */
    private static int escape(String line, int at, StringBuilder word) {
        if (at + 1 >= line.length()) {
            word.append('\\');
            return at + 1;
        }
        char next = line.charAt(at + 1);
        switch (next) {
            case ' ', '\\', '#', '"', '\'' -> word.append(next);
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'x' -> {
                if (at + 3 < line.length()
                        && Character.digit(line.charAt(at + 2), 16) >= 0
                        && Character.digit(line.charAt(at + 3), 16) >= 0) {
                    word.append((char) Integer.parseInt(line.substring(at + 2, at + 4), 16));
                    return at + 4;
                }
                word.append("\\x");
            }
            default -> word.append('\\').append(next);
        }
        return at + 2;
    }

    private int doubleQuoted(String line, int start, StringBuilder word, int number)
            throws Unparsable {
        int i = start + 1;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\' && i + 1 < line.length()) {
                char next = line.charAt(i + 1);
                if (next == '"' || next == '\\' || next == '$') {
                    word.append(next);
                    i += 2;
                } else {
                    i = escape(line, i, word);
                }
                continue;
            }
            word.append(c);
            i++;
        }
        throw new Unparsable(file, number, start + 1, "a double quote that is not closed");
    }

    private int singleQuoted(String line, int start, StringBuilder word, int number)
            throws Unparsable {
        int end = line.indexOf('\'', start + 1);
        if (end < 0) {
            throw new Unparsable(file, number, start + 1, "a single quote that is not closed");
        }
        word.append(line, start + 1, end);
        return end + 1;
    }
}
