package buoy.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a start and a reload take with few and with many servers: {@code bin/bench reload}. Both
 * end, for all alike, when a client that connects anew gets an answer that the new configuration
 * alone gives. Each reload also has one server that the one before had not.
 */
public final class Reloads {
    /** In a configuration: the answer at {@code /generation}. */
    static final String GENERATION = "generation";

    private static final List<Integer> SERVERS = List.of(10, 10_000);

    /** The first ones a virtual machine runs are slow: all of them are kept, and told apart. */
    private static final int RELOADS = 15;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final int LOOK_MILLIS = 1000;

    /** What was done before a reload is over: workers that went, memory given back. */
    private static final Duration CALM = Duration.ofMillis(300);

    /**
     * One contender's figures.
     *
     * @param reloads each, in milliseconds, in order
     */
    private record Found(
            int servers, String contender, double start, List<Double> reloads, long residentKib) {
        Found {
            reloads = List.copyOf(reloads);
        }

        double median() {
            return Outcome.median(reloads.stream().mapToDouble(each -> each).toArray());
        }

        double most() {
            return Collections.max(reloads);
        }
    }

    /** A contender and how it is told to reload: a signal to the process that was started. */
    private record Reloading(Contender contender, String signal) {}

    private final Plan plan;
    private final Cores cores = Cores.ofThisProcess();

    private Reloads(Plan plan) {
        this.plan = plan;
    }

    /** Reads {@code buoy.root} and BUOY_NATIVE. */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(System.getProperty("buoy.root", "."));
            new Reloads(Plan.of(root, System.getenv(), List.of())).run();
        } catch (BenchFailed failed) {
            System.err.println("bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        Command.need("taskset");
        List<Reloading> contenders = new ArrayList<>();
        contenders.add(new Reloading(Contender.haproxyWithMaster(Command.need("haproxy")), "USR2"));
        contenders.add(new Reloading(Contender.nginx(Command.need("nginx")), "HUP"));
        if (Files.isExecutable(plan.nativeBuoy())) {
            contenders.add(new Reloading(Contender.buoyNative(plan.nativeBuoy()), "HUP"));
        }
        contenders.add(new Reloading(Contender.buoyOnJvm(plan.root().resolve("bin/buoy")), "HUP"));
        System.out.printf(
                Locale.ROOT,
                "%-8s %-12s %12s %16s %12s %12s%n",
                "servers",
                "of",
                "ms to start",
                "ms to reload",
                "longest",
                "KiB resident");
        List<Found> all = new ArrayList<>();
        for (int servers : SERVERS) {
            for (Reloading one : contenders) {
                Found found = measure(one, servers);
                all.add(found);
                System.out.printf(
                        Locale.ROOT,
                        "%-8d %-12s %12.0f %16.1f %12.1f %12d%n",
                        found.servers,
                        found.contender,
                        found.start,
                        found.median(),
                        found.most(),
                        found.residentKib);
            }
        }
        System.out.println("Kept in " + plan.root().relativize(write(all)));
    }

    private Found measure(Reloading one, int servers) {
        Contender contender = one.contender();
        try (Scratch scratch = Scratch.make()) {
            Ports ports = Ports.free(1).getFirst();
            Path directory = Files.createDirectory(scratch.path().resolve("proxy"));
            Path file = directory.resolve(contender.configuration());
            write(contender, servers, 0, file, directory, ports);
            List<String> command = cores.onProxyCore(contender.start().command(file, directory));
            long begun = System.nanoTime();
            try (Child proxy = Child.start(contender.name(), command, directory)) {
                await(proxy, ports, 0, begun);
                double start = millisSince(begun);
                Pause.of(CALM);
                List<Double> reloads = new ArrayList<>();
                for (int i = 0; i < RELOADS; i++) {
                    write(contender, servers + i % 2, i + 1, file, directory, ports);
                    long told = System.nanoTime();
                    Command.output(List.of("kill", "-s", one.signal(), Long.toString(proxy.pid())));
                    await(proxy, ports, i + 1, told);
                    reloads.add(millisSince(told));
                    Pause.of(CALM);
                }
                return new Found(servers, contender.name(), start, reloads, proxy.residentKib());
            }
        } catch (IOException e) {
            throw new BenchFailed("%s: %s".formatted(contender.name(), e), e);
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /** In one step, as an editor does: nobody reads half of it. */
    private void write(
            Contender contender,
            int servers,
            int generation,
            Path file,
            Path directory,
            Ports ports)
            throws IOException {
        Map<String, String> values = Served.values(directory, ports, Origins.one(9));
        values.put(GENERATION, Integer.toString(generation));
        String template = Files.readString(plan.template(Setting.RELOAD, contender));
        Path next = directory.resolve("next");
        Files.writeString(next, Template.filled(template, values, servers));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(Child proxy, Ports ports, int generation, long since) {
        String last = "no answer";
        while (!last.equals(Integer.toString(generation))) {
            if (!proxy.isAlive() || System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new BenchFailed(
                        "no answer of configuration %d (%s); it said: %s"
                                .formatted(generation, last, proxy.said()));
            }
            last = ask(ports.of(Door.HTTP));
            if (!last.equals(Integer.toString(generation))) {
                Pause.of(LOOK);
            }
        }
    }

    /** What is answered on a new connection, or why nothing is. */
    private static String ask(int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(LOOK_MILLIS);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LOOK_MILLIS);
            socket.getOutputStream()
                    .write(
                            "GET /generation HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private Path write(List<Found> all) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            Path results = Files.createDirectories(plan.root().resolve("bench/results"));
            Path file = results.resolve(now.toString().replace(":", "") + "-reload.json");
            try (Writer writer = Files.newBufferedWriter(file);
                    JsonGenerator json = new JsonFactory().createGenerator(writer)) {
                json.useDefaultPrettyPrinter();
                json.writeStartArray();
                for (Found found : all) {
                    json.writeStartObject();
                    json.writeNumberField("servers", found.servers);
                    json.writeStringField("contender", found.contender);
                    json.writeNumberField("start-ms", found.start);
                    json.writeArrayFieldStart("reload-ms");
                    for (double each : found.reloads) {
                        json.writeNumber(each);
                    }
                    json.writeEndArray();
                    json.writeNumberField("resident-kib", found.residentKib);
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
