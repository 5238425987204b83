package buoy.bench;

import java.time.Duration;
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
        return read(
                Command.output(
                        cores.onOtherCores(
                                List.of(
                                        "pgbench",
                                        "--select-only",
                                        "--no-vacuum",
                                        "--client=" + SESSIONS,
                                        "--jobs=1",
                                        "--time=" + time.toSeconds(),
                                        url))));
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
