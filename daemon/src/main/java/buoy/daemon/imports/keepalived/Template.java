package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Unparsable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows as they are meant on one host: conditions ({@code @host}, {@code @^host}) are judged and
 * parameters ({@code $NAME}) replaced (keepalived.conf(5), "Conditional configuration" and
 * "Parameter substitution").
 */
final class Template {
    private static final Pattern CONDITION = Pattern.compile("@(\\^?)(\\S+)\\s*(.*)");

    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)=(.*)");

    private static final Pattern USE =
            Pattern.compile("\\$\\{([A-Za-z_]\\w*)}|\\$([A-Za-z_]\\w*)(?=\\s|$)");

    private static final Pattern USE_ALONE = Pattern.compile("\\$\\{?([A-Za-z_]\\w*)}?");

    /** What a parameter holds may hold others. */
    private static final int DEEPEST = 16;

    private static final int LONGEST = 16 << 10;

    private final String host;
    private final Remarks remarks;
    private final Map<String, List<Row>> parameters = new HashMap<>();
    private final List<Row> out = new ArrayList<>();

    /** What is still to be read, the next first; what a parameter of many lines holds comes in. */
    private final Deque<Pending> pending = new ArrayDeque<>();

    private record Pending(Row row, int depth) {}

    private Template(String host, Remarks remarks) {
        this.host = host;
        this.remarks = remarks;
    }

    /** The hosts that conditions name, in the order of the file. */
    static Set<String> hosts(List<Row> rows) {
        Set<String> hosts = new LinkedHashSet<>();
        for (Row row : rows) {
            // Within a parameter there may be conditions, too.
            Matcher condition = Pattern.compile("(?:^|[=\\s])@\\^?(\\S+)").matcher(row.text());
            if (row.text().startsWith("@") || row.text().startsWith("$") || continued(row)) {
                while (condition.find()) {
                    hosts.add(condition.group(1));
                }
            }
        }
        return hosts;
    }

    /**
     * @param host a name that conditions are compared with; one that none has is any other host
     */
    static List<Row> on(String host, List<Row> rows, Remarks remarks) throws Unparsable {
        Template template = new Template(host, remarks);
        rows.forEach(row -> template.pending.add(new Pending(row, 0)));
        while (!template.pending.isEmpty()) {
            template.next(template.pending.removeFirst());
        }
        return template.out;
    }

    private void next(Pending next) throws Unparsable {
        Row row = next.row();
        if (out.size() + pending.size() > Rows.MOST) {
            throw new Unparsable(
                    row.at().file(), row.at().line(), 1, "parameters that become too many lines");
        }
        String text = row.text();
        for (int round = 0; round <= DEEPEST; round++) {
            Matcher condition = CONDITION.matcher(text);
            if (condition.matches()) {
                boolean other = !condition.group(1).isEmpty();
                if (condition.group(2).equals(host) == other) {
                    if (DEFINITION.matcher(condition.group(3)).matches()) {
                        rest(new Row(row.at(), text));
                    }
                    return;
                }
                text = condition.group(3);
                continue;
            }
            Matcher definition = DEFINITION.matcher(text);
            if (definition.matches()) {
                define(row, definition.group(1), definition.group(2));
                return;
            }
            Matcher alone = USE_ALONE.matcher(text);
            List<Row> many =
                    alone.matches()
                            ? parameters.getOrDefault(alone.group(1), List.of())
                            : List.of();
            if (many.size() > 1 && next.depth() < DEEPEST) {
                for (Row each : many.reversed()) {
                    pending.addFirst(new Pending(each, next.depth() + 1));
                }
                return;
            }
            String replaced = replaced(row, text);
            if (replaced.equals(text)) {
                break;
            }
            text = replaced.strip();
        }
        if (text.startsWith("~SEQ") || text.startsWith("~LST")) {
            remarks.left(
                    row.at(),
                    "%s makes many lines of one".formatted(Text.shown(text)),
                    "write the lines out");
        } else if (!text.isEmpty()) {
            out.add(new Row(row.at(), text));
        }
    }

    private String replaced(Row row, String text) throws Unparsable {
        Matcher use = USE.matcher(text);
        StringBuilder replaced = new StringBuilder();
        while (use.find()) {
            String name = use.group(1) != null ? use.group(1) : use.group(2);
            use.appendReplacement(
                    replaced, Matcher.quoteReplacement(value(row, name, use.group())));
        }
        use.appendTail(replaced);
        if (replaced.length() > LONGEST) {
            throw new Unparsable(
                    row.at().file(),
                    row.at().line(),
                    1,
                    "parameters that become a line of more than 16 KiB");
        }
        return replaced.toString();
    }

    /** What is not defined stays as it is. */
    private String value(Row row, String name, String use) {
        return switch (name) {
            case "_PWD" -> Rows.directory(row.at().file());
            case "_INSTANCE" -> host;
            case "_HASH" -> "#";
            case "_BANG" -> "!";
            default -> {
                List<Row> value = parameters.get(name);
                yield value == null || value.size() > 1
                        ? use
                        : value.isEmpty() ? "" : value.getFirst().text();
            }
        };
    }

    private void define(Row row, String name, String value) {
        List<Row> rows = new ArrayList<>();
        if (continued(row)) {
            String first = withoutContinuation(value);
            if (!first.isEmpty()) {
                rows.add(new Row(row.at(), first));
            }
            rows.addAll(rest(row));
        } else if (!value.isEmpty()) {
            rows.add(new Row(row.at(), value));
        }
        parameters.put(name, rows);
    }

    /** The lines that go on from one that ends with a backslash. */
    private List<Row> rest(Row row) {
        List<Row> rest = new ArrayList<>();
        boolean more = continued(row);
        while (more && !pending.isEmpty()) {
            Row line = pending.removeFirst().row();
            more = continued(line);
            String text = withoutContinuation(line.text());
            if (!text.isEmpty()) {
                rest.add(new Row(line.at(), text));
            }
        }
        return rest;
    }

    private static boolean continued(Row row) {
        return row.text().endsWith("\\");
    }

    private static String withoutContinuation(String text) {
        return text.endsWith("\\") ? text.substring(0, text.length() - 1).strip() : text.strip();
    }
}
