package buoy.daemon.imports.keepalived;

import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code notify} of one router, of what its own block and its group say.
 *
 * <p>A program that keepalived gives four more arguments gets the same ones here: a line of shell
 * puts {@code INSTANCE NAME MASTER 100} in the place of Buoy's {@code router NAME active 100}.
 */
final class Notices {
    private static final Map<String, String> PARTICULAR =
            Map.of("notify_master", "active", "notify_backup", "backup", "notify_fault", "fault");

    /**
     * A program that is told.
     *
     * @param of whom it is told, as keepalived does: {@code INSTANCE NAME}
     */
    private record Told(Mark at, CommandText command, String of, String priority) {
        /** As a line of shell, with the arguments keepalived adds; the state is in $s. */
        String withArguments(String state) {
            return "%s %s %s %s".formatted(command.quoted(), of, state, priority);
        }
    }

    private final Scope scope;
    private final Map<String, List<Told>> particular = new LinkedHashMap<>();
    private final List<Told> any = new ArrayList<>();
    private final List<Told> stop = new ArrayList<>();
    private Optional<Node> user = Optional.empty();
    private boolean first = true;

    Notices(Scope scope) {
        this.scope = scope;
    }

    /** Adds whom a router is told to. */
    void ofInstance(Statement instance) {
        read(instance, "INSTANCE", "$4");
    }

    /** The same of a group, whose priority keepalived gives as 0. */
    void ofGroup(Statement group) {
        read(group, "GROUP", "0");
    }

    private void read(Statement block, String kind, String priority) {
        String of = kind + " " + CommandText.quoted(block.word(1));
        for (Statement line : block.block()) {
            if (!line.keyword().startsWith("notify")) {
                continue;
            }
            Told told = new Told(line.at(), new CommandText(line.word(1)), of, priority);
            boolean runs = !told.command().argv().isEmpty();
            switch (line.keyword()) {
                case "notify_master", "notify_backup", "notify_fault" -> {
                    if (runs) {
                        particular
                                .computeIfAbsent(
                                        PARTICULAR.get(line.keyword()), _ -> new ArrayList<>())
                                .add(told);
                        user(line);
                    }
                }
                case "notify" -> {
                    if (runs) {
                        any.add(told);
                        user(line);
                    }
                }
                case "notify_stop" -> {
                    if (runs) {
                        stop.add(told);
                        user(line);
                    }
                }
                case "notify_deleted" ->
                        scope.remarks()
                                .note(
                                        line.at(),
                                        "a router that a reload takes away is told as one that stops");
                default -> {
                    // said by its keyword
                }
            }
        }
    }

    private void user(Statement line) {
        Optional<Node> own = scope.user(line.at(), line.word(2));
        if (first) {
            user = own;
            first = false;
        } else if (!text(own).equals(text(user))) {
            scope.remarks()
                    .left(
                            line.at(),
                            "all programs of one router's notify are run as one user",
                            "let this one change it itself, or write the same user for all");
        }
    }

    private static String text(Optional<Node> user) {
        return user.map(each -> ((Node.Scalar) each).text()).orElse("");
    }

    /** The value of {@code notify}; empty where nobody is told. */
    Optional<Node.Mapping> node(Mark at) {
        Node.Mapping notify = new Node.Mapping(at);
        for (String state : List.of("active", "backup", "fault")) {
            List<Told> all = particular.getOrDefault(state, List.of());
            if (!all.isEmpty()) {
                Mark from = all.getFirst().at();
                notify.put(state, Node.Items.texts(from, argv(all)));
            }
        }
        if (!any.isEmpty() || !stop.isEmpty()) {
            Mark from = (any.isEmpty() ? stop : any).getFirst().at();
            notify.put("any", Node.Items.texts(from, List.of("/bin/sh", "-c", script(), "notify")));
        }
        if (notify.isEmpty()) {
            return Optional.empty();
        }
        user.ifPresent(each -> notify.put("user", each));
        return Optional.of(notify);
    }

    private static List<String> argv(List<Told> all) {
        return all.size() == 1
                ? all.getFirst().command().argv()
                : List.of("/bin/sh", "-c", lines(all, each -> each.command().quoted()));
    }

    /** Of the four arguments that Buoy adds, $3 is the state and $4 the priority. */
    private String script() {
        String stopped = lines(stop, each -> each.command().quoted());
        if (any.isEmpty()) {
            return "case $3 in initialize) %s;; esac".formatted(stopped);
        }
        return "case $3 in active) s=MASTER;; backup) s=BACKUP;; fault) s=FAULT;; *) s=STOP;; esac; "
                + (stop.isEmpty() ? "" : "if [ $s = STOP ]; then %s; fi; ".formatted(stopped))
                + lines(any, each -> each.withArguments("$s"));
    }

    private static String lines(List<Told> all, Function<Told, String> line) {
        return all.stream().map(line).collect(Collectors.joining("; "));
    }
}
