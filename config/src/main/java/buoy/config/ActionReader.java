package buoy.config;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Guard;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.RouteTimeouts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a route of an {@code http} listener does with the requests it takes. */
final class ActionReader {
    private static final List<String> ACTIONS = List.of("pool", "split", "respond", "redirect");

    /** Statuses whose answers have no body (RFC 9110 15.3.5, 15.3.6, 15.4.5). */
    private static final Set<Integer> BODILESS = Set.of(204, 205, 304);

    private static final int LONGEST_BODY = 64 << 10;

    private final Set<String> pools;

    ActionReader(Set<String> pools) {
        this.pools = pools;
    }

    Optional<Route> route(Section s, Optional<Match> match) {
        if (!s.atMostOne(ACTIONS)) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "does not say what is done (add %s)".formatted(Text.choice(ACTIONS)));
        }
        if (s.has("respond") || s.has("redirect")) {
            for (String key : List.of("rewrite", "timeouts", "mirror")) {
                s.onlyFor(key, "routes with pool or split");
            }
        }
        Optional<String> strip =
                s.optionally("rewrite", r -> r.required("strip-prefix", ActionReader::stripped));
        RouteTimeouts timeouts = s.within("timeouts", ActionReader::timeouts);
        Guard guard =
                new Guard(
                        s.within("limits", LimitsReader::route),
                        s.optionally("basic-auth", UsersReader::basicAuth));
        Optional<String> mirror = s.optional("mirror", Words.nameOf("pool", pools));
        Optional<Action> pool =
                s.optional("pool", Words.nameOf("pool", pools)).map(Action.ToPool::new);
        Optional<Action> split = split(s);
        Optional<Action> respond = s.optionally("respond", ActionReader::respond);
        Optional<Action> redirect = s.optionally("redirect", ActionReader::redirect);
        Optional<Action> action = pool.or(() -> split).or(() -> respond).or(() -> redirect);
        return match.flatMap(m -> action.map(a -> new Route(m, a, strip, timeouts, guard, mirror)));
    }

    private static Parsed<String> stripped(String text) {
        return text.equals("/")
                ? Parsed.wrong("leaves every path as it is (remove the key)")
                : MatchReader.prefix(text);
    }

    private static RouteTimeouts timeouts(Section t) {
        for (String key : List.of("idle", "headers")) {
            t.onlyFor(key, "listeners");
        }
        t.onlyFor("connect", "pools");
        return new RouteTimeouts(
                t.optional("body", Durations.POSITIVE),
                t.optional("tunnel", Durations.POSITIVE),
                t.optional("response", Durations.POSITIVE),
                t.optional("response-idle", Durations.POSITIVE));
    }

    private Optional<Action> split(Section s) {
        Map<String, Integer> shares =
                s.each(
                        "split",
                        Words.nameOf("pool", pools),
                        (name, parent) -> parent.optional(name, Numbers.between(0, 1000)));
        if (!s.has("split")) {
            return Optional.empty();
        }
        if (s.isMapping("split") && shares.values().stream().allMatch(share -> share == 0)) {
            s.reject("split", "gives no pool a share (add POOL: SHARE)");
        }
        return Optional.of(new Action.Split(shares));
    }

    private static Optional<Action> respond(Section s) {
        Optional<Integer> status = s.required("status", Numbers.between(200, 599));
        String body = s.get("body", ActionReader::body, "");
        if (!body.isEmpty() && status.filter(BODILESS::contains).isPresent()) {
            s.reject("body", "cannot stand beside this status, which has none (remove the key)");
        }
        return status.map(code -> new Action.Respond(code, body));
    }

    private static Parsed<String> body(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY
                ? Parsed.wrong("must be at most 64KiB")
                : Parsed.ok(text);
    }

    private static Optional<Action> redirect(Section s) {
        int status =
                s.get(
                        "status",
                        Words.of("301", 301)
                                .or("302", 302)
                                .or("303", 303)
                                .or("307", 307)
                                .or("308", 308),
                        302);
        return s.required("to", Templates::location).map(to -> new Action.Redirect(to, status));
    }
}
