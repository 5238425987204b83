package buoy.daemon.status;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, aligned in columns with two spaces between; nothing trails. */
public final class TextTable {
    private final String indent;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String indent, String... titles) {
        this.indent = indent;
        rows.add(List.of(titles));
    }

    public TextTable row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    public void appendTo(StringBuilder out) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Paint.width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - Paint.width(row.get(i)) + 2);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
