package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The parser: a statement ends with its line, or where a brace opens or closes a block
 * (keepalived.conf(5), "Configuration parser" and "Quoted strings").
 */
final class StatementParser {
    private static final int DEEPEST = 16;
    private static final int MOST_WORDS = 512;

    /** A block that is not closed yet; the file itself has no words. */
    private record Open(Mark at, List<String> words, List<Statement> block) {}

    private final Deque<Open> open = new ArrayDeque<>();

    private StatementParser(Mark start) {
        open.push(new Open(start, List.of(), new ArrayList<>()));
    }

    static List<Statement> parse(String file, List<Row> rows) throws Unparsable {
        StatementParser parser = new StatementParser(new Mark(file, 1));
        for (Row row : rows) {
            parser.row(row);
        }
        if (parser.open.size() > 1) {
            throw wrong(parser.open.peek().at(), "a { that is never closed");
        }
        return parser.open.pop().block();
    }

    private void row(Row row) throws Unparsable {
        List<String> words = new ArrayList<>();
        for (Word word : words(row)) {
            switch (word.brace()) {
                case '{' -> {
                    opened(row.at(), words);
                    words = new ArrayList<>();
                }
                case '}' -> {
                    ended(row.at(), words);
                    words = new ArrayList<>();
                    closed(row.at());
                }
                default -> words.add(word.text());
            }
            if (words.size() > MOST_WORDS) {
                throw wrong(row.at(), "a line of more than %d words".formatted(MOST_WORDS));
            }
        }
        ended(row.at(), words);
    }

    private void ended(Mark at, List<String> words) {
        if (!words.isEmpty()) {
            open.element().block().add(new Statement(at, List.copyOf(words), List.of()));
        }
    }

    /** The brace may stand on a line of its own: it belongs to the statement before. */
    private void opened(Mark at, List<String> words) throws Unparsable {
        if (open.size() > DEEPEST) {
            throw wrong(at, "blocks more than %d deep".formatted(DEEPEST));
        }
        List<Statement> before = open.element().block();
        if (!words.isEmpty()) {
            open.push(new Open(at, List.copyOf(words), new ArrayList<>()));
        } else if (!before.isEmpty() && before.getLast().block().isEmpty()) {
            Statement owner = before.removeLast();
            open.push(new Open(owner.at(), owner.words(), new ArrayList<>()));
        } else {
            throw wrong(at, "a { that belongs to no keyword");
        }
    }

    private void closed(Mark at) throws Unparsable {
        if (open.size() < 2) {
            throw wrong(at, "a } that closes nothing");
        }
        Open block = open.pop();
        open.element()
                .block()
                .add(new Statement(block.at(), block.words(), List.copyOf(block.block())));
    }

    private static Unparsable wrong(Mark at, String why) {
        return new Unparsable(at.file(), at.line(), 1, why);
    }

    /**
     * @param brace which one it is, or 0
     */
    private record Word(String text, char brace) {}

    private static List<Word> words(Row row) throws Unparsable {
        List<Word> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean plain = true;
        char quote = 0;
        String text = row.text() + " ";
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 2 < text.length()) {
                // Before other characters it only takes their meaning away.
                char next = text.charAt(++i);
                word.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
                inWord = true;
                plain = false;
            } else if (quote != 0) {
                // Single quotes within double ones are kept: a script's words are told apart by
                // them.
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
                plain = false;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    add(words, word.toString(), plain);
                }
                word.setLength(0);
                inWord = false;
                plain = true;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw wrong(row.at(), "a quote that is not closed");
        }
        return words;
    }

    /** Braces need no space around them; those of an unknown parameter are none. */
    private static void add(List<Word> words, String text, boolean plain) {
        int from = 0;
        int to = text.length();
        while (plain && from < to && (text.charAt(from) == '{' || text.charAt(from) == '}')) {
            words.add(new Word("", text.charAt(from++)));
        }
        while (plain && to > from && isBrace(text, to - 1) && text.indexOf("${") < 0) {
            to--;
        }
        if (to > from || text.isEmpty()) {
            words.add(new Word(text.substring(from, to), (char) 0));
        }
        for (int i = to; i < text.length(); i++) {
            words.add(new Word("", text.charAt(i)));
        }
    }

    private static boolean isBrace(String text, int at) {
        return text.charAt(at) == '{' || text.charAt(at) == '}';
    }
}
