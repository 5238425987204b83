package buoy.config;

import buoy.config.model.Listener.HttpLimits;
import buoy.config.model.RateLimit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** {@code limits} of a listener or a route. */
final class LimitsReader {
    private static final String PER_CLIENT = "connections-per-client";
    private static final String RATE = "requests-per-second";
    private static final String HEADER = "header:";
    private static final BigDecimal SLOWEST = new BigDecimal("0.001");
    private static final BigDecimal FASTEST = new BigDecimal("1000000");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Format<Optional<RateLimit>> NONE =
            Format.of(new Shape.Choice(List.of("none")), LimitsReader::none);

    private static final Format<RateLimit.Key> KEY =
            Format.of(
                    Shape.words(List.of("client-address", "route"), new Shape.Begins(HEADER)),
                    LimitsReader::key);

    private LimitsReader() {}

    /** What one section says about requests and about connections. */
    record Limits(HttpLimits requests, OptionalInt perClient) {}

    /** Of a listener of requests. */
    static Limits http(Section s) {
        long bytes = s.get("header-bytes", Sizes.between(1 << 10, 1 << 20), 16L << 10);
        int headers = s.get("headers", Numbers.between(1, 10_000), 100);
        OptionalLong body = s.get("body", Sizes.noneOr(0, 1L << 40), OptionalLong.empty());
        return new Limits(new HttpLimits((int) bytes, headers, body, rate(s)), perClient(s));
    }

    /** Of a listener of sessions. */
    static OptionalInt sessions(Section s) {
        for (String key : List.of("header-bytes", "headers", "body", RATE)) {
            s.onlyFor(key, "protocol http");
        }
        return perClient(s);
    }

    private static OptionalInt perClient(Section s) {
        return s.get(
                PER_CLIENT,
                SettingsReader.orWord("none", Numbers.between(1, 1_000_000)),
                OptionalInt.empty());
    }

    /** Of a route. */
    static Optional<RateLimit> route(Section s) {
        for (String key : List.of("header-bytes", "headers", "body", PER_CLIENT)) {
            s.onlyFor(key, "listeners");
        }
        return rate(s);
    }

    private static Optional<RateLimit> rate(Section s) {
        return s.isMapping(RATE)
                ? s.optionally(RATE, LimitsReader::limit)
                : s.get(RATE, NONE, Optional.empty());
    }

    private static Parsed<Optional<RateLimit>> none(String text) {
        return text.equals("none")
                ? Parsed.ok(Optional.empty())
                : Parsed.wrong(
                        "must be none or say how often, got %s (write {rate: 100, burst: 200})"
                                .formatted(Text.quoted(text)));
    }

    private static Optional<RateLimit> limit(Section s) {
        Optional<Duration> every = s.required("rate", LimitsReader::rate);
        Optional<Integer> burst = s.optional("burst", Numbers.between(1, 1_000_000));
        RateLimit.Key key = s.get("key", KEY, new RateLimit.Key.ClientAddress());
        return every.map(each -> new RateLimit(each, burst.orElse(inASecond(each)), key));
    }

    private static int inASecond(Duration every) {
        return (int) Math.ceilDiv(SECOND.toNanos(), every.toNanos());
    }

    private static Parsed<Duration> rate(String text) {
        if (Pattern.matches("(0|[1-9][0-9]{0,6})([.][0-9]{1,3})?", text)) {
            BigDecimal rate = new BigDecimal(text);
            if (rate.compareTo(SLOWEST) >= 0 && rate.compareTo(FASTEST) <= 0) {
                return Parsed.ok(
                        Duration.ofNanos(
                                BigDecimal.valueOf(SECOND.toNanos())
                                        .divide(rate, RoundingMode.FLOOR)
                                        .longValue()));
            }
        }
        return Parsed.wrong(
                "must be a number of %s..%s such as 100, or 0.2 for one in five seconds, got %s"
                        .formatted(SLOWEST, FASTEST, Text.quoted(text)));
    }

    private static Parsed<RateLimit.Key> key(String text) {
        return switch (text) {
            case "client-address" -> Parsed.ok(new RateLimit.Key.ClientAddress());
            case "route" -> Parsed.ok(new RateLimit.Key.Route());
            default ->
                    text.startsWith(HEADER)
                            ? MatchReader.field(text.substring(HEADER.length()))
                                    .then(
                                            name ->
                                                    Parsed.ok(
                                                            new RateLimit.Key.Header(
                                                                    name.toLowerCase(Locale.ROOT))))
                            : Parsed.wrong(
                                    "must be client-address, route or header:NAME, got "
                                            + Text.quoted(text));
        };
    }
}
