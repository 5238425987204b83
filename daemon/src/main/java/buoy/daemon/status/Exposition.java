package buoy.daemon.status;

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
    private final byte[] digits = new byte[20];
    private byte[] family = {};

    Exposition(MetricsFormat format) {
        this.format = format;
    }

    /** Begins a family; the samples that follow belong to it. */
    Exposition family(String name, String type, String help) {
        family = Labels.utf8(name);
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
        return sample(value, Labels.of(labels));
    }

    /** The same for a whole number. */
    Exposition sample(long value, String... labels) {
        return sample(value, Labels.of(labels));
    }

    Exposition sample(double value, Labels labels) {
        return part("", value, labels, Labels.NONE);
    }

    Exposition sample(long value, Labels labels) {
        return part("", value, labels, Labels.NONE);
    }

    /**
     * One sample of a summary or histogram: {@code suffix} is {@code _sum}, {@code _count}, {@code
     * _bucket} or nothing.
     *
     * @param more what this sample has beside the labels of all
     */
    Exposition part(String suffix, double value, Labels labels, Labels more) {
        begin(suffix, labels, more);
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            put((long) value);
        } else {
            put(number(value));
        }
        put('\n');
        return this;
    }

    /** The same for a whole number. */
    Exposition part(String suffix, long value, Labels labels, Labels more) {
        begin(suffix, labels, more);
        put(value);
        put('\n');
        return this;
    }

    private void begin(String suffix, Labels labels, Labels more) {
        put(family);
        if (!suffix.isEmpty()) {
            put(suffix);
        }
        if (!labels.isEmpty() || !more.isEmpty()) {
            put('{');
            put(labels.written());
            if (!labels.isEmpty() && !more.isEmpty()) {
                put(',');
            }
            put(more.written());
            put('}');
        }
        put(' ');
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

    private void put(long value) {
        if (value < 0) {
            put(Long.toString(value));
            return;
        }
        int at = digits.length;
        long rest = value;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        out.write(digits, at, digits.length - at);
    }

    private void put(String text) {
        put(Labels.utf8(text));
    }

    private void put(byte[] bytes) {
        out.write(bytes);
    }

    private void put(char ascii) {
        out.write(ascii);
    }
}
