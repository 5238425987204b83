package buoy.lb.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the tables of {@code rules/}: headings with a rule each, and lines of cells below them. */
final class RuleTable {
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");

    /** One line. */
    record Row(String rule, int line, List<String> cells) {
        String cell(int at) {
            return cells.get(at);
        }

        @Override
        public String toString() {
            return "rule " + rule + ", line " + line + ": " + String.join(" | ", cells);
        }
    }

    private RuleTable() {}

    static List<Row> of(String file) throws IOException {
        String text;
        try (InputStream in =
                Objects.requireNonNull(RuleTable.class.getResourceAsStream("rules/" + file))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Row> rows = new ArrayList<>();
        String rule = "";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("## ")) {
                rule = line.substring(3);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                rows.add(new Row(rule, number, List.of(line.split(" \\| ", -1))));
            }
        }
        return rows;
    }

    /** With every repetition written out. */
    static String repeated(String cell) {
        return REPEATED.matcher(cell)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        found.group(2).repeat(Integer.parseInt(found.group(1)))));
    }

    /**
     * The octets that a cell stands for, one in each character.
     *
     * @param lineEnd what {@code \n} stands for
     */
    static String octets(String cell, String lineEnd) {
        String text = repeated(cell);
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                octets.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'n' -> octets.append(lineEnd);
                case 'r' -> octets.append('\r');
                case 'l' -> octets.append('\n');
                case 't' -> octets.append('\t');
                case '0' -> octets.append('\0');
                case 'x' -> {
                    octets.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("\\" + escaped + " in " + cell);
            }
        }
        return octets.toString();
    }
}
