package buoy.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The side-by-side run: {@code bin/bench}. */
public final class Compare {
    /** Between two cases, to see whether the machine does anything else. */
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final Plan plan;
    private final Cores cores;
    private final PrintStream out;

    private Compare(Plan plan, Cores cores, PrintStream out) {
        this.plan = plan;
        this.cores = cores;
        this.out = out;
    }

    /** Reads {@code buoy.root} and the environment; prints a table, keeps a result file. */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(System.getProperty("buoy.root", "."));
            Plan plan = Plan.of(root, System.getenv(), List.of(arguments));
            new Compare(plan, Cores.ofThisProcess(), System.out).run();
        } catch (BenchFailed failed) {
            System.err.println("bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List.of("wrk", "h2load", "curl", "openssl").forEach(Command::need);
        Command.need("taskset");
        if (plan.needsDatabase()) {
            Command.need("pgbench");
        }
        Contender origin = Contender.origin(Command.need("nginx"));
        List<Contender> contenders = contenders();
        Machine machine = Machine.watched(Duration.ofSeconds(2));
        Map<String, String> versions = new LinkedHashMap<>();
        contenders.forEach(one -> versions.put(one.name(), version(one)));
        announce(machine, versions);
        Instant when = Instant.now();
        List<Outcome> outcomes = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            outcomes.addAll(outcomes(setting, origin, contenders));
        }
        out.println();
        out.print(Report.of(outcomes));
        out.printf("It took %d s.%n", Duration.between(when, Instant.now()).toSeconds());
        if (machine.wasBusy()) {
            out.println("The machine was busy before the start: repeat this on a quiet one.");
        }
        Path file = ResultFile.write(plan, when, machine, versions, outcomes);
        Path chart = Chart.write(file, outcomes);
        out.println(
                "All samples: %s; the ratios as a picture: %s"
                        .formatted(plan.root().relativize(file), plan.root().relativize(chart)));
    }

    private List<Outcome> outcomes(Setting setting, Contender origin, List<Contender> contenders) {
        List<Case> cases = plan.cases().stream().filter(what -> what.setting() == setting).toList();
        if (cases.isEmpty()) {
            return List.of();
        }
        List<Contender> able =
                contenders.stream().filter(one -> cases.stream().anyMatch(one::does)).toList();
        try (Stage stage = Stage.open(plan.of(cases), setting, cores)) {
            stage.start(origin, able);
            return cases.stream()
                    .flatMap(what -> measure(what, stage, what == cases.getFirst()))
                    .toList();
        }
    }

    /** The first is what the others are compared with. */
    private List<Contender> contenders() {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.haproxy(Command.need("haproxy")));
        contenders.add(Contender.nginx(Command.need("nginx")));
        if (plan.needs(Door.POSTGRES)) {
            contenders.add(Contender.pgbouncer(Command.need("pgbouncer")));
        }
        Path built = plan.root().resolve("daemon/target/built");
        if (Files.isExecutable(plan.nativeBuoy())) {
            contenders.add(Contender.buoyNative(plan.nativeBuoy()));
            if (isOlder(plan.nativeBuoy(), built)) {
                out.println("The native executable is older than what is built: make native");
            }
        } else {
            out.println("Without Buoy's native executable: there is none yet (make native).");
        }
        contenders.add(Contender.buoyOnJvm(plan.root().resolve("bin/buoy")));
        return contenders;
    }

    private static boolean isOlder(Path one, Path other) {
        try {
            return Files.exists(other)
                    && Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other))
                            < 0;
        } catch (IOException e) {
            throw new BenchFailed("cannot look at " + one + ": " + e.getMessage(), e);
        }
    }

    private static String version(Contender contender) {
        return Command.output(contender.version()).lines().findFirst().orElse("unknown").strip();
    }

    private void announce(Machine machine, Map<String, String> versions) {
        out.printf(
                "%s, %d cores, %s; %d %% idle before the start%n",
                machine.processor(), machine.cores(), machine.kernel(), machine.idlePercent());
        versions.forEach((name, version) -> out.printf("  %-12s %s%n", name, version));
        out.println(
                cores.areSeparate()
                        ? "One worker each, on core %s; the load and the origin on %s."
                                .formatted(cores.proxy(), cores.rest())
                        : "One core for proxy, load and origin: figures are higher than apart.");
        out.printf("%d rounds of %d s%n", plan.rounds(), plan.turn().toSeconds());
    }

    private Stream<Outcome> measure(Case what, Stage stage, boolean first) {
        List<Served> able =
                stage.served().stream().filter(one -> one.contender().does(what)).toList();
        int idlePercent = Machine.idlePercent(BETWEEN);
        out.printf("%s (%d %% idle): warm-up", what.title(), idlePercent);
        out.flush();
        for (Served one : able) {
            what.generator().run(one.url(what), plan, plan.warmUp(one.contender(), first), cores);
        }
        Map<Served, List<Sample>> samples = rounds(able, one -> sample(one, what));
        Map<Served, List<Latency>> latencies = Map.of();
        if (what.generator().hasPace()) {
            double rate = slowest(samples.values()) / 2;
            out.printf(", at %.0f/s", rate);
            latencies =
                    rounds(
                            able,
                            one ->
                                    what.generator()
                                            .pace(one.url(what), rate, plan.pacedTurn(), cores));
        }
        out.println();
        List<Outcome> outcomes = new ArrayList<>();
        for (Served one : able) {
            outcomes.add(
                    new Outcome(
                            what,
                            one.contender(),
                            samples.getOrDefault(one, List.of()),
                            latencies.getOrDefault(one, List.of()),
                            one.residentKib(),
                            idlePercent));
        }
        return outcomes.stream();
    }

    /** All of them take turns, round after round. */
    private <T> Map<Served, List<T>> rounds(List<Served> able, Function<Served, T> turn) {
        Map<Served, List<T>> all = new LinkedHashMap<>();
        able.forEach(one -> all.put(one, new ArrayList<>()));
        for (int round = 1; round <= plan.rounds(); round++) {
            out.printf(" %d", round);
            out.flush();
            all.forEach((one, list) -> list.add(turn.apply(one)));
        }
        return all;
    }

    private static double slowest(Collection<List<Sample>> contenders) {
        return contenders.stream()
                .mapToDouble(
                        samples ->
                                Outcome.median(
                                        samples.stream()
                                                .mapToDouble(
                                                        sample -> sample.load().requestsPerSecond())
                                                .toArray()))
                .min()
                .orElse(Double.NaN);
    }

    private Sample sample(Served one, Case what) {
        Duration before = one.cpuTime();
        Load load = what.generator().run(one.url(what), plan, plan.turn(), cores);
        return new Sample(load, one.cpuTime().minus(before));
    }
}
