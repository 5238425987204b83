package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A contender that runs, in a directory of its own. */
final class Served implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Contender contender;
    private final Ports ports;
    private final Path log;
    private final Process process;

    private Served(Contender contender, Ports ports, Path log, Process process) {
        this.contender = contender;
        this.ports = ports;
        this.log = log;
        this.process = process;
    }

    /**
     * Fills its configuration in and starts it.
     *
     * @param origin the port its server listens on
     */
    static Served start(
            Contender contender, Plan plan, Path parent, Ports ports, int origin, Cores cores) {
        try {
            Path directory =
                    Files.createDirectory(parent.resolve(contender.name().replace(' ', '-')));
            String template =
                    Files.readString(plan.configurations().resolve(contender.configuration()));
            Path file = directory.resolve(contender.configuration());
            Files.writeString(file, filled(template, directory, ports, origin));
            Path log = directory.resolve("log");
            List<String> command = contender.start().command(file, directory);
            boolean isOrigin = ports.http() == origin;
            Process process =
                    new ProcessBuilder(
                                    isOrigin
                                            ? cores.onOtherCores(command)
                                            : cores.onProxyCore(command))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            return new Served(contender, ports, log, process);
        } catch (IOException e) {
            throw new BenchFailed(
                    "%s cannot be started: %s".formatted(contender.name(), e.getMessage()), e);
        }
    }

    static String filled(String template, Path directory, Ports ports, int origin) {
        return template.replace("@directory@", directory.toString())
                .replace("@files@", directory.resolveSibling(SiteFiles.NAME).toString())
                .replace("@http@", Integer.toString(ports.http()))
                .replace("@https@", Integer.toString(ports.https()))
                .replace("@tcp@", Integer.toString(ports.tcp()))
                .replace("@stats@", Integer.toString(ports.stats()))
                .replace("@origin@", Integer.toString(origin));
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
        cases.stream().filter(contender.cases()::contains).forEach(this::awaitAnswer);
    }

    private void awaitAnswer(Case what) {
        long start = System.nanoTime();
        String right = "200 " + what.size();
        String last = "no answer";
        while (System.nanoTime() - start < START.toNanos() && process.isAlive()) {
            last =
                    Command.output(
                                    List.of(
                                            "curl",
                                            "--silent",
                                            "--insecure",
                                            "--max-time",
                                            "5",
                                            "--output",
                                            "/dev/null",
                                            "--write-out",
                                            "%{http_code} %{size_download}",
                                            url(what)))
                            .strip();
            if (last.equals(right)) {
                return;
            }
            Pause.of(LOOK);
        }
        throw new BenchFailed(
                "%s does not serve %s (%s in place of %s); it said: %s"
                        .formatted(
                                contender.name(), url(what), last, right, Proc.read(log).strip()));
    }

    String url(Case what) {
        return what.url(ports);
    }

    /** CPU time used so far by all its processes. */
    Duration cpuTime() {
        return processes()
                .map(one -> Proc.cpuTime(one.pid()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Resident memory of all its processes, in KiB. */
    long residentKib() {
        return processes().mapToLong(one -> Proc.residentKib(one.pid())).sum();
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Asks it to stop, and ends what does not. */
    @Override
    public void close() {
        List<ProcessHandle> all = processes().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
