package buoy.daemon.status;

import java.time.Duration;
import java.util.List;

/**
 * Metrics as text: a family is what it is (type, unit, help), then one line for each sample. Names
 * are ours and need no escaping; help does, and values of {@link Labels}.
 *
 * <p>A large configuration has a million lines, so they are made of bytes that are there already.
 */
final class Exposition {
    private static final List<String> UNITS = List.of("seconds", "bytes");

    private final MetricsFormat format;
    private final Slices out = new Slices();
    private final Decimal decimal = new Decimal();
    private String family = "";
    private Line line = new Line(new byte[0], new byte[0]);

    /**
     * What samples of one kind have around the labels that differ.
     *
     * @param opening <code>buoy_server_latency_histogram_seconds_bucket{</code>, in UTF-8
     * @param closing <code>,le="0.25"} </code>
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte[] opening, byte[] closing) {}

    Exposition(MetricsFormat format) {
        this.format = format;
    }

    /** Begins a family; the samples that follow belong to it. */
    Exposition family(String name, String type, String help) {
        family = name;
        line = line("");
        switch (format) {
            case PROMETHEUS -> {
                put("# HELP " + name + " " + Labels.escaped(help, false) + "\n");
                put("# TYPE " + name + " " + type + "\n");
            }
            case OPEN_METRICS -> introduce(name, type, help);
        }
        return this;
    }

    /** Here the name of a counter and of an info is without what all their samples end in. */
    private void introduce(String name, String type, String help) {
        String suffix = type.equals("counter") ? "_total" : name.endsWith("_info") ? "_info" : "";
        String stem = name.substring(0, name.length() - suffix.length());
        put("# TYPE " + stem + " " + (suffix.equals("_info") ? "info" : type) + "\n");
        for (String unit : UNITS) {
            if (stem.endsWith("_" + unit)) {
                put("# UNIT " + stem + " " + unit + "\n");
            }
        }
        put("# HELP " + stem + " " + Labels.escaped(help, true) + "\n");
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
        return sample(line, value, Labels.of(labels));
    }

    /** The same for a whole number. */
    Exposition sample(long value, String... labels) {
        return sample(line, value, Labels.of(labels));
    }

    /** The same with labels that many samples have. */
    Exposition sample(long value, Labels labels) {
        return sample(line, value, labels);
    }

    /**
     * What samples of the family have that have more labels than others.
     *
     * @param suffix of a summary or histogram: {@code _sum}, {@code _count}, {@code _bucket} or
     *     nothing
     * @param more labels, names and values in turn
     */
    Line line(String suffix, String... more) {
        String comma = more.length == 0 ? "" : ",";
        return new Line(
                Labels.utf8(family + suffix + "{"), Labels.utf8(comma + Labels.text(more) + "} "));
    }

    /** One of them. */
    Exposition sample(Line line, double value, Labels labels) {
        begin(line, labels);
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            decimal.set((long) value).writeTo(out);
        } else {
            put(number(value));
        }
        put('\n');
        return this;
    }

    /** The same for a whole number. */
    Exposition sample(Line line, long value, Labels labels) {
        begin(line, labels);
        decimal.set(value).writeTo(out);
        put('\n');
        return this;
    }

    /** The same in seconds. */
    Exposition sample(Line line, Duration value, Labels labels) {
        begin(line, labels);
        decimal.set(value.getSeconds(), value.getNano()).writeTo(out);
        put('\n');
        return this;
    }

    private void begin(Line line, Labels labels) {
        if (labels.isEmpty()) {
            put(family);
            put(' ');
        } else {
            out.write(line.opening());
            out.write(labels.written());
            out.write(line.closing());
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    /** All of it, in order. Nothing can be written afterwards. */
    List<byte[]> end() {
        if (format == MetricsFormat.OPEN_METRICS) {
            put("# EOF\n");
        }
        return out.end();
    }

    private void put(String text) {
        out.write(Labels.utf8(text));
    }

    private void put(char ascii) {
        out.write(ascii);
    }
}
