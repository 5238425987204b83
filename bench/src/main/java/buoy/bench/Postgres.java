package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The PostgreSQL server behind the proxies, as Debian's package has it, with pgbench's tables. */
final class Postgres {
    private static final Path RELEASES = Path.of("/usr/lib/postgresql");
    private static final Duration START = Duration.ofSeconds(30);

    private Postgres() {}

    /**
     * Starts one whose data lie in a new directory.
     *
     * @param parent gets the directory; others must be able to pass through it
     */
    static Child start(Path parent, int port, Cores cores) {
        Path programs = programs();
        try {
            Path directory = Files.createDirectory(parent.resolve("postgres"));
            Path data = Files.createDirectory(directory.resolve("data"));
            if (isRoot()) {
                Command.output(List.of("chown", "postgres:", data.toString()));
            }
            String said =
                    Command.output(
                            asItsUser(
                                    List.of(
                                            programs.resolve("initdb").toString(),
                                            "--pgdata=" + data,
                                            "--auth=trust",
                                            "--username=postgres",
                                            "--no-sync")));
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                throw new BenchFailed("initdb made no database; it said: " + said.strip());
            }
            Child server =
                    Child.start(
                            "PostgreSQL",
                            cores.onOtherCores(
                                    asItsUser(
                                            List.of(
                                                    programs.resolve("postgres").toString(),
                                                    "-D",
                                                    data.toString(),
                                                    "-p",
                                                    Integer.toString(port),
                                                    "-c",
                                                    "listen_addresses=127.0.0.1",
                                                    "-c",
                                                    "unix_socket_directories=",
                                                    "-c",
                                                    "fsync=off"))),
                            directory);
            String url = Door.POSTGRES.url(port, Pgbench.PATH);
            awaitStart(server, url);
            Pgbench.fill(url);
            return server;
        } catch (IOException e) {
            throw new BenchFailed("no directory for PostgreSQL: " + e.getMessage(), e);
        }
    }

    private static void awaitStart(Child server, String url) {
        Door.Probe probe = Door.POSTGRES.probe(url, 1);
        long start = System.nanoTime();
        while (!Command.output(probe.command()).strip().equals(probe.answer())) {
            if (!server.isAlive() || System.nanoTime() - start > START.toNanos()) {
                String said = server.said();
                server.close();
                throw new BenchFailed("PostgreSQL does not start; it said: " + said);
            }
            Pause.of(Duration.ofMillis(50));
        }
    }

    /** PostgreSQL and PgBouncer refuse to be root: then they run as the user that Debian makes. */
    static List<String> asItsUser(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=postgres",
                                "--regid=postgres",
                                "--clear-groups"));
        all.addAll(command);
        return all;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Of the newest release there is: they are not on the path. */
    private static Path programs() {
        try (Stream<Path> releases = Files.list(RELEASES)) {
            return releases.filter(each -> Files.isExecutable(each.resolve("bin/initdb")))
                    .max(Comparator.comparingDouble(Postgres::number))
                    .map(each -> each.resolve("bin"))
                    .orElseThrow(Postgres::missing);
        } catch (IOException e) {
            throw missing();
        }
    }

    private static double number(Path release) {
        String name = release.getFileName().toString();
        return name.matches("[0-9]+([.][0-9]+)?") ? Double.parseDouble(name) : 0;
    }

    private static BenchFailed missing() {
        return new BenchFailed("PostgreSQL is missing; run: bin/setup-debian bench");
    }
}
