package buoy.daemon.imports.draft;

import buoy.config.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@link Node} as YAML for people: blocks above, short things on one line below, quotes only
 * where YAML needs them.
 */
public final class YamlWriter {
    private static final int LONGEST_LINE = 120;

    /** Sections and the names in them are always blocks. */
    private static final int BLOCKS = 2;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./@+-]*");

    private static final Set<String> NOT_TEXT =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    public static String write(Node.Mapping root) {
        YamlWriter writer = new YamlWriter();
        writer.block(root, 0, "");
        return writer.out.toString();
    }

    /**
     * @param lead of the first line, such as a dash; the others are indented as far
     */
    private void block(Node.Mapping mapping, int depth, String lead) {
        String indent = indent(depth);
        boolean first = true;
        for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
            String start = first && !lead.isEmpty() ? lead : indent;
            for (String comment : mapping.comments(entry.getKey())) {
                out.append(start).append("# ").append(oneLine(comment)).append('\n');
                start = indent;
            }
            out.append(start).append(scalar(entry.getKey(), false)).append(':');
            value(entry.getValue(), depth, indent.length() + entry.getKey().length() + 2);
            first = false;
        }
    }

    private void value(Node node, int depth, int used) {
        String flow = flow(node);
        boolean simple = node instanceof Node.Scalar || isEmpty(node);
        if (simple || (depth >= BLOCKS && fits(node, flow, used))) {
            out.append(' ').append(flow).append('\n');
            return;
        }
        out.append('\n');
        switch (node) {
            case Node.Scalar _ -> throw new IllegalStateException("written already");
            case Node.Mapping inner -> block(inner, depth + 1, "");
            case Node.Items items -> {
                String dash = indent(depth + 1) + "- ";
                for (Node item : items.nodes()) {
                    if (item instanceof Node.Mapping inner && !inner.isEmpty() && !plain(inner)) {
                        // A comment would have to stand before the dash.
                        String first = inner.entries().keySet().iterator().next();
                        for (String comment : inner.comments(first)) {
                            out.append(indent(depth + 1))
                                    .append("# ")
                                    .append(oneLine(comment))
                                    .append('\n');
                        }
                        block(withoutFirstComments(inner), depth + 2, dash);
                    } else {
                        out.append(dash).append(flow(item)).append('\n');
                    }
                }
            }
        }
    }

    private static Node.Mapping withoutFirstComments(Node.Mapping mapping) {
        Node.Mapping copy = new Node.Mapping(mapping.from());
        boolean first = true;
        for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
            copy.put(entry.getKey(), entry.getValue());
            if (!first) {
                mapping.comments(entry.getKey()).forEach(c -> copy.comment(entry.getKey(), c));
            }
            first = false;
        }
        return copy;
    }

    /** Whether an item of a list goes on one line. */
    private static boolean plain(Node.Mapping mapping) {
        return !hasComments(mapping) && flow(mapping).length() < LONGEST_LINE - 20;
    }

    private static boolean fits(Node node, String flow, int used) {
        return used + flow.length() <= LONGEST_LINE && !hasComments(node) && isFlat(node, 0);
    }

    /** Two levels on one line are read at a glance, three are not. */
    private static boolean isFlat(Node node, int level) {
        return switch (node) {
            case Node.Scalar _ -> true;
            case Node.Items items ->
                    items.nodes().stream().allMatch(n -> n instanceof Node.Scalar)
                            && items.nodes().size() <= 8;
            case Node.Mapping mapping ->
                    level < 2
                            && mapping.entries().size() <= 6
                            && mapping.entries().values().stream()
                                    .allMatch(n -> isFlat(n, level + 1));
        };
    }

    private static boolean hasComments(Node node) {
        return switch (node) {
            case Node.Scalar _ -> false;
            case Node.Items items -> items.nodes().stream().anyMatch(YamlWriter::hasComments);
            case Node.Mapping mapping ->
                    mapping.entries().entrySet().stream()
                            .anyMatch(
                                    e ->
                                            !mapping.comments(e.getKey()).isEmpty()
                                                    || hasComments(e.getValue()));
        };
    }

    private static boolean isEmpty(Node node) {
        return switch (node) {
            case Node.Scalar _ -> false;
            case Node.Items items -> items.nodes().isEmpty();
            case Node.Mapping mapping -> mapping.isEmpty();
        };
    }

    private static String flow(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar(scalar.text(), scalar.word());
            case Node.Items items -> {
                List<String> all = items.nodes().stream().map(YamlWriter::flow).toList();
                yield "[" + String.join(", ", all) + "]";
            }
            case Node.Mapping mapping -> {
                List<String> all =
                        mapping.entries().entrySet().stream()
                                .map(e -> scalar(e.getKey(), false) + ": " + flow(e.getValue()))
                                .toList();
                yield "{" + String.join(", ", all) + "}";
            }
        };
    }

    private static String scalar(String text, boolean word) {
        if (word
                || (PLAIN.matcher(text).matches()
                        && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT)))) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '"' -> quoted.append("\\\"");
                                case '\\' -> quoted.append("\\\\");
                                case '\n' -> quoted.append("\\n");
                                case '\r' -> quoted.append("\\r");
                                case '\t' -> quoted.append("\\t");
                                default -> {
                                    if (c >= ' ' && c < 0x7f) {
                                        quoted.appendCodePoint(c);
                                    } else {
                                        quoted.append(
                                                c < 0x10000
                                                        ? "\\u%04x".formatted(c)
                                                        : "\\U%08x".formatted(c));
                                    }
                                }
                            }
                        });
        return quoted.append('"').toString();
    }

    private static String oneLine(String comment) {
        return Text.shown(comment).equals(comment) ? comment : comment.replaceAll("[^ -~]+", " ");
    }

    private static String indent(int depth) {
        return "  ".repeat(depth);
    }
}
