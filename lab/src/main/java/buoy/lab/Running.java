package buoy.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process on a {@link Host}, with its output in a file.
 *
 * <p>What this JVM started is {@code nsenter}; the process itself is that one's child, and signals
 * go to the process itself.
 */
public final class Running {
    private final String name;
    private final Path log;
    private final Process entrance;
    private final Optional<ProcessHandle> self;

    private Running(String name, Path log, Process entrance, Optional<ProcessHandle> self) {
        this.name = name;
        this.log = log;
        this.entrance = entrance;
        this.self = self;
    }

    static Running start(String name, Path log, List<String> command) throws IOException {
        Process entrance =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Await.until(
                Duration.ofSeconds(20),
                "start of " + name,
                () -> !entrance.isAlive() || entrance.children().findAny().isPresent());
        return new Running(name, log, entrance, entrance.children().findFirst());
    }

    /** A process of this machine, outside every lab. */
    static Running startHere(String name, Path log, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new Running(name, log, process, Optional.of(process.toHandle()));
    }

    /** In the machine's process table. */
    public long pid() {
        return self.orElseThrow(() -> new LabFailed(name + " ended at once: " + output())).pid();
    }

    /** Its resident memory, in KiB. */
    public long residentKib() {
        return kib("VmRSS:");
    }

    /** The most that was resident since it started, in KiB. */
    public long mostResidentKib() {
        return kib("VmHWM:");
    }

    private long kib(String line) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid()), "status"))
                    .lines()
                    .filter(each -> each.startsWith(line))
                    .mapToLong(each -> Long.parseLong(each.replaceAll("\\D+", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return entrance.isAlive() && self.map(ProcessHandle::isAlive).orElse(false);
    }

    public Path log() {
        return log;
    }

    /** Everything it wrote so far. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until its output has the text. */
    public void awaitOutput(String text, Duration atMost) {
        Await.until(
                atMost,
                "\"%s\" from %s (see %s)".formatted(text, name, log),
                () -> {
                    if (output().contains(text)) {
                        return true;
                    }
                    if (!isAlive()) {
                        throw new LabFailed(name + " ended: " + output());
                    }
                    return false;
                });
    }

    /** Writes a line to its standard input. */
    public void tell(String line) {
        try {
            BufferedWriter writer = entrance.outputWriter(StandardCharsets.UTF_8);
            writer.write(line + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new LabFailed(name + " does not listen: " + output(), e);
        }
    }

    /**
     * SIGKILL to the process and all it started; it is dead and its sockets are closed when this
     * returns. They are stopped first, so that none of them sees another die: keepalived's child
     * would say good-bye.
     */
    public void kill() {
        signal("STOP");
        signal("KILL");
        wakeEntrance();
        try {
            if (!entrance.waitFor(20, TimeUnit.SECONDS)) {
                throw new LabFailed(name + " does not die");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabFailed("interrupted", e);
        }
    }

    /** SIGSTOP to the process and all it started: alive, and doing nothing. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT: ends {@link #freeze}. */
    public void thaw() {
        signal("CONT");
        wakeEntrance();
    }

    /**
     * nsenter stops itself when its child is stopped. It must be woken to reap that child, without
     * which the namespace cannot end.
     */
    void wakeEntrance() {
        if (entrance.isAlive()) {
            Finished.of("kill", "-CONT", Long.toString(entrance.pid()));
        }
    }

    /** SIGHUP to the process alone. */
    public void hangUp() {
        Finished.of("kill", "-HUP", Long.toString(pid())).orFail();
    }

    /** SIGTERM to the process alone; does not wait. */
    public void terminate() {
        Finished.of("kill", "-TERM", Long.toString(pid())).orFail();
    }

    /** SIGTERM, and waits for its end. */
    public int stop(Duration atMost) {
        if (isAlive()) {
            terminate();
        }
        return awaitEnd(atMost);
    }

    /**
     * Waits for an end that is under way.
     *
     * @return its exit status
     */
    public int awaitEnd(Duration atMost) {
        Await.until(atMost, "the end of " + name + " (see " + log + ")", () -> !entrance.isAlive());
        return entrance.exitValue();
    }

    private void signal(String signal) {
        var command = new ArrayList<>(List.of("kill", "-" + signal));
        self.stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .forEach(process -> command.add(Long.toString(process.pid())));
        Finished sent = Finished.of(command);
        if (isAlive() && !signal.equals("KILL")) {
            sent.orFail();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
