package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by {@link buoy.bench.echo.EchoLoad}, and the server behind the proxies that answers it. */
final class WebSockets {
    private static final int BYTES = 64;

    private static final Pattern DONE =
            Pattern.compile("(\\d+) messages in (\\d+) ns, (\\d+) errors, p50 (\\d+), p99 (\\d+)");

    private WebSockets() {}

    /** Starts the server. */
    static Child start(Path parent, int port, Cores cores) {
        try {
            return Child.start(
                    "the WebSocket server",
                    cores.onOtherCores(java("EchoServer", Integer.toString(port))),
                    Files.createDirectory(parent.resolve("echo")));
        } catch (IOException e) {
            throw new BenchFailed("no directory for the WebSocket server: " + e.getMessage(), e);
        }
    }

    /** Sends messages to the URL for that long. */
    static Load run(String url, Duration time, Cores cores) {
        return read(
                Command.output(
                        cores.onOtherCores(
                                java(
                                        "EchoLoad",
                                        url,
                                        Integer.toString(Plan.CONNECTIONS),
                                        Long.toString(time.toSeconds()),
                                        Integer.toString(BYTES)))));
    }

    /** Reads what EchoLoad prints. */
    static Load read(String output) {
        Matcher done = DONE.matcher(output);
        if (!done.find()) {
            throw new BenchFailed("EchoLoad did not measure; it said: " + output.strip());
        }
        return new Load(
                Long.parseLong(done.group(1)),
                Long.parseLong(done.group(2)) / 1e9,
                Long.parseLong(done.group(3)),
                Long.parseLong(done.group(4)) / 1e3,
                Long.parseLong(done.group(5)) / 1e3);
    }

    /** On the Java and the classes of this process. */
    private static List<String> java(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "buoy.bench.echo." + program));
        command.addAll(List.of(arguments));
        return command;
    }
}
