package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A contender that runs, in a directory of its own. */
final class Served implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Contender contender;
    private final Ports ports;
    private final Child process;

    private Served(Contender contender, Ports ports, Child process) {
        this.contender = contender;
        this.ports = ports;
        this.process = process;
    }

    /**
     * Fills its configuration in and starts it.
     *
     * @param each lines where the configuration says so
     * @param pinned its command, on the cores it is to have
     */
    static Served start(
            Contender contender,
            Path template,
            int each,
            Path parent,
            Ports ports,
            Origins origins,
            UnaryOperator<List<String>> pinned) {
        try {
            Path directory =
                    Files.createDirectory(parent.resolve(contender.name().replace(' ', '-')));
            Path file = directory.resolve(contender.configuration());
            Files.writeString(
                    file,
                    Template.filled(
                            Files.readString(template), values(directory, ports, origins), each));
            List<String> command = contender.start().command(file, directory);
            return new Served(
                    contender,
                    ports,
                    Child.start(contender.name(), pinned.apply(command), directory));
        } catch (IOException e) {
            throw new BenchFailed(
                    "%s cannot be configured: %s".formatted(contender.name(), e.getMessage()), e);
        }
    }

    /** What a configuration can say for itself. */
    static Map<String, String> values(Path directory, Ports ports, Origins origins) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("directory", directory.toString());
        values.put("files", directory.resolveSibling(SiteFiles.NAME).toString());
        values.put("origin", Integer.toString(origins.http()));
        values.put("postgres-origin", Integer.toString(origins.postgres()));
        values.put("echo-origin", Integer.toString(origins.echo()));
        ports.doors().forEach((door, port) -> values.put(door.key(), port.toString()));
        return values;
    }

    Contender contender() {
        return contender;
    }

    /**
     * Waits until it answers as the origin does.
     *
     * @param cases in these
     */
    void awaitAnswers(Collection<Case> cases) {
        cases.stream().filter(contender::does).forEach(this::awaitAnswer);
    }

    private void awaitAnswer(Case what) {
        long start = System.nanoTime();
        Door.Probe probe = what.door().probe(url(what), what.size());
        String last = "no answer";
        while (System.nanoTime() - start < START.toNanos() && process.isAlive()) {
            last = Command.output(probe.command()).strip();
            if (last.equals(probe.answer())) {
                return;
            }
            Pause.of(LOOK);
        }
        throw new BenchFailed(
                "%s does not serve %s (%s in place of %s); it said: %s"
                        .formatted(
                                contender.name(), url(what), last, probe.answer(), process.said()));
    }

    String url(Door door, String path) {
        return door.url(ports.of(door), path);
    }

    String url(Case what) {
        return what.url(ports);
    }

    /** CPU time used so far by all its processes. */
    Duration cpuTime() {
        return process.cpuTime();
    }

    /** Resident memory of all its processes, in KiB. */
    long residentKib() {
        return process.residentKib();
    }

    @Override
    public void close() {
        process.close();
    }
}
