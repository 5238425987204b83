package buoy.daemon;

import buoy.config.Tree;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.YamlWriter;
import java.util.List;
import java.util.regex.Pattern;

/** {@code buoy check --print}: a configuration as YAML that reads back to the same. */
final class PrintedConfig {
    /** Such as {@code 30s}, {@code -60} and {@code 20%}: without quotes as it was. */
    private static final Pattern WORD = Pattern.compile("-?[A-Za-z0-9/][A-Za-z0-9_./@+%-]*");

    private PrintedConfig() {}

    static String of(Tree tree) {
        return node(tree) instanceof Node.Mapping root && !root.isEmpty()
                ? YamlWriter.write(root)
                : "{}\n";
    }

    private static Node node(Tree tree) {
        Mark from = new Mark(tree.place().file(), tree.place().line());
        return switch (tree) {
            case Tree.Scalar scalar when scalar.isNull() -> Node.word(from, "null");
            case Tree.Scalar scalar ->
                    scalar.plain() && WORD.matcher(scalar.text()).matches()
                            ? Node.word(from, scalar.text())
                            : Node.text(from, scalar.text());
            // Of a file that was changed since it was found good.
            case Tree.Unknown _ -> Node.word(from, "null");
            case Tree.Sequence(List<Tree> items, _) -> {
                Node.Items list = new Node.Items(from);
                items.forEach(item -> list.add(node(item)));
                yield list;
            }
            case Tree.Mapping(var entries, _) -> {
                Node.Mapping mapping = new Node.Mapping(from);
                entries.forEach((key, each) -> mapping.put(key, node(each.value())));
                yield mapping;
            }
        };
    }
}
