package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that runs, and the directory it runs in. Closing it ends what it started and nothing else; an
 * interrupt does the same.
 */
final class Stage implements AutoCloseable {
    private final Plan plan;
    private final Cores cores;
    private final Path directory;
    private final List<Served> running = new ArrayList<>();

    /** What ends them. */
    private final List<Runnable> origins = new ArrayList<>();

    private boolean ended;

    private Stage(Plan plan, Cores cores, Path directory) {
        this.plan = plan;
        this.cores = cores;
        this.directory = directory;
    }

    static Stage open(Plan plan, Cores cores) {
        try {
            Stage stage = new Stage(plan, cores, Files.createTempDirectory("buoy-bench"));
            // Run by root, the origin reads its files as somebody else.
            Files.setPosixFilePermissions(
                    stage.directory, PosixFilePermissions.fromString("rwx--x--x"));
            SiteFiles.make(stage.directory);
            Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "bench-close"));
            return stage;
        } catch (IOException e) {
            throw new BenchFailed("no temporary directory: " + e.getMessage(), e);
        }
    }

    /** Starts all of them; returns when each answers. */
    void start(Contender origin, List<Contender> contenders) {
        Origins at = Origins.free();
        startOrigins(origin, at);
        List<Ports> ports = Ports.free(contenders.size());
        for (int i = 0; i < contenders.size(); i++) {
            start(contenders.get(i), ports.get(i), at);
        }
    }

    private synchronized void startOrigins(Contender origin, Origins at) {
        refuseOnceEnded();
        Ports none = new Ports(Map.of());
        Served http = Served.start(origin, plan, directory, none, at, cores::onOtherCores);
        origins.add(http::close);
        if (plan.needsDatabase()) {
            origins.add(Postgres.start(directory, at.postgres(), cores)::close);
        }
        if (plan.needs(Door.WEBSOCKET)) {
            origins.add(WebSockets.start(directory, at.echo(), cores)::close);
        }
    }

    private synchronized void start(Contender contender, Ports ports, Origins at) {
        refuseOnceEnded();
        Served served = Served.start(contender, plan, directory, ports, at, cores::onProxyCore);
        running.add(served);
        served.awaitAnswers(plan.cases());
    }

    private void refuseOnceEnded() {
        if (ended) {
            throw new BenchFailed("interrupted");
        }
    }

    /** The contenders, without the origins. */
    synchronized List<Served> served() {
        return List.copyOf(running);
    }

    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        running.reversed().forEach(Served::close);
        origins.reversed().forEach(Runnable::run);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + directory + " is left behind: " + e.getMessage());
        }
    }
}
