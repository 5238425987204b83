package buoy.daemon.status;

import buoy.config.model.AddressText;
import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import buoy.lb.BalancerStatus.ServerStatus;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people say them. */
public final class Words {
    private static final String[] SCALES = {"", "k", "M", "G", "T", "P"};

    private Words() {}

    /**
     * The name of a constant as it is written everywhere: {@code KEEP_SESSIONS} is keep-sessions.
     */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The two largest units: {@code 3d 4h}, {@code 12m 5s}, {@code 7s}, {@code 350ms}. */
    public static String span(Duration duration) {
        if (duration.isNegative()) {
            return "0ms";
        }
        if (duration.toDays() > 0) {
            return two(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return two(duration.toHours(), "h", duration.toMinutesPart(), "m");
        }
        if (duration.toMinutes() > 0) {
            return two(duration.toMinutes(), "m", duration.toSecondsPart(), "s");
        }
        return duration.toSeconds() > 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
    }

    /** A latency with three digits at most: {@code 0.42ms}, {@code 18ms}, {@code 1.2s}. */
    public static String latency(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos < 1_000_000) {
            return decimal(rounded(nanos, 10_000), 2) + "ms";
        }
        if (nanos < 10_000_000) {
            return decimal(rounded(nanos, 100_000), 1) + "ms";
        }
        return nanos < 1_000_000_000
                ? rounded(nanos, 1_000_000) + "ms"
                : decimal(rounded(nanos, 100_000_000), 1) + "s";
    }

    private static long rounded(long number, long unit) {
        return (number + unit / 2) / unit;
    }

    /** What {@link String#format} would take far longer for: tables may have thousands of rows. */
    private static String decimal(long number, int digits) {
        String text = Long.toString(number);
        String all = "0".repeat(Math.max(0, digits + 1 - text.length())) + text;
        int point = all.length() - digits;
        return all.substring(0, point) + "." + all.substring(point);
    }

    /** {@code 198.51.100.11:5000}, or {@code app1.internal:5000 = 198.51.100.11}. */
    public static String address(ServerStatus server) {
        return switch (server.address()) {
            case ServerAddress.Fixed fixed -> fixed.toString();
            case ServerAddress.Local local -> local.toString();
            case ServerAddress.Named named ->
                    named + " = " + server.whereabouts().at().map(Words::address).orElse("?");
        };
    }

    /** Without the port. */
    private static String address(Location at) {
        return switch (at) {
            case Endpoint(var address, int _) -> AddressText.of(address);
            case UnixPath path -> path.toString();
        };
    }

    /** {@code 3}, or {@code 3/500} where no more than 500 may be under way. */
    public static String active(ServerStatus server) {
        return server.active() + (server.most().isPresent() ? "/" + server.most().getAsInt() : "");
    }

    /** {@code 950}, {@code 12.3k}, {@code 4.1M}: for tables, where the size matters. */
    public static String count(long number) {
        return scaled(number, 1000, "");
    }

    /** {@code 950B}, {@code 1.2MiB}. */
    public static String bytes(long number) {
        return scaled(number, 1024, number < 1024 ? "B" : "iB");
    }

    /** Of a second: {@code 0.4}, {@code 12}, {@code 1.2k}. */
    public static String rate(double each) {
        return each < 10 && each != Math.rint(each)
                ? decimal(Math.round(each * 10), 1)
                : count(Math.round(each));
    }

    private static String scaled(long number, int base, String unit) {
        double value = number;
        int scale = 0;
        while (value >= base && scale < SCALES.length - 1) {
            value /= base;
            scale++;
        }
        String digits = scale == 0 ? Long.toString(number) : decimal(Math.round(value * 10), 1);
        return digits + SCALES[scale] + unit;
    }
}
