package buoy.daemon.status;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How metrics are written: as whoever asks prefers. */
public enum MetricsFormat {
    /** Prometheus' text format, version 0.0.4. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),

    /** OpenMetrics 1.0.0. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private static final String OPEN = "application/openmetrics-text";
    private static final String VERSION = "1.0.0";
    private static final List<String> TEXT = List.of("text/plain", "text/*", "*/*");

    private final String contentType;

    MetricsFormat(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /**
     * OpenMetrics for who names it, in a version that is written here, and wants nothing else more
     * (RFC 9110 12.5.1); for everybody else the older format, which everything reads.
     *
     * @param accept the value of the field {@code Accept}, from the network
     */
    public static MetricsFormat accepted(Optional<String> accept) {
        double open = 0;
        double text = 0;
        for (String range : accept.orElse("").split(",", -1)) {
            String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
            String type = parts[0].strip();
            if (type.equals(OPEN) && parameter(parts, "version").orElse(VERSION).equals(VERSION)) {
                open = Math.max(open, quality(parts));
            } else if (TEXT.contains(type)) {
                text = Math.max(text, quality(parts));
            }
        }
        return open > 0 && open >= text ? OPEN_METRICS : PROMETHEUS;
    }

    private static Optional<String> parameter(String[] parts, String name) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith(name + "=")) {
                return Optional.of(part.substring(name.length() + 1).replace("\"", "").strip());
            }
        }
        return Optional.empty();
    }

    /** RFC 9110 12.4.2: from 0, not at all, to 1, which is so where nothing is said. */
    private static double quality(String[] parts) {
        Optional<String> written = parameter(parts, "q");
        if (written.isEmpty()) {
            return 1;
        }
        return written.filter(it -> it.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?"))
                .map(Double::parseDouble)
                .orElse(0.0);
    }
}
