package buoy.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by pgbench: the built-in transaction of one SELECT by primary key. */
final class Pgbench {
    /** TLS is not what is compared here. */
    static final String PATH = "/postgres?user=postgres&sslmode=disable";

    private static final int SESSIONS = 16;

    private static final Pattern TRANSACTIONS =
            Pattern.compile("number of transactions actually processed: (\\d+)");
    private static final Pattern FAILED =
            Pattern.compile("number of failed transactions: (\\d+)|client \\d+ aborted");
    private static final Pattern RATE = Pattern.compile("tps = ([\\d.]+)");

    private Pgbench() {}

    /** Fills the tables that the load reads: a hundred thousand rows. */
    static void fill(String url) {
        String said = Command.output(List.of("pgbench", "--initialize", "--quiet", url));
        if (!said.contains("done in")) {
            throw new BenchFailed("pgbench made no tables; it said: " + said.strip());
        }
    }

    /** Puts load on the URL for that long. */
    static Load run(String url, Duration time, Cores cores) {
        return read(Command.output(cores.onOtherCores(command(url, time, List.of()))));
    }

    /**
     * The same at a rate that does not depend on the answers. A transaction that had to wait for
     * its session counts from when it was due.
     *
     * @param rate transactions a second, all sessions together
     */
    static Latency pace(String url, double rate, Duration time, Cores cores) {
        try (Scratch scratch = Scratch.make()) {
            Path prefix = scratch.path().resolve("log");
            List<String> options =
                    List.of(
                            "--rate=" + Math.max(1, Math.round(rate)),
                            "--log",
                            "--log-prefix=" + prefix);
            String said = Command.output(cores.onOtherCores(command(url, time, options)));
            List<String> log = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch.path())) {
                for (Path file : files) {
                    log.addAll(Files.readAllLines(file));
                }
            }
            Latency latency = readLog(rate, log);
            if (Double.isNaN(latency.p50())) {
                throw new BenchFailed("pgbench measured nothing; it said: " + said.strip());
            }
            return latency;
        } catch (IOException e) {
            throw new BenchFailed("pgbench's log cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> command(String url, Duration time, List<String> options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "pgbench",
                                "--select-only",
                                "--no-vacuum",
                                "--client=" + SESSIONS,
                                "--jobs=1",
                                "--time=" + time.toSeconds()));
        command.addAll(options);
        command.add(url);
        return command;
    }

    /**
     * Reads pgbench's log: session, number, microseconds since the transaction was due, and more.
     */
    static Latency readLog(double rate, List<String> log) {
        return Latency.of(
                rate,
                log.stream()
                        .map(line -> line.split(" ", -1))
                        .filter(fields -> fields.length >= 3 && fields[2].matches("[0-9]+"))
                        .mapToLong(fields -> Long.parseLong(fields[2]))
                        .toArray());
    }

    /** Reads what PostgreSQL 15's pgbench prints. */
    static Load read(String output) {
        Matcher transactions = TRANSACTIONS.matcher(output);
        Matcher rate = RATE.matcher(output);
        if (!transactions.find() || !rate.find()) {
            throw new BenchFailed("pgbench did not measure; it said: " + output.strip());
        }
        long done = Long.parseLong(transactions.group(1));
        return new Load(
                done,
                done / Math.max(1, Double.parseDouble(rate.group(1))),
                FAILED.matcher(output)
                        .results()
                        .mapToLong(one -> one.group(1) == null ? 1 : Long.parseLong(one.group(1)))
                        .sum(),
                Double.NaN,
                Double.NaN);
    }
}
