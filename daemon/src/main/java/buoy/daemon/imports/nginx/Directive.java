package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Mark;
import java.util.List;

/**
 * A name, its arguments, and what stands in braces behind them.
 *
 * @param column where it begins in its line, counted from 1
 * @param args without quotes and escapes
 * @param block nothing where it ends in a semicolon
 */
record Directive(Mark at, int column, String name, List<String> args, List<Directive> block) {
    Directive {
        args = List.copyOf(args);
        block = List.copyOf(block);
    }

    boolean is(String other) {
        return name.equals(other);
    }

    /** The argument at that place, or nothing. */
    String arg(int index) {
        return index < args.size() ? args.get(index) : "";
    }

    /** The value of the argument {@code name=value}, or nothing. */
    String option(String option) {
        return args.stream()
                .filter(arg -> arg.startsWith(option + "="))
                .map(arg -> arg.substring(option.length() + 1))
                .findFirst()
                .orElse("");
    }

    boolean has(String arg) {
        return args.contains(arg);
    }

    String text() {
        return args.isEmpty() ? name : name + " " + String.join(" ", args);
    }
}
