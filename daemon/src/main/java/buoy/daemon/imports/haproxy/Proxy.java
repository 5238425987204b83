package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A frontend, backend or listen section, with what the defaults say that it goes by.
 *
 * @param defaults lines of the defaults section, which the proxy's own go before
 */
record Proxy(Block block, List<Line> defaults) {
    String name() {
        return block.name();
    }

    Mark at() {
        return block.at();
    }

    boolean isFrontend() {
        return !block.kind().equals("backend");
    }

    boolean isBackend() {
        return !block.kind().equals("frontend");
    }

    /**
     * The line that counts of those that begin with these words: the last own one, or of the
     * defaults.
     */
    Optional<Line> last(String... beginning) {
        return last(block.lines(), beginning).or(() -> last(defaults, beginning));
    }

    private static Optional<Line> last(List<Line> lines, String... beginning) {
        return lines.reversed().stream().filter(line -> line.is(beginning)).findFirst();
    }

    /** The proxy's own lines that begin with these words. */
    List<Line> own(String... beginning) {
        return block.lines().stream().filter(line -> line.is(beginning)).toList();
    }

    /** Those of the defaults, then its own. */
    List<Line> all(String... beginning) {
        List<Line> all = new ArrayList<>();
        defaults.stream().filter(line -> line.is(beginning)).forEach(all::add);
        all.addAll(own(beginning));
        return all;
    }

    /**
     * The line {@code option NAME} where it holds: a later {@code no option NAME} takes it back.
     */
    Optional<Line> option(String name) {
        List<Line> lines = new ArrayList<>(defaults);
        lines.addAll(block.lines());
        return lines.reversed().stream()
                .filter(line -> line.is("option", name) || line.is("no", "option", name))
                .findFirst()
                .filter(line -> line.is("option"));
    }

    /** What {@code timeout NAME} says. */
    Optional<Duration> timeout(String name) {
        return last("timeout", name).flatMap(line -> time(line.word(2)));
    }

    /** http unless it says tcp. HAProxy's own default is tcp. */
    boolean isHttp() {
        return last("mode").map(line -> line.word(1).equals("http")).orElse(false);
    }

    /** A time as HAProxy writes it: milliseconds where it has no unit. */
    static Optional<Duration> time(String text) {
        Matcher matcher = Pattern.compile("([0-9]{1,12})(us|ms|s|m|h|d)?").matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "ms" : matcher.group(2);
        try {
            return Optional.of(
                    switch (unit) {
                        case "us" -> Duration.ofMillis(Math.ceilDiv(number, 1000));
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        default -> Duration.ofMillis(number);
                    });
        } catch (ArithmeticException _) {
            return Optional.empty();
        }
    }
}
