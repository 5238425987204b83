package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Load by h2load at a fixed rate. */
final class Paced {
    private static final int CONNECTIONS = 16;

    private Paced() {}

    /**
     * Asks for the URL at about that rate.
     *
     * @param options of h2load: the version to speak
     * @param rate requests a second, all connections together
     */
    static Latency run(String url, List<String> options, double rate, Duration time, Cores cores) {
        long each = Math.max(1, Math.round(rate / CONNECTIONS));
        try {
            Path log = Files.createTempFile("buoy-bench", ".log");
            try {
                List<String> command =
                        new ArrayList<>(
                                List.of(
                                        "h2load",
                                        "-t1",
                                        "-c" + CONNECTIONS,
                                        "-D" + time.toSeconds(),
                                        "--rps=" + each,
                                        "--log-file=" + log));
                command.addAll(options);
                command.add(url);
                String said = Command.output(cores.onOtherCores(command));
                Latency latency = read((double) each * CONNECTIONS, Files.readAllLines(log));
                if (Double.isNaN(latency.p50())) {
                    throw new BenchFailed("h2load measured nothing; it said: " + said.strip());
                }
                return latency;
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new BenchFailed("h2load's log cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads h2load's log: when a request was sent, its status, and the microseconds it took. */
    static Latency read(double rate, List<String> log) {
        return Latency.of(
                rate,
                log.stream()
                        .map(line -> line.split("\t", -1))
                        .filter(fields -> fields.length >= 3 && fields[1].equals("200"))
                        .mapToLong(fields -> Long.parseLong(fields[2]))
                        .toArray());
    }
}
