package buoy.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The memory that sessions cost which say nothing: {@code bin/bench idle}. Each has said one thing
 * both ways. One proxy at a time, from its start: resident before the first session, and when so
 * many are there. What the kernel keeps for their sockets is not in it, and the same for all.
 */
public final class Idle {
    private static final int USUAL = 10_000;

    /** Open files of each program for anything else. */
    private static final int RESERVED = 1000;

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A session may be late behind a backlog that has overflown; it may not be lost. */
    private static final int PATIENCE_MILLIS = 30_000;

    /** What there was to say first is said, and what was needed for it given back. */
    private static final Duration CALM = Duration.ofSeconds(2);

    /**
     * The native executable gives back after half a minute what so many that connect at once made
     * it take.
     */
    private static final Duration FORGOTTEN = Duration.ofSeconds(35);

    /** What the sessions are. */
    private enum Kind {
        /** One octet each way. */
        TCP("61", "61"),
        /** StartupMessage of user bob; AuthenticationOk, BackendKeyData, ReadyForQuery. */
        POSTGRES(
                "0000001200030000" + "7573657200626f6200" + "00",
                "520000000800000000" + "4b0000000c0000000100000002" + "5a0000000549");

        private final String question;
        private final String answer;

        Kind(String question, String answer) {
            this.question = question;
            this.answer = answer;
        }

        byte[] question() {
            return HexFormat.of().parseHex(question);
        }

        byte[] answer() {
            return HexFormat.of().parseHex(answer);
        }

        int port(Ports ports) {
            return ports.of(this == TCP ? Door.TCP : Door.POSTGRES);
        }
    }

    /** One proxy's figures. */
    private record Found(Kind kind, String contender, int sessions, long beforeKib, long afterKib) {
        double kibEach() {
            return (double) (afterKib - beforeKib) / sessions;
        }
    }

    private final Plan plan;
    private final int sessions;
    private final Cores cores = Cores.ofThisProcess();

    private Idle(Plan plan, int sessions) {
        this.plan = plan;
        this.sessions = sessions;
    }

    /** Reads {@code buoy.root}, BUOY_NATIVE and BENCH_SESSIONS. */
    public static void main(String[] arguments) {
        try {
            Path root = Path.of(System.getProperty("buoy.root", "."));
            Map<String, String> environment = System.getenv();
            new Idle(Plan.of(root, environment, List.of()), sessions(environment)).run();
        } catch (BenchFailed failed) {
            System.err.println("bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    /** As many as the limit on open files leaves room for, two for each, if those are less. */
    private static int sessions(Map<String, String> environment) {
        int wanted = Plan.number(environment, "BENCH_SESSIONS", USUAL);
        int files =
                Proc.read(Path.of("/proc/self/limits"))
                        .lines()
                        .filter(line -> line.startsWith("Max open files"))
                        .map(line -> line.split(" {2,}", -1)[1])
                        .map(soft -> soft.equals("unlimited") ? "1000000" : soft)
                        .mapToInt(Integer::parseInt)
                        .findFirst()
                        .orElse(USUAL);
        return Math.min(wanted, (files - RESERVED) / 2);
    }

    private void run() {
        Command.need("taskset");
        List<Contender> contenders = new ArrayList<>();
        contenders.add(Contender.haproxy(Command.need("haproxy")));
        if (Files.isExecutable(plan.nativeBuoy())) {
            contenders.add(Contender.buoyNative(plan.nativeBuoy()));
        }
        contenders.add(Contender.buoyOnJvm(plan.root().resolve("bin/buoy")));
        System.out.printf(
                Locale.ROOT,
                "%-10s %-12s %10s %12s %12s %14s%n",
                "sessions",
                "of",
                "number",
                "KiB before",
                "KiB after",
                "KiB for each");
        List<Found> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Contender contender : contenders) {
                Found found = measure(kind, contender);
                all.add(found);
                System.out.printf(
                        Locale.ROOT,
                        "%-10s %-12s %10d %12d %12d %14.2f%n",
                        kind.name().toLowerCase(Locale.ROOT),
                        found.contender,
                        sessions,
                        found.beforeKib,
                        found.afterKib,
                        found.kibEach());
            }
        }
        System.out.println("Kept in " + plan.root().relativize(write(all)));
    }

    private static boolean givesBack(Contender contender) {
        return contender.role() == Contender.Role.BUOY && !contender.isJvm();
    }

    private Found measure(Kind kind, Contender contender) {
        List<Socket> clients = new ArrayList<>();
        try (Scratch scratch = Scratch.make();
                ServerSocket origin = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> accept(origin, kind));
            Ports ports = Ports.free(1).getFirst();
            Origins origins = Origins.one(origin.getLocalPort());
            try (Served proxy =
                    Served.start(
                            contender,
                            plan.template(Setting.IDLE, contender),
                            0,
                            scratch.path(),
                            ports,
                            origins,
                            cores::onProxyCore)) {
                awaitFirst(kind, ports).close();
                Pause.of(CALM);
                long before = proxy.residentKib();
                for (int i = 0; i < sessions; i++) {
                    clients.add(session(kind, ports));
                }
                Pause.of(givesBack(contender) ? FORGOTTEN : CALM);
                long after = proxy.residentKib();
                // That all of them are there is part of the figure.
                if (!areAllOpen(clients)) {
                    throw new BenchFailed(contender.name() + " has lost a session");
                }
                return new Found(kind, contender.name(), sessions, before, after);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        } catch (IOException e) {
            throw new BenchFailed(
                    "%s, session %d: %s".formatted(contender.name(), clients.size(), e), e);
        }
    }

    /** Each is waited for a moment: together. */
    private static boolean areAllOpen(List<Socket> clients) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> open =
                    clients.stream().map(client -> threads.submit(() -> isOpen(client))).toList();
            for (Future<Boolean> each : open) {
                if (!each.get()) {
                    return false;
                }
            }
            return true;
        } catch (ExecutionException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        }
    }

    /** Nothing comes, and no end. */
    private static boolean isOpen(Socket client) throws IOException {
        client.setSoTimeout(1);
        try {
            client.getInputStream().read();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        }
    }

    private static Socket awaitFirst(Kind kind, Ports ports) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return session(kind, ports);
            } catch (IOException e) {
                if (System.nanoTime() - start > START.toNanos()) {
                    throw e;
                }
                Pause.of(LOOK);
            }
        }
    }

    private static Socket session(Kind kind, Ports ports) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), kind.port(ports));
        try {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.getOutputStream().write(kind.question());
            byte[] answer = client.getInputStream().readNBytes(kind.answer().length);
            if (!Arrays.equals(answer, kind.answer())) {
                throw new IOException("the wrong answer, or none");
            }
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private static void accept(ServerSocket origin, Kind kind) {
        while (!origin.isClosed()) {
            try {
                Socket client = origin.accept();
                Thread.ofVirtual().start(() -> serve(client, kind));
            } catch (IOException _) {
                // Closed: the loop ends.
            }
        }
    }

    private static void serve(Socket client, Kind kind) {
        try (client) {
            new DataInputStream(client.getInputStream())
                    .readFully(new byte[kind.question().length]);
            client.getOutputStream().write(kind.answer());
            client.getInputStream().readAllBytes();
        } catch (IOException _) {
            // The proxy is gone: whoever measures hears of it at the other end.
        }
    }

    private Path write(List<Found> all) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try {
            Path results = Files.createDirectories(plan.root().resolve("bench/results"));
            Path file = results.resolve(now.toString().replace(":", "") + "-idle.json");
            try (Writer writer = Files.newBufferedWriter(file);
                    JsonGenerator json = new JsonFactory().createGenerator(writer)) {
                json.useDefaultPrettyPrinter();
                json.writeStartArray();
                for (Found found : all) {
                    json.writeStartObject();
                    json.writeStringField("sessions", found.kind.name().toLowerCase(Locale.ROOT));
                    json.writeStringField("contender", found.contender);
                    json.writeNumberField("number", found.sessions);
                    json.writeNumberField("resident-kib-before", found.beforeKib);
                    json.writeNumberField("resident-kib-after", found.afterKib);
                    json.writeNumberField("kib-each", found.kibEach());
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
