package buoy.config;

import buoy.config.model.Health;
import buoy.config.model.PoolTls;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pools.NAME.health}. */
final class HealthReader {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MAX_IN_A_ROW = 100;
    private static final Set<String> OWN_FIELDS =
            Set.of(
                    "host",
                    "user-agent",
                    "accept",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "upgrade",
                    "http2-settings",
                    "content-length",
                    "transfer-encoding",
                    "expect");
    private static final int PATRONI_PORT = 8008;
    private static final List<String> PROBES =
            List.of("http", "tcp", "grpc", "agent", "external", "patroni", "postgres");

    private final PoolTlsReader tls;

    HealthReader(PoolTlsReader tls) {
        this.tls = tls;
    }

    Optional<Health> read(Section s) {
        Optional<Health.Probe> probe = probe(s);
        Format<Duration> interval = Durations.between(SHORTEST, LONGEST);
        Duration every = s.get("every", interval, Duration.ofSeconds(2));
        Duration timeout = s.get("timeout", interval, Duration.ofSeconds(1));
        int fall = s.get("fall", Numbers.between(1, MAX_IN_A_ROW), 3);
        int rise = s.get("rise", Numbers.between(1, MAX_IN_A_ROW), 2);
        Duration fast = s.get("fast", interval, every);
        if (fast.compareTo(every) > 0) {
            s.warn("fast", "is slower than every, " + Durations.text(every));
        }
        return probe.map(p -> new Health(p, every, timeout, fall, rise, fast));
    }

    private Optional<Health.Probe> probe(Section s) {
        List<String> given = PROBES.stream().filter(s::has).toList();
        if (given.size() > 1) {
            s.reject(
                    given.get(1),
                    "a health has one kind of check, and "
                            + given.getFirst()
                            + " stands there already (remove one)");
        } else if (given.isEmpty()) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "does not say what to ask of a server (add "
                                    + Text.choice(PROBES)
                                    + ")");
        }
        Optional<Health.Probe> http = s.optionally("http", HealthReader::http);
        Optional<Health.Probe> tcp = s.optionally("tcp", HealthReader::tcp);
        Optional<Health.Probe> grpc =
                s.optionally(
                        "grpc",
                        g ->
                                Optional.of(
                                        new Health.Probe.Grpc(
                                                g.get("service", HealthReader::service, ""))));
        Optional<Health.Probe> agent =
                s.optionally(
                        "agent",
                        a ->
                                a.required("port", Numbers.between(1, 65535))
                                        .map(Health.Probe.Agent::new));
        Optional<Health.Probe> external = external(s);
        Optional<Health.Probe> patroni = s.optionally("patroni", this::patroni);
        Optional<Health.Probe> postgres = s.optionally("postgres", PostgresProbeReader::read);
        return http.or(() -> tcp)
                .or(() -> grpc)
                .or(() -> agent)
                .or(() -> external)
                .or(() -> patroni)
                .or(() -> postgres);
    }

    private static Optional<Health.Probe> http(Section s) {
        String method = s.get("method", PoolReader::method, "GET");
        Optional<String> body = s.optional("body", HealthReader::text);
        Optional<com.google.re2j.Pattern> pattern =
                s.optional("body-regex", MatchReader::anyPattern);
        for (String key : List.of("body", "body-regex")) {
            if (s.has(key) && method.equals("HEAD")) {
                s.reject(key, "an answer to HEAD has none (use method GET)");
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        s.each(
                        "headers",
                        HealthReader::field,
                        (name, parent) -> MatchReader.value(name, parent, MatchReader::fieldValue))
                .forEach(headers::put);
        return Optional.of(
                new Health.Probe.Http(
                        method,
                        s.get("path", HealthReader::target, "/"),
                        headers,
                        expected(s),
                        body,
                        pattern,
                        s.optional("host", HealthReader::host),
                        s.optional("port", Numbers.between(1, 65535))
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty())));
    }

    private static List<Health.StatusRange> expected(Section s) {
        if (!s.isList("expect")) {
            return List.of(s.get("expect", HealthReader::range, new Health.StatusRange(200, 299)));
        }
        return s.requiredList("expect", HealthReader::range).stream()
                .map(Section.Item::value)
                .toList();
    }

    /** A field that the request has of itself is not given twice. */
    private static Parsed<String> field(String text) {
        return OWN_FIELDS.contains(text.toLowerCase(Locale.ROOT))
                ? Parsed.wrong("is a field that the request has already (host has a key: host)")
                : MatchReader.token(text);
    }

    private static Optional<Health.Probe> tcp(Section s) {
        return Optional.of(
                new Health.Probe.Tcp(
                        s.optional("send", HealthReader::text),
                        s.optional("expect", HealthReader::text)));
    }

    private static Optional<Health.Probe> external(Section s) {
        if (!s.has("external")) {
            s.onlyFor("user", "external");
            return Optional.empty();
        }
        List<String> command = Commands.read(s, "external");
        Optional<String> user = s.optional("user", Names::user);
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new Health.Probe.External(command, user));
    }

    private Optional<Health.Probe> patroni(Section s) {
        Optional<Health.Role> role =
                s.required(
                        "role",
                        Words.of("primary", Health.Role.PRIMARY)
                                .or("replica", Health.Role.REPLICA)
                                .or("sync", Health.Role.SYNC)
                                .or("async", Health.Role.ASYNC)
                                .or("standby-leader", Health.Role.STANDBY_LEADER));
        int port = s.get("port", Numbers.between(1, 65535), PATRONI_PORT);
        OptionalLong maxLag = maxLag(s);
        // Patroni's REST API knows ?lag= for /replica and /async alone.
        if (s.has("max-lag")
                && role.filter(r -> r != Health.Role.REPLICA && r != Health.Role.ASYNC)
                        .isPresent()) {
            s.reject("max-lag", "is for the roles replica and async (remove it)");
        }
        Optional<PoolTls> api = s.optionally("tls", tls::read);
        return role.map(r -> new Health.Probe.Patroni(r, port, maxLag, api));
    }

    static OptionalLong maxLag(Section s) {
        return s.optional("max-lag", Sizes.between(0, 1L << 40))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** {@code 200-299}, or a single code. 1xx is never a final answer. */
    static Parsed<Health.StatusRange> range(String text) {
        if (!Pattern.matches("[2-5][0-9][0-9](-[2-5][0-9][0-9])?", text)) {
            return Parsed.wrong(
                    "must be a status such as 200, or a range such as 200-299, got "
                            + Text.quoted(text));
        }
        int low = Integer.parseInt(text.substring(0, 3));
        int high = Integer.parseInt(text.substring(text.length() - 3));
        return low > high
                ? Parsed.wrong("goes from high to low (write %d-%d)".formatted(high, low))
                : Parsed.ok(new Health.StatusRange(low, high));
    }

    /** What stands in the request line: it goes out as it is. */
    private static Parsed<String> target(String text) {
        return Pattern.matches("/[!-~&&[^#]]{0,2000}", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must start with / and have no spaces, got " + Text.quoted(text));
    }

    /** {@code package.Service}. */
    private static Parsed<String> service(String text) {
        return Pattern.matches("[A-Za-z0-9_./-]{1,127}", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be a service's name such as package.Service, got "
                                + Text.quoted(text));
    }

    private static Parsed<String> host(String text) {
        return Pattern.matches("[A-Za-z0-9._:\\[\\]-]{1,255}", text)
                ? Parsed.ok(text)
                : Parsed.wrong("must be a host name, got " + Text.quoted(text));
    }

    private static Parsed<String> text(String text) {
        return text.isEmpty() || text.length() > 1000
                ? Parsed.wrong("must be 1..1000 characters")
                : Parsed.ok(text);
    }
}
