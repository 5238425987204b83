package buoy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs until it is closed. */
final class Child implements AutoCloseable {
    private final Path log;
    private final Process process;

    private Child(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param name for people
     * @param directory gets a file {@code log} with everything it writes
     */
    static Child start(String name, List<String> command, Path directory) {
        Path log = directory.resolve("log");
        try {
            return new Child(
                    log,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
        } catch (IOException e) {
            throw new BenchFailed("%s cannot be started: %s".formatted(name, e.getMessage()), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String said() {
        return Proc.read(log).strip();
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
