package buoy.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by wrk. */
final class Wrk {
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([\\d.]+)(ms|s|m)");
    private static final Pattern SOCKETS =
            Pattern.compile(
                    "Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private Wrk() {}

    /** Puts load on the URL for that long. */
    static Load run(String url, Duration time, Cores cores, List<String> options) {
        return run(url, Plan.CONNECTIONS, time, cores, options);
    }

    /** The same over so many connections. */
    static Load run(String url, int connections, Duration time, Cores cores, List<String> options) {
        return run(connections, time, cores, options, List.of(url));
    }

    /** The same on every route that is planned, in turn. */
    static Load runOverRoutes(String url, Plan plan, Duration time, Cores cores) {
        return run(
                Plan.CONNECTIONS,
                time,
                cores,
                List.of("--script=" + plan.configurations().resolve("routes.lua")),
                List.of(url, "--", Integer.toString(plan.many())));
    }

    private static Load run(
            int connections,
            Duration time,
            Cores cores,
            List<String> options,
            List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "--latency"));
        command.add("-c" + connections);
        command.add("-d" + time.toSeconds() + "s");
        command.addAll(options);
        command.addAll(arguments);
        return read(Command.output(cores.onOtherCores(command)));
    }

    /** Reads what wrk 4 prints. */
    static Load read(String output) {
        Matcher total = TOTAL.matcher(output);
        if (!total.find()) {
            throw new BenchFailed("wrk did not measure; it said: " + output.strip());
        }
        return new Load(
                Long.parseLong(total.group(1)),
                seconds(total.group(2), total.group(3)),
                sum(SOCKETS.matcher(output)) + sum(STATUS.matcher(output)),
                percentile(output, "50"),
                percentile(output, "99"));
    }

    private static long sum(Matcher numbers) {
        long sum = 0;
        if (numbers.find()) {
            for (int i = 1; i <= numbers.groupCount(); i++) {
                sum += Long.parseLong(numbers.group(i));
            }
        }
        return sum;
    }

    private static double percentile(String output, String which) {
        Matcher line =
                Pattern.compile("(?m)^ +" + which + "% +([\\d.]+)(us|ms|s|m)$").matcher(output);
        return line.find() ? seconds(line.group(1), line.group(2)) * 1e6 : Double.NaN;
    }

    private static double seconds(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit) {
            case "us" -> value / 1e6;
            case "ms" -> value / 1e3;
            case "m" -> value * 60;
            default -> value;
        };
    }
}
