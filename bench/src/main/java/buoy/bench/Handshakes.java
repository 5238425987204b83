package buoy.bench;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Connections by OpenSSL's s_time, one after the other, each with a handshake. */
final class Handshakes {
    private static final Pattern DONE =
            Pattern.compile("(\\d+) connections in (\\d+) real seconds");

    private Handshakes() {}

    /**
     * Connects for that long, and asks for the URL's path on each connection.
     *
     * @param sessions {@code -new} or {@code -reuse}
     */
    static Load run(String url, String sessions, Duration time, Cores cores) {
        URI at = URI.create(url);
        return read(
                Command.output(
                        cores.onOtherCores(
                                List.of(
                                        "openssl",
                                        "s_time",
                                        "-connect",
                                        at.getHost() + ":" + at.getPort(),
                                        "-www",
                                        at.getPath(),
                                        sessions,
                                        "-time",
                                        Long.toString(asked(time))))));
    }

    /** OpenSSL goes on until a whole second is over after its time: one to two more than asked. */
    private static long asked(Duration time) {
        return Math.max(1, time.toSeconds() - 1);
    }

    /** Reads what OpenSSL prints; its second line has the time that passed. */
    static Load read(String output) {
        Matcher done = DONE.matcher(output);
        if (!done.find()) {
            throw new BenchFailed("openssl s_time did not measure; it said: " + output.strip());
        }
        return new Load(
                Long.parseLong(done.group(1)),
                Math.max(1, Long.parseLong(done.group(2))),
                0,
                Double.NaN,
                Double.NaN);
    }
}
