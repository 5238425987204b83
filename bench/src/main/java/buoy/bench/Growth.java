package buoy.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How the CPU for each request grows with what there is of something: {@code bin/bench growth}. */
public final class Growth {
    /** What there may be more of, and how much is tried. */
    enum Axis {
        CONNECTIONS("client connections", Setting.USUAL),
        FIELDS("fields of a request beside Host", Setting.USUAL),
        BODY("bytes of an answer", Setting.USUAL),
        ROUTES("routes, asked for in turn", Setting.ROUTES),
        SERVERS("servers of the pool", Setting.SERVERS);

        private final String title;
        private final Setting setting;

        Axis(String title, Setting setting) {
            this.title = title;
            this.setting = setting;
        }

        String title() {
            return title;
        }

        List<Integer> amounts() {
            return switch (this) {
                case CONNECTIONS -> List.of(32, 256, 1024);
                case FIELDS -> List.of(0, 20, 60);
                case BODY -> List.of(64, 16 << 10, 1 << 20);
                case ROUTES -> List.of(10, 1000, 10_000);
                case SERVERS -> List.of(1, 100, 1000);
            };
        }

        private String path(int amount) {
            return this != BODY ? "/64" : amount == 64 ? "/64" : amount == 1 << 20 ? "/1m" : "/16k";
        }

        private Load run(Served at, int amount, Plan plan, Duration time, Cores cores) {
            String url = at.url(Door.HTTP, path(amount));
            return switch (this) {
                case CONNECTIONS -> Wrk.run(url, amount, time, cores, List.of());
                case FIELDS -> Wrk.run(url, time, cores, fields(amount));
                case BODY, SERVERS -> Wrk.run(url, time, cores, List.of());
                case ROUTES -> Wrk.runOverRoutes(url, plan, time, cores);
            };
        }

        private static List<String> fields(int many) {
            return IntStream.range(0, many)
                    .mapToObj(
                            i ->
                                    "--header=X-Field-%d: the value of one of many fields"
                                            .formatted(i))
                    .toList();
        }
    }

    /**
     * One contender with one amount.
     *
     * @param micros of CPU for each request, the median of the rounds
     */
    record Point(Axis axis, int amount, String contender, double micros) {}

    private final Plan plan;
    private final Cores cores = Cores.ofThisProcess();

    private Growth(Plan plan) {
        this.plan = plan;
    }

    /** Reads {@code buoy.root} and the environment; prints tables, keeps a result and a picture. */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(System.getProperty("buoy.root", "."));
            Plan plan = Plan.of(root, System.getenv(), List.of());
            new Growth(plan.of(List.of(Case.HTTP_64B))).run();
        } catch (BenchFailed failed) {
            System.err.println("bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List.of("wrk", "curl", "openssl", "taskset").forEach(Command::need);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.haproxy(Command.need("haproxy")));
        contenders.add(Contender.nginx(Command.need("nginx")));
        if (Files.isExecutable(plan.nativeBuoy())) {
            contenders.add(Contender.buoyNative(plan.nativeBuoy()));
        } else {
            contenders.add(Contender.buoyOnJvm(plan.root().resolve("bin/buoy")));
        }
        List<Point> points = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            List<Point> line =
                    axis.setting == Setting.USUAL
                            ? measure(axis, axis.amounts(), plan, contenders)
                            : axis.amounts().stream()
                                    .flatMap(
                                            amount ->
                                                    measure(
                                                            axis,
                                                            List.of(amount),
                                                            plan.many(amount),
                                                            contenders)
                                                            .stream())
                                    .toList();
            points.addAll(line);
            System.out.print(table(axis, line));
        }
        System.out.println("Kept in " + plan.root().relativize(write(points)));
    }

    /** All of them take turns, amount by amount and round by round. */
    private List<Point> measure(
            Axis axis, List<Integer> amounts, Plan with, List<Contender> contenders) {
        List<Point> points = new ArrayList<>();
        try (Stage stage = Stage.open(with, axis.setting, cores)) {
            stage.start(Contender.origin(Command.need("nginx")), contenders);
            for (int amount : amounts) {
                Map<Served, List<Double>> micros = new LinkedHashMap<>();
                for (Served one : stage.served()) {
                    micros.put(one, new ArrayList<>());
                    axis.run(one, amount, with, with.warmUp(one.contender(), true), cores);
                }
                for (int round = 0; round < with.rounds(); round++) {
                    micros.forEach((one, all) -> all.add(sample(axis, one, amount, with)));
                }
                micros.forEach(
                        (one, all) ->
                                points.add(
                                        new Point(
                                                axis,
                                                amount,
                                                one.contender().name(),
                                                Outcome.median(
                                                        all.stream()
                                                                .mapToDouble(each -> each)
                                                                .toArray()))));
            }
        }
        return points;
    }

    private double sample(Axis axis, Served one, int amount, Plan with) {
        Duration before = one.cpuTime();
        Load load = axis.run(one, amount, with, with.turn(), cores);
        if (load.errors() > 0) {
            System.out.printf(
                    "  %s, %d %s: %d errors%n",
                    one.contender().name(), amount, axis.title, load.errors());
        }
        return new Sample(load, one.cpuTime().minus(before)).microsPerRequest();
    }

    static String table(Axis axis, List<Point> points) {
        StringBuilder text =
                new StringBuilder("us CPU/request by %s%n".formatted(axis.title))
                        .append("%-14s".formatted(""));
        axis.amounts().forEach(amount -> text.append(String.format("%10d", amount)));
        text.append(System.lineSeparator());
        points.stream()
                .collect(
                        Collectors.groupingBy(
                                Point::contender, LinkedHashMap::new, Collectors.toList()))
                .forEach(
                        (contender, line) -> {
                            text.append("  %-12s".formatted(contender));
                            line.forEach(
                                    point ->
                                            text.append(
                                                    String.format(
                                                            Locale.ROOT, "%10.1f", point.micros)));
                            text.append(System.lineSeparator());
                        });
        return text.toString();
    }

    private Path write(List<Point> points) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            Path results = Files.createDirectories(plan.root().resolve("bench/results"));
            Path file = results.resolve(now.toString().replace(":", "") + "-growth.json");
            try (Writer writer = Files.newBufferedWriter(file);
                    JsonGenerator json = new JsonFactory().createGenerator(writer)) {
                json.useDefaultPrettyPrinter();
                json.writeStartArray();
                for (Point point : points) {
                    json.writeStartObject();
                    json.writeStringField("of", point.axis.title);
                    json.writeNumberField("amount", point.amount);
                    json.writeStringField("contender", point.contender);
                    json.writeNumberField("cpu-us-per-request", point.micros);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            Files.writeString(
                    results.resolve(file.getFileName().toString().replaceFirst("[.]json$", ".svg")),
                    GrowthChart.svg(points));
            return file;
        } catch (IOException e) {
            throw new BenchFailed("the result cannot be kept: " + e.getMessage(), e);
        }
    }
}
