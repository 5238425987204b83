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
import java.util.stream.Stream;

/** The side-by-side run: {@code bin/bench}. */
public final class Compare {
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
            return cases.stream().flatMap(what -> measure(what, stage)).toList();
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

    private Stream<Outcome> measure(Case what, Stage stage) {
        List<Served> able =
                stage.served().stream().filter(one -> one.contender().does(what)).toList();
        out.printf("%s: warm-up", what.title());
        out.flush();
        for (Served one : able) {
            what.generator().run(one.url(what), plan, plan.warmUp(one.contender()), cores);
        }
        Map<Served, List<Sample>> samples = new LinkedHashMap<>();
        able.forEach(one -> samples.put(one, new ArrayList<>()));
        for (int round = 1; round <= plan.rounds(); round++) {
            out.printf(" %d", round);
            out.flush();
            samples.forEach((one, list) -> list.add(sample(one, what)));
        }
        Map<Served, List<Latency>> latencies = latencies(samples, what);
        out.println();
        return samples.entrySet().stream()
                .map(
                        entry ->
                                new Outcome(
                                        what,
                                        entry.getKey().contender(),
                                        entry.getValue(),
                                        latencies.getOrDefault(entry.getKey(), List.of()),
                                        entry.getKey().residentKib()));
    }

    /** All at one rate: half of what the slowest of them did. */
    private Map<Served, List<Latency>> latencies(Map<Served, List<Sample>> samples, Case what) {
        Map<Served, List<Latency>> latencies = new LinkedHashMap<>();
        what.generator()
                .pace()
                .ifPresent(
                        options -> {
                            double rate = slowest(samples.values()) / 2;
                            out.printf(", at %.0f/s", rate);
                            samples.keySet().forEach(one -> latencies.put(one, new ArrayList<>()));
                            for (int round = 1; round <= plan.rounds(); round++) {
                                out.printf(" %d", round);
                                out.flush();
                                latencies.forEach(
                                        (one, list) ->
                                                list.add(
                                                        Paced.run(
                                                                one.url(what),
                                                                options,
                                                                rate,
                                                                plan.turn(),
                                                                cores)));
                            }
                        });
        return latencies;
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
