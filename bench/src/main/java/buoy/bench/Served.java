package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
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
     * @param pinned its command, on the cores it is to have
     */
    static Served start(
            Contender contender,
            Plan plan,
            Path parent,
            Ports ports,
            Origins origins,
            UnaryOperator<List<String>> pinned) {
        try {
            Path directory =
                    Files.createDirectory(parent.resolve(contender.name().replace(' ', '-')));
            String template =
                    Files.readString(plan.configurations().resolve(contender.configuration()));
            Path file = directory.resolve(contender.configuration());
            Files.writeString(file, filled(template, directory, ports, origins));
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

    static String filled(String template, Path directory, Ports ports, Origins origins) {
        String text =
                template.replace("@directory@", directory.toString())
                        .replace("@files@", directory.resolveSibling(SiteFiles.NAME).toString())
                        .replace("@origin@", Integer.toString(origins.http()))
                        .replace("@postgres-origin@", Integer.toString(origins.postgres()))
                        .replace("@echo-origin@", Integer.toString(origins.echo()));
        for (var one : ports.doors().entrySet()) {
            text = text.replace("@" + one.getKey().key() + "@", one.getValue().toString());
        }
        return text;
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
