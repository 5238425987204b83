package buoy.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long Buoy takes to tell how it does, while it has nothing to do and while it has more than it
 * can: {@code bin/bench stats}. Load comes from {@code wrk} over more connections than all workers
 * serve at once, from the same cores; each question is a connection of its own, as from a browser
 * or a scraper that comes for the first time. The time that the one who asks waits for a core is in
 * the figures.
 */
public final class Stats {
    private static final List<String> PATHS = List.of("/", "/metrics", "/api/v1/status");

    /** With which numbers of servers. */
    private static final List<Integer> SERVERS = List.of(1, 1000);

    private static final int CONNECTIONS = 256;
    private static final int QUESTIONS = 200;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration LOAD_SETTLES = Duration.ofSeconds(3);
    private static final Duration START = Duration.ofSeconds(60);

    /** Longer than all questions take; it ends with them. */
    private static final Duration LOAD = Duration.ofMinutes(10);

    /**
     * What one path took.
     *
     * @param bytes of the last answer, its head included
     * @param millis ascending
     */
    record Answers(int servers, boolean saturated, String path, int bytes, List<Double> millis) {
        double at(double part) {
            return millis.get((int) Math.min(millis.size() - 1, part * millis.size()));
        }
    }

    private final Plan plan;

    private Stats(Plan plan) {
        this.plan = plan;
    }

    /** Reads {@code buoy.root} and BUOY_NATIVE; prints a table and keeps a result. */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(System.getProperty("buoy.root", "."));
            new Stats(Plan.of(root, System.getenv(), List.of())).run();
        } catch (BenchFailed failed) {
            System.err.println("bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List.of("wrk", "nginx").forEach(Command::need);
        Contender buoy =
                Files.isExecutable(plan.nativeBuoy())
                        ? Contender.buoyNative(plan.nativeBuoy())
                        : Contender.buoyOnJvm(plan.root().resolve("bin/buoy"));
        System.out.printf(
                Locale.ROOT,
                "%s%n%8s %-10s %-16s %9s %9s %9s %9s %9s%n",
                buoy.name(),
                "servers",
                "workers",
                "path",
                "bytes",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "max ms");
        List<Answers> all = new ArrayList<>();
        for (int servers : SERVERS) {
            all.addAll(measure(buoy, servers));
        }
        System.out.println("Kept in " + plan.root().relativize(write(buoy, all)));
    }

    private List<Answers> measure(Contender contender, int servers) {
        try (Scratch scratch = Scratch.make()) {
            Origins origins = Origins.free();
            Ports ports = Ports.free(1).getFirst();
            Contender origin = Contender.origin(Command.need("nginx"));
            try (Served _ =
                            Served.start(
                                    origin,
                                    plan.template(Setting.USUAL, origin),
                                    servers,
                                    scratch.path(),
                                    ports,
                                    origins,
                                    command -> command);
                    Served buoy =
                            Served.start(
                                    contender,
                                    plan.template(Setting.STATS, contender),
                                    servers,
                                    scratch.path(),
                                    ports,
                                    origins,
                                    command -> command)) {
                awaitAnswer(ports.of(Door.HTTP), "/64");
                List<Answers> all = new ArrayList<>(ask(ports, servers, false));
                try (Child load =
                        Child.start(
                                "wrk",
                                List.of(
                                        "wrk",
                                        "-t2",
                                        "-c" + CONNECTIONS,
                                        "-d" + LOAD.toSeconds() + "s",
                                        buoy.url(Door.HTTP, "/64")),
                                scratch.path())) {
                    Pause.of(LOAD_SETTLES);
                    all.addAll(ask(ports, servers, true));
                    if (!load.isAlive()) {
                        throw new BenchFailed(
                                "the load ended before the questions: wrk said: " + load.said());
                    }
                }
                return all;
            }
        } catch (IOException e) {
            throw new BenchFailed("with %d servers: %s".formatted(servers, e.getMessage()), e);
        }
    }

    private static List<Answers> ask(Ports ports, int servers, boolean saturated)
            throws IOException {
        List<Answers> all = new ArrayList<>();
        for (String path : PATHS) {
            List<Double> millis = new ArrayList<>();
            int bytes = 0;
            for (int i = 0; i < QUESTIONS; i++) {
                long start = System.nanoTime();
                bytes = ask(ports.of(Door.STATS), path);
                millis.add((System.nanoTime() - start) / 1e6);
                Pause.of(BETWEEN);
            }
            millis.sort(null);
            Answers one = new Answers(servers, saturated, path, bytes, millis);
            System.out.printf(
                    Locale.ROOT,
                    "%8d %-10s %-16s %9d %9.2f %9.2f %9.2f %9.2f%n",
                    servers,
                    saturated ? "saturated" : "calm",
                    path,
                    bytes,
                    one.at(0.5),
                    one.at(0.95),
                    one.at(0.99),
                    one.at(1));
            all.add(one);
        }
        return all;
    }

    /** The bytes of the whole answer. */
    private static int ask(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                                    .formatted(path)
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            String start =
                    new String(answer, 0, Math.min(answer.length, 12), StandardCharsets.US_ASCII);
            if (!start.equals("HTTP/1.1 200")) {
                throw new IOException(path + " was answered with " + start);
            }
            return answer.length;
        }
    }

    private static void awaitAnswer(int port, String path) {
        long start = System.nanoTime();
        while (true) {
            try {
                ask(port, path);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - start > START.toNanos()) {
                    throw new BenchFailed("it does not serve: " + e.getMessage(), e);
                }
                Pause.of(BETWEEN);
            }
        }
    }

    private Path write(Contender contender, List<Answers> all) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            Path results = Files.createDirectories(plan.root().resolve("bench/results"));
            Path file = results.resolve(now.toString().replace(":", "") + "-stats.json");
            try (Writer writer = Files.newBufferedWriter(file);
                    JsonGenerator json = new JsonFactory().createGenerator(writer)) {
                json.useDefaultPrettyPrinter();
                json.writeStartArray();
                for (Answers one : all) {
                    json.writeStartObject();
                    json.writeStringField("contender", contender.name());
                    json.writeNumberField("servers", one.servers());
                    json.writeBooleanField("saturated", one.saturated());
                    json.writeStringField("path", one.path());
                    json.writeNumberField("bytes", one.bytes());
                    json.writeNumberField("p50-ms", one.at(0.5));
                    json.writeNumberField("p95-ms", one.at(0.95));
                    json.writeNumberField("p99-ms", one.at(0.99));
                    json.writeNumberField("max-ms", one.at(1));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            return file;
        } catch (IOException e) {
            throw new BenchFailed("the result cannot be kept: " + e.getMessage(), e);
        }
    }
}
