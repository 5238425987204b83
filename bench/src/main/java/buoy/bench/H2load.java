package buoy.bench;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by h2load. */
final class H2load {
    private static final int CONNECTIONS = 16;
    private static final int STREAMS = 32;

    private static final Pattern RATE =
            Pattern.compile("finished in ([\\d.]+)(us|ms|s|m), ([\\d.]+) req/s");
    private static final Pattern REQUESTS =
            Pattern.compile(
                    "requests: .* (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");

    private H2load() {}

    /** Puts load on the URL for that long. */
    static Load run(String url, Duration time, Cores cores) {
        return read(
                Command.output(
                        cores.onOtherCores(
                                List.of(
                                        "h2load",
                                        "-t1",
                                        "-c" + CONNECTIONS,
                                        "-m" + STREAMS,
                                        "-D" + time.toSeconds(),
                                        url))));
    }

    /** Reads what nghttp2's h2load prints. */
    static Load read(String output) {
        Matcher rate = RATE.matcher(output);
        Matcher requests = REQUESTS.matcher(output);
        if (!rate.find() || !requests.find()) {
            throw new BenchFailed("h2load did not measure; it said: " + output.strip());
        }
        long succeeded = Long.parseLong(requests.group(1));
        return new Load(
                succeeded,
                succeeded / Math.max(1, Double.parseDouble(rate.group(3))),
                Long.parseLong(requests.group(2)),
                Double.NaN,
                Double.NaN);
    }
}
