package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code track} of one router, of what its own block and its group track.
 *
 * <p>keepalived adds a positive weight while a thing is well, Buoy a negative one while it is
 * amiss: the priority is the one that the router has while all is well.
 */
final class Tracks {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * What is added to the priority.
     *
     * @param fault whether it is no weight, but a fault
     */
    private record Weight(int well, int amiss, boolean fault) {
        static final Weight FAULT = new Weight(0, 0, true);

        static Weight of(int weight, boolean reverse) {
            int signed = reverse ? -weight : weight;
            return weight > 0 ? new Weight(signed, 0, false) : new Weight(0, signed, false);
        }
    }

    private final Scope scope;
    private final Remarks remarks;
    private final String ownInterface;
    private final boolean ignoresWeights;
    private final Node.Items items;
    private int added;

    /**
     * @param ignoresWeights keepalived ignores what has a weight in members of a group
     */
    Tracks(Scope scope, Mark at, String ownInterface, boolean ignoresWeights) {
        this.scope = scope;
        this.remarks = scope.remarks();
        this.ownInterface = ownInterface;
        this.ignoresWeights = ignoresWeights;
        this.items = new Node.Items(at);
    }

    Node.Items items() {
        return items;
    }

    /** What is added to the priority while all is well. */
    int added() {
        return added;
    }

    /** What a group tracks counts for all of its routers. */
    void join(Tracks others) {
        others.items.nodes().forEach(items::add);
        added += others.added;
    }

    /** Adds what a router or group tracks. */
    void read(Statement block) {
        block.items("track_interface").forEach(this::link);
        block.items("track_script").forEach(this::script);
        block.items("track_file").forEach(this::file);
        block.items("track_process").forEach(this::process);
    }

    private void link(Statement line) {
        Optional<Weight> weight = weight(line, "0", false);
        if (weight.filter(Weight::fault).isPresent() && line.keyword().equals(ownInterface)) {
            return; // always
        }
        weight.ifPresent(
                w ->
                        add(
                                new Node.Mapping(line.at())
                                        .text("interface", line.at(), line.keyword()),
                                line,
                                w));
    }

    private void script(Statement line) {
        Statement script = scope.scripts().get(line.keyword());
        if (script == null) {
            missing(line, "vrrp_script");
            return;
        }
        CommandText command =
                new CommandText(
                        script.last("script")
                                .map(each -> String.join(" ", each.from(1)))
                                .orElse(""));
        Optional<Weight> weight = weight(line, script);
        if (command.argv().isEmpty() || weight.isEmpty()) {
            return;
        }
        Mark at = script.last("script").map(Statement::at).orElse(script.at());
        Optional<String> program = command.watchedProgram();
        if (program.filter(scope.replaced()::contains).isPresent() || asksOneself(command)) {
            remarks.note(
                    at,
                    "%s looks at what Buoy does now: it is needless (to give the address up when no server is left: track: [{pool: NAME, fault-below: 1}])"
                            .formatted(Text.shown(command.text())));
            added += weight.get().well();
            return;
        }
        Node.Mapping item = new Node.Mapping(script.at());
        if (program.isPresent()) {
            item.text("process", at, program.get());
            if (CommandText.isBalancer(program.get())) {
                remarks.note(
                        at,
                        "%s is needless where Buoy does what %s did: remove {process: %s} then"
                                .formatted(
                                        Text.shown(command.text()), program.get(), program.get()));
            }
            add(item, line, weight.get());
            return;
        }
        if (command.needsShell()) {
            remarks.note(at, "is run by a shell, as it has in it what only a shell understands");
        }
        item.put("script", Node.Items.texts(at, command.argv()));
        Duration every = time(script, "interval").orElse(Duration.ofSeconds(1));
        item.word("every", script.mark("interval"), Times.text(every));
        item.word(
                "timeout",
                script.mark("timeout"),
                Times.text(time(script, "timeout").orElse(every)));
        item.word("fall", script.mark("fall"), count(script, "fall"));
        item.word("rise", script.mark("rise"), count(script, "rise"));
        add(item, line, weight.get());
        scope.user(script.mark("user"), script.last("user").map(each -> each.word(1)).orElse(""))
                .ifPresent(user -> item.put("user", user));
    }

    /** Whether it asks a port of this host that one of the listeners has. */
    private boolean asksOneself(CommandText command) {
        return command.probedPort()
                .filter(
                        port ->
                                scope.draft().section("listeners").entries().values().stream()
                                        .filter(Node.Mapping.class::isInstance)
                                        .map(each -> ((Node.Mapping) each).get("bind"))
                                        .flatMap(Optional::stream)
                                        .anyMatch(bind -> binds(bind, port)))
                .isPresent();
    }

    private static boolean binds(Node bind, int port) {
        return bind instanceof Node.Items endpoints
                && endpoints.nodes().stream()
                        .anyMatch(
                                each ->
                                        each instanceof Node.Scalar endpoint
                                                && endpoint.text().endsWith(":" + port));
    }

    private void file(Statement line) {
        Statement file = scope.files().get(line.keyword());
        if (file == null) {
            missing(line, "vrrp_track_file");
            return;
        }
        String path = file.last("file").map(each -> each.word(1)).orElse("");
        Optional<Weight> weight =
                weight(line, file.last("weight").isPresent() ? file : weighs(file));
        if (weight.filter(Weight::fault).isPresent()) {
            remarks.left(
                    line.at(),
                    "%s: a number in a file is no fault".formatted(Text.shown(line.text())),
                    "write a weight of -254");
            return;
        }
        // The number itself may be of either sign: its weight is neither of well nor of amiss.
        weight.ifPresent(
                w -> {
                    Node.Mapping item =
                            new Node.Mapping(line.at())
                                    .text("file", file.mark("file"), path)
                                    .word("weight", line.at(), w.well() + w.amiss());
                    items.add(item);
                });
    }

    /** A file that says nothing has 1. */
    private static Statement weighs(Statement file) {
        return new Statement(
                file.at(),
                file.words(),
                List.of(new Statement(file.at(), List.of("weight", "1"), List.of())));
    }

    private void process(Statement line) {
        Statement process = scope.processes().get(line.keyword());
        if (process == null) {
            missing(line, "vrrp_track_process");
            return;
        }
        String program = process.last("process").map(each -> each.word(1)).orElse("");
        Optional<Statement> finer =
                process.last("param_match")
                        .or(() -> process.last("full_command"))
                        .or(() -> process.last("quorum").filter(q -> !q.word(1).equals("1")))
                        .or(() -> process.last("process").filter(p -> p.words().size() > 2));
        finer.ifPresent(
                each ->
                        remarks.left(
                                each.at(),
                                "%s: a process goes by its name, and one is enough"
                                        .formatted(Text.shown(each.text())),
                                "let a script look closer: track: [{script: [...]}]"));
        weight(line, process)
                .ifPresent(
                        w ->
                                add(
                                        new Node.Mapping(line.at())
                                                .text(
                                                        "process",
                                                        process.mark("process"),
                                                        program.substring(
                                                                program.lastIndexOf('/') + 1)),
                                        line,
                                        w));
    }

    private void add(Node.Mapping item, Statement line, Weight weight) {
        int amiss = weight.amiss() - weight.well();
        if (!weight.fault()) {
            added += weight.well();
            item.word("weight", line.at(), Math.clamp(amiss, -254, 254));
        }
        items.add(item);
    }

    private void missing(Statement line, String block) {
        remarks.left(
                line.at(),
                "there is no %s %s".formatted(block, Text.shown(line.keyword())),
                "write it, or remove the line");
    }

    /** Of the line that tracks it, and where that has none, of the thing itself. */
    private Optional<Weight> weight(Statement line, Statement thing) {
        Optional<Statement> usual = thing.last("weight");
        return weight(
                line,
                usual.map(each -> each.word(1)).orElse("0"),
                usual.filter(each -> each.word(2).equals("reverse")).isPresent());
    }

    private Optional<Weight> weight(Statement line, String usual, boolean reverseUsually) {
        boolean own = line.word(1).equals("weight");
        String text = own ? line.word(2) : usual;
        String last = own ? line.word(3) : line.word(1);
        boolean reverse = last.equals("reverse") || (reverseUsually && !last.startsWith("no"));
        Optional<Integer> number = Numbers.between(-254, 254, text);
        if (number.isEmpty() || (number.get() == 0 && reverse)) {
            remarks.left(
                    line.at(),
                    number.isEmpty()
                            ? "weight %s is none".formatted(Text.shown(text))
                            : "%s is a fault while it is well".formatted(line.keyword()),
                    number.isEmpty()
                            ? "write a number from -254 to 254"
                            : "let a script say the opposite");
            return Optional.empty();
        }
        if (number.get() == 0) {
            return Optional.of(Weight.FAULT);
        }
        if (ignoresWeights) {
            remarks.note(
                    line.at(),
                    "%s has a weight in a member of a group: keepalived ignores it, and it is left out"
                            .formatted(Text.shown(line.keyword())));
            return Optional.empty();
        }
        return Optional.of(Weight.of(number.get(), reverse));
    }

    private Optional<Duration> time(Statement script, String keyword) {
        Optional<Statement> line = script.last(keyword);
        Optional<Duration> time = line.flatMap(each -> Numbers.seconds(each.word(1)));
        if (line.isPresent() && time.isEmpty()) {
            remarks.left(
                    line.get().at(),
                    "%s is no time".formatted(Text.shown(line.get().word(1))),
                    "write seconds");
        }
        return time.filter(t -> !t.isZero())
                .map(t -> t.compareTo(SHORTEST) < 0 ? SHORTEST : t)
                .map(t -> t.compareTo(LONGEST) > 0 ? LONGEST : t);
    }

    private int count(Statement script, String keyword) {
        return script.last(keyword)
                .flatMap(each -> Numbers.between(1, 100, each.word(1)))
                .orElse(1);
    }
}
