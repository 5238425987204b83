package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.RouteMatch;
import buoy.daemon.imports.haproxy.Rule.Action;
import buoy.daemon.imports.haproxy.Test.Literal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A list of rules as a list of routes, of which the first that matches decides. What a {@code !} or
 * {@code unless} spares of a rule gets the routes of the rules behind it, before the rule's own.
 *
 * <p>A rule that asks what no route can is left out and said.
 */
final class Routes {
    /** Whole numbers of routes that a person could still look through. */
    private static final int MOST_ROUTES = 2000;

    private static final int DEEPEST = 40;

    /**
     * What is the same for all clients of one listener.
     *
     * @param encrypted whether they come by TLS
     * @param ports that they come to
     * @param http whether there are requests, not sessions alone
     */
    record Situation(boolean encrypted, Set<Integer> ports, boolean http) {}

    /**
     * Where a pool's requests go.
     *
     * @param rules of the backend itself
     * @param timeouts of its routes
     */
    record Target(String pool, List<Rule> rules, Optional<Node.Mapping> timeouts) {}

    /** What a route has besides, because of rules before it. */
    private record Besides(Optional<Node.Mapping> login, Optional<String> strip) {
        static final Besides NOTHING = new Besides(Optional.empty(), Optional.empty());
    }

    private final Situation situation;
    private final Function<String, Optional<Target>> targets;
    private final Remarks remarks;
    private final Optional<Duration> ratePeriod;

    private final List<Node.Mapping> routes = new ArrayList<>();

    /** Limits of the whole listener. */
    private final Node.Mapping limits;

    /** Pools that serve while no server of another is up. */
    private final Map<String, String> fallbacks = new LinkedHashMap<>();

    private boolean tooMany;

    /**
     * @param targets by the name of the backend
     * @param ratePeriod over which requests of a client are counted
     */
    Routes(
            Situation situation,
            Function<String, Optional<Target>> targets,
            Optional<Duration> ratePeriod,
            Remarks remarks,
            Mark at) {
        this.situation = situation;
        this.targets = targets;
        this.ratePeriod = ratePeriod;
        this.remarks = remarks;
        this.limits = new Node.Mapping(at);
    }

    List<Node.Mapping> of(List<Rule> rules, Mark at) {
        compile(rules, 0, RouteMatch.ANY, Besides.NOTHING, 0);
        if (tooMany) {
            remarks.left(
                    at,
                    "the rules of this section become more than %d routes: the rest is left out"
                            .formatted(MOST_ROUTES),
                    "write the routes that are meant");
        }
        return routes;
    }

    Node.Mapping limits() {
        return limits;
    }

    Map<String, String> fallbacks() {
        return fallbacks;
    }

    /** Adds routes for all that fits the match, by the rules from that place on. */
    private void compile(List<Rule> rules, int from, RouteMatch match, Besides besides, int depth) {
        Besides now = besides;
        for (int i = from; i < rules.size(); i++) {
            if (routes.size() > MOST_ROUTES || depth > DEEPEST) {
                tooMany = true;
                return;
            }
            Rule rule = rules.get(i);
            if (rule.action() instanceof Action.Strip(var prefix)) {
                now = new Besides(now.login(), Optional.of(prefix));
                continue;
            }
            for (List<Literal> conjunction : rule.condition().oneOf()) {
                if (apply(rules, i, rule, conjunction, match, now, depth)) {
                    return;
                }
            }
        }
    }

    /** Whether nothing that fits the match is left for the rules behind. */
    private boolean apply(
            List<Rule> rules,
            int place,
            Rule rule,
            List<Literal> conjunction,
            RouteMatch match,
            Besides besides,
            int depth) {
        Optional<Resolved> resolved = resolve(rule, conjunction);
        if (resolved.isEmpty()) {
            return false;
        }
        boolean all = false;
        for (RouteMatch fits : resolved.get().fits(match, why -> cannot(rule, why))) {
            boolean spared = false;
            for (RouteMatch not : resolved.get().spares()) {
                switch (fits.and(not)) {
                    case RouteMatch.Both.Is(var exempt) -> {
                        compile(rules, place + 1, exempt, besides, depth + 1);
                        spared |= exempt.equals(fits);
                    }
                    case RouteMatch.Both.Never() -> {
                        // Nobody is spared.
                    }
                    case RouteMatch.Both.Unknown(var why) ->
                            remarks.left(
                                    rule.at(),
                                    why + ": what the ! of this rule spares is not spared here",
                                    "write a route for it before this rule's");
                }
            }
            if (!spared) {
                act(rules, rule, fits, besides, fits.equals(match), depth);
                all |= fits.equals(match) && ends(rule.action());
            } else {
                all |= fits.equals(match);
            }
        }
        return all;
    }

    private static boolean ends(Action action) {
        return switch (action) {
            case Action.Strip _ -> false;
            case Action.Answer _, Action.ToPool _, Action.Skip _, Action.Close _, Action.Login _ ->
                    true;
        };
    }

    private void act(
            List<Rule> rules,
            Rule rule,
            RouteMatch match,
            Besides besides,
            boolean all,
            int depth) {
        switch (rule.action()) {
            case Action.Answer(var key, var value, _) ->
                    route(rule.at(), match, besides.login(), route -> route.put(key, value));
            case Action.ToPool(var backend) -> {
                Optional<Target> target = targets.apply(backend);
                if (target.isEmpty()) {
                    remarks.left(
                            rule.at(),
                            "there is no backend %s".formatted(Text.shown(backend)),
                            "write a pool and a route to it");
                    return;
                }
                List<Rule> rest = new ArrayList<>(target.get().rules());
                rest.add(new Rule(rule.at(), Condition.ALWAYS, new Action.ToPool("")));
                compileTarget(rest, target.get(), rule.at(), match, besides, depth + 1);
            }
            case Action.Skip(int to) -> compile(rules, to, match, besides, depth + 1);
            case Action.Close() -> {
                // Where no route fits a session is closed; before others it cannot be said.
                if (!all) {
                    cannot(rule, "a session is only closed where no route is for it");
                }
            }
            case Action.Login(var basicAuth) ->
                    compile(
                            rules,
                            rules.indexOf(rule) + 1,
                            match,
                            new Besides(Optional.of(basicAuth), besides.strip()),
                            depth + 1);
            case Action.Strip _ -> throw new IllegalStateException("was taken before");
        }
    }

    /** A backend's own rules, and then its servers. */
    private void compileTarget(
            List<Rule> rules,
            Target target,
            Mark at,
            RouteMatch match,
            Besides besides,
            int depth) {
        Routes inner =
                new Routes(
                        situation,
                        name ->
                                name.isEmpty()
                                        ? Optional.of(
                                                new Target(
                                                        target.pool(),
                                                        List.of(),
                                                        target.timeouts()))
                                        : Optional.empty(),
                        ratePeriod,
                        remarks,
                        at);
        if (target.rules().isEmpty()) {
            route(
                    at,
                    match,
                    besides.login(),
                    route -> {
                        route.text("pool", at, target.pool());
                        besides.strip()
                                .filter(prefix -> mayBeBelow(match, prefix))
                                .ifPresent(
                                        prefix ->
                                                route.within("rewrite", at)
                                                        .text("strip-prefix", at, prefix));
                        target.timeouts().ifPresent(t -> route.put("timeouts", t));
                    });
            return;
        }
        inner.compile(rules, 0, match, besides, depth);
        routes.addAll(inner.routes);
        inner.limits.entries().forEach(limits::put);
        tooMany |= inner.tooMany;
    }

    /** Whether any request of the route has the prefix. */
    private static boolean mayBeBelow(RouteMatch match, String prefix) {
        return match.path()
                .map(path -> !(path.and(new PathTest.Below(prefix)) instanceof PathTest.Both.Never))
                .orElse(true);
    }

    private void route(
            Mark at, RouteMatch match, Optional<Node.Mapping> login, Consumer<Node.Mapping> what) {
        Node.Mapping route = new Node.Mapping(at);
        match.toNode(at).ifPresent(m -> route.put("match", m));
        login.ifPresent(l -> route.put("basic-auth", l));
        what.accept(route);
        routes.add(route);
    }

    // --- conditions

    /**
     * A conjunction as matches.
     *
     * @param asked of each list one match has to fit
     * @param spares none of these may
     */
    private record Resolved(List<List<RouteMatch>> asked, List<RouteMatch> spares) {
        List<RouteMatch> fits(RouteMatch within, Consumer<String> unknown) {
            List<RouteMatch> so = List.of(within);
            for (List<RouteMatch> alternatives : asked) {
                List<RouteMatch> next = new ArrayList<>();
                for (RouteMatch one : so) {
                    for (RouteMatch other : alternatives) {
                        switch (one.and(other)) {
                            case RouteMatch.Both.Is(var both) -> {
                                if (!next.contains(both)) {
                                    next.add(both);
                                }
                            }
                            case RouteMatch.Both.Never() -> {
                                // No request is both.
                            }
                            case RouteMatch.Both.Unknown(var why) -> unknown.accept(why);
                        }
                    }
                }
                so = next;
            }
            return so;
        }
    }

    private Optional<Resolved> resolve(Rule rule, List<Literal> conjunction) {
        List<List<RouteMatch>> asked = new ArrayList<>();
        List<RouteMatch> spares = new ArrayList<>();
        List<Test.MoreThan> beyond = new ArrayList<>();
        for (Literal literal : conjunction) {
            List<RouteMatch> matches = new ArrayList<>();
            boolean always = false;
            boolean passed = false;
            for (Test test : literal.anyOf()) {
                switch (test) {
                    case Test.Asks(var match) -> {
                        RouteMatch asks = soft(rule, match);
                        always |= asks.equals(RouteMatch.ANY);
                        matches.add(asks);
                    }
                    case Test.Always(boolean holds) -> always |= holds;
                    case Test.Encrypted() -> always |= situation.encrypted();
                    case Test.Port(int port) -> {
                        if (situation.ports().contains(port)) {
                            if (situation.ports().size() > 1) {
                                cannot(rule, "the port decides, and the listener has several");
                                return Optional.empty();
                            }
                            always = true;
                        }
                    }
                    case Test.LoggedIn _ -> {
                        if (!(rule.action() instanceof Action.Login) || !literal.negated()) {
                            cannot(rule, "a user's name decides nothing but who may come in");
                            return Optional.empty();
                        }
                        passed = true;
                    }
                    case Test.FewerUp(var pool, int than) -> {
                        fallback(rule, literal, pool, than);
                        return Optional.empty();
                    }
                    case Test.MoreThan more -> {
                        if (literal.negated() || literal.anyOf().size() > 1) {
                            cannot(rule, "a limit stands beside another condition");
                            return Optional.empty();
                        }
                        beyond.add(more);
                        passed = true;
                    }
                    case Test.Unknown(var why, var instead) -> {
                        cannot(rule, why, instead);
                        if (literal.negated() || literal.anyOf().size() == 1) {
                            return Optional.empty();
                        }
                    }
                }
            }
            if (passed) {
                continue;
            }
            if (always) {
                if (literal.negated()) {
                    return Optional.empty();
                }
            } else if (literal.negated()) {
                spares.addAll(matches);
            } else if (matches.isEmpty()) {
                return Optional.empty();
            } else {
                asked.add(matches);
            }
        }
        if (!beyond.isEmpty()) {
            limit(rule, beyond, asked.isEmpty() && spares.isEmpty());
            return Optional.empty();
        }
        return Optional.of(new Resolved(asked, spares));
    }

    /**
     * The beginning of a path as people mean it where requests are told apart: by segment. Where
     * they are refused it is taken by the letter.
     */
    private RouteMatch soft(Rule rule, RouteMatch match) {
        boolean refuses =
                switch (rule.action()) {
                    case Action.Answer(_, _, boolean r) -> r;
                    case Action.Login _, Action.Skip _, Action.Close _ -> true;
                    case Action.ToPool _, Action.Strip _ -> false;
                };
        if (refuses || !(match.path().orElse(null) instanceof PathTest.Begins(var start))) {
            return match;
        }
        String prefix = start.length() > 1 ? start.replaceAll("/+$", "") : start;
        if (prefix.equals(start) && !start.equals("/")) {
            remarks.note(
                    rule.at(),
                    "path_beg %s fits by segment here: %s and what is below it, not %sx (write path-regex: \"%s.*\" where that is meant)"
                            .formatted(start, start, start, PathTest.literal(start)));
        } else if (!prefix.isEmpty() && !prefix.equals(start)) {
            remarks.note(
                    rule.at(),
                    "path_beg %s fits by segment here: %s itself too (write path-regex: \"%s.*\" where that is not meant)"
                            .formatted(start, prefix, PathTest.literal(start)));
        }
        return prefix.isEmpty() || prefix.contains("//")
                ? match
                : RouteMatch.ofPath(new PathTest.Below(prefix));
    }

    private void fallback(Rule rule, Literal literal, String pool, int than) {
        Optional<Target> of = targets.apply(pool);
        if (literal.negated()
                || !(rule.action() instanceof Action.ToPool(var to))
                || of.isEmpty()
                || targets.apply(to).isEmpty()) {
            cannot(
                    rule,
                    "how many servers are up is not asked by a route",
                    "name another pool as fallback of the pool");
            return;
        }
        fallbacks.put(of.get().pool(), targets.apply(to).get().pool());
        if (than > 1) {
            remarks.note(
                    rule.at(),
                    "%s is the fallback of %s, which serves while none of its servers is up (here asked: fewer than %d)"
                            .formatted(to, pool, than));
        }
    }

    private void limit(Rule rule, List<Test.MoreThan> beyond, boolean everywhere) {
        if (!(rule.action() instanceof Action.Answer || rule.action() instanceof Action.Close)
                || beyond.size() > 1
                || !everywhere) {
            cannot(
                    rule,
                    "a limit holds for a whole listener or a route",
                    "write limits there; see docs/configuration.md");
            return;
        }
        Test.MoreThan most = beyond.getFirst();
        long number = most.number();
        switch (most.what()) {
            case CONNECTIONS ->
                    limits.word(
                            "connections-per-client", rule.at(), Math.clamp(number, 1, 1_000_000));
            case BODY -> limits.word("body", rule.at(), Math.min(number, 1L << 33) + "B");
            case REQUESTS -> {
                if (ratePeriod.isEmpty()) {
                    cannot(rule, "no stick-table says over which time requests are counted");
                    return;
                }
                double rate = number * 1000.0 / Math.max(1, ratePeriod.get().toMillis());
                Node.Mapping limit = new Node.Mapping(rule.at());
                limit.word("rate", rule.at(), decimal(Math.clamp(rate, 0.001, 1_000_000)));
                limit.word("burst", rule.at(), Math.clamp(number, 1, 1_000_000));
                limits.put("requests-per-second", limit);
                remarks.note(
                        rule.at(),
                        "requests beyond the limit are answered 429, and are not counted themselves");
            }
        }
    }

    private static String decimal(double rate) {
        long thousandths = Math.max(1, Math.round(rate * 1000));
        String text = thousandths / 1000 + ".%03d".formatted(thousandths % 1000);
        return text.replaceAll("\\.?0+$", "");
    }

    private void cannot(Rule rule, String why) {
        cannot(rule, why, "write the routes that are meant");
    }

    private void cannot(Rule rule, String why, String instead) {
        boolean open =
                switch (rule.action()) {
                    case Action.Login _, Action.Close _ -> true;
                    case Action.Answer(_, _, boolean refuses) -> refuses;
                    case Action.ToPool _, Action.Skip _, Action.Strip _ -> false;
                };
        remarks.left(
                rule.at(),
                why + (open ? ": what this rule refuses is let through here" : ""),
                instead);
    }
}
