package buoy.daemon.status;

import java.util.Locale;

/**
 * Prometheus' text format, version 0.0.4: a family is its help and type, then one line for each
 * sample. Names are ours and need no escaping; label values and help do.
 */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(16 * 1024);
    private String family = "";

    /** Begins a family; the samples that follow belong to it. */
    Exposition family(String name, String type, String help) {
        family = name;
        out.append("# HELP ").append(name).append(' ');
        escape(help, false);
        out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    Exposition gauge(String name, String help) {
        return family(name, "gauge", help);
    }

    Exposition counter(String name, String help) {
        return family(name, "counter", help);
    }

    /**
     * One sample of the family.
     *
     * @param labels names and values in turn
     */
    Exposition sample(double value, String... labels) {
        return sampleOf(family, number(value), labels);
    }

    /** The same for a whole number. */
    Exposition sample(long value, String... labels) {
        return sampleOf(family, Long.toString(value), labels);
    }

    /**
     * One sample of a summary or histogram: {@code suffix} is {@code _sum}, {@code _count} or
     * {@code _bucket}.
     */
    Exposition part(String suffix, long value, String... labels) {
        return sampleOf(family + suffix, Long.toString(value), labels);
    }

    /** The same for a part that is no whole number. */
    Exposition part(String suffix, double value, String... labels) {
        return sampleOf(family + suffix, number(value), labels);
    }

    private Exposition sampleOf(String name, String value, String... labels) {
        out.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1], true);
            out.append('"');
        }
        out.append(labels.length == 0 ? "" : "}").append(' ').append(value).append('\n');
        return this;
    }

    private void escape(String text, boolean label) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(label ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%s", value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
