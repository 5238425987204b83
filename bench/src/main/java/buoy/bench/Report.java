package buoy.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** The table for people. */
final class Report {
    private static final String ROW = "  %-12s %10s %13s %10s %8s %12s %12s%s%n";

    private Report() {}

    static String of(List<Outcome> outcomes) {
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                ROW,
                                "",
                                "us CPU/req",
                                "least-most",
                                "ratio",
                                "to best",
                                "requests/s",
                                "resident",
                                ""));
        for (Case what : Case.values()) {
            List<Outcome> rows = outcomes.stream().filter(one -> one.what() == what).toList();
            if (rows.isEmpty()) {
                continue;
            }
            text.append(title(what, rows)).append(System.lineSeparator());
            Outcome best = Outcome.best(rows);
            rows.forEach(row -> text.append(row(row, rows.getFirst(), best)));
        }
        List<Outcome> paced = outcomes.stream().filter(one -> !one.latencies().isEmpty()).toList();
        if (!paced.isEmpty()) {
            text.append(System.lineSeparator())
                    .append(
                            String.format(
                                    ROW, "", "p50", "p99", "p99.9", "p99 ratio", "", "at", ""));
            paced.stream()
                    .map(Outcome::what)
                    .distinct()
                    .forEach(
                            what -> {
                                text.append(what.title()).append(System.lineSeparator());
                                List<Outcome> rows =
                                        paced.stream().filter(one -> one.what() == what).toList();
                                rows.forEach(row -> text.append(paced(row, rows.getFirst())));
                            });
        }
        return text.toString();
    }

    private static String paced(Outcome row, Outcome first) {
        return String.format(
                ROW,
                row.contender().name(),
                millis(row.medianLatency(Latency::p50)),
                millis(row.medianLatency(Latency::p99)),
                millis(row.medianLatency(Latency::p999)),
                decimal(2, row.medianLatency(Latency::p99) / first.medianLatency(Latency::p99)),
                "",
                decimal(0, row.medianLatency(Latency::rate)) + "/s",
                "");
    }

    private static String millis(double micros) {
        return decimal(2, micros / 1000) + " ms";
    }

    /** A case that began beside other work says so: its figures are of little use. */
    private static String title(Case what, List<Outcome> rows) {
        int idle = rows.getFirst().idlePercent();
        return idle < Machine.QUIET
                ? "%s (the machine was %d %% idle before it)".formatted(what.title(), idle)
                : what.title();
    }

    private static String row(Outcome row, Outcome first, Outcome best) {
        return String.format(
                ROW,
                row.contender().name(),
                decimal(1, row.microsPerRequest()),
                decimal(1, row.least()) + "-" + decimal(1, row.most()),
                decimal(2, row.ratio(first)),
                decimal(2, row.ratio(best)),
                decimal(0, row.median(sample -> sample.load().requestsPerSecond())),
                decimal(1, row.residentKib() * 1024 / 1e6) + " MB",
                row.errors() == 0 ? "" : "  " + row.errors() + " errors");
    }

    private static String decimal(int digits, double value) {
        // A machine too slow for one tick of CPU or one answer has no figure.
        return !Double.isFinite(value)
                ? "-"
                : BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
