package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayList;
import java.util.List;

/**
 * The parser: words that white space ends, of which a semicolon or a block makes a directive.
 * Quotes at a word's beginning and backslashes take the meaning from what they hold; {@code #}
 * where a word could begin is a comment.
 */
final class NginxFile {
    /** As much as NGINX takes for one word (NGX_CONF_BUFFER). */
    private static final int LONGEST_WORD = 4096;

    private static final int MOST_WORDS = 2000;
    private static final int DEEPEST = 32;
    private static final int MOST_DIRECTIVES = 200_000;

    private final String file;
    private final String text;
    private int place;
    private int line = 1;
    private int lineStart;
    private int directives;

    private NginxFile(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static List<Directive> parse(String file, String text) throws Unparsable {
        // A byte order mark is passed over, as NGINX does.
        return new NginxFile(file, text.startsWith("\ufeff") ? text.substring(1) : text).block(0);
    }

    private List<Directive> block(int depth) throws Unparsable {
        if (depth > DEEPEST) {
            throw wrong("blocks in more than %d others".formatted(DEEPEST));
        }
        List<Directive> all = new ArrayList<>();
        List<String> words = new ArrayList<>();
        int first = line;
        int column = 1;
        while (true) {
            space();
            if (place >= text.length()) {
                if (!words.isEmpty()) {
                    throw wrong("the file ends within a directive (end it with ;)");
                }
                if (depth > 0) {
                    throw wrong("the file ends within a block (end it with })");
                }
                return all;
            }
            char c = text.charAt(place);
            if (c != ';' && c != '{' && c != '}') {
                if (words.isEmpty()) {
                    first = line;
                    column = place - lineStart + 1;
                }
                words.add(word());
                if (words.size() > MOST_WORDS) {
                    throw wrong("a directive of more than %d words".formatted(MOST_WORDS));
                }
                continue;
            }
            if (c == '}') {
                if (!words.isEmpty()) {
                    throw wrong(
                            "%s has no end (write ; behind it)"
                                    .formatted(Text.shown(words.getFirst())));
                }
                if (depth == 0) {
                    throw wrong("} without a block that it ends");
                }
                place++;
                return all;
            }
            if (words.isEmpty()) {
                throw wrong("%s without a directive before it".formatted(c));
            }
            if (++directives > MOST_DIRECTIVES) {
                throw wrong("more than %d directives".formatted(MOST_DIRECTIVES));
            }
            place++;
            String name = words.getFirst();
            List<Directive> block = List.of();
            if (c == '{') {
                if (name.endsWith("_by_lua_block")) {
                    foreign();
                } else {
                    block = block(depth + 1);
                }
            }
            all.add(
                    new Directive(
                            new Mark(file, first),
                            column,
                            name,
                            words.subList(1, words.size()),
                            block));
            words = new ArrayList<>();
        }
    }

    /** Passes over a block that is in another language, as far as its braces are balanced. */
    private void foreign() throws Unparsable {
        for (int depth = 1; depth > 0; place++) {
            if (place >= text.length()) {
                throw wrong("the file ends within a block (end it with })");
            }
            char c = text.charAt(place);
            newLine(c);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
    }

    private void space() {
        boolean comment = false;
        for (; place < text.length(); place++) {
            char c = text.charAt(place);
            comment = (comment || c == '#') && c != '\n';
            if (!comment && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return;
            }
            newLine(c);
        }
    }

    private void newLine(char c) {
        if (c == '\n') {
            line++;
            lineStart = place + 1;
        }
    }

    private String word() throws Unparsable {
        char quote = text.charAt(place);
        boolean quoted = quote == '"' || quote == '\'';
        if (quoted) {
            place++;
        }
        StringBuilder word = new StringBuilder();
        boolean variable = false;
        for (; place < text.length(); place++) {
            char c = text.charAt(place);
            if (word.length() > LONGEST_WORD) {
                throw wrong("a word of more than 4 KiB (is a quote not closed?)");
            }
            if (quoted && c == quote) {
                place++;
                if (place < text.length() && " \t\r\n;{)".indexOf(text.charAt(place)) < 0) {
                    throw wrong("something stands right behind a quote (put a space between)");
                }
                return word.toString();
            }
            // ${name} is no block.
            boolean ends = " \t\r\n;".indexOf(c) >= 0 || (c == '{' && !variable);
            if (!quoted && ends) {
                return word.toString();
            }
            newLine(c);
            variable = c == '$';
            if (c == '\\' && place + 1 < text.length()) {
                place++;
                escaped(text.charAt(place), word);
            } else {
                word.append(c);
            }
        }
        if (quoted) {
            throw wrong("a quote that is not closed");
        }
        return word.toString();
    }

    private void escaped(char c, StringBuilder word) {
        newLine(c);
        switch (c) {
            case '"', '\'', '\\' -> word.append(c);
            case 't' -> word.append('\t');
            case 'r' -> word.append('\r');
            case 'n' -> word.append('\n');
            default -> word.append('\\').append(c);
        }
    }

    private Unparsable wrong(String why) {
        return new Unparsable(file, line, place - lineStart + 1, why);
    }
}
