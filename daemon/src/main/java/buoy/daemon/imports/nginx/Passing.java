package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What is done with requests that a location lets in: most go to a pool. */
final class Passing {
    /** Who asks others about a request, and lets it in only then. */
    private static final Set<String> GUARDS =
            Set.of(
                    "auth_request",
                    "auth_jwt",
                    "auth_oidc",
                    "secure_link",
                    "secure_link_secret",
                    "js_access",
                    "access_by_lua_block",
                    "access_by_lua_file");

    private static final Set<String> PROGRAMS =
            Set.of(
                    "fastcgi_pass",
                    "uwsgi_pass",
                    "scgi_pass",
                    "memcached_pass",
                    "perl",
                    "js_content",
                    "content_by_lua",
                    "content_by_lua_block",
                    "content_by_lua_file");

    private final Site site;
    private final Context context;
    private final Upstreams upstreams;
    private final Access access;

    Passing(Site site, Context context, Upstreams upstreams) {
        this.site = site;
        this.context = context;
        this.upstreams = upstreams;
        this.access = new Access(site, context);
    }

    /** Requests for no location of a server: NGINX looks for a file. */
    void rest(Scope server, RouteMatch match) {
        List<Directive> files =
                server.own().stream()
                        .filter(
                                each ->
                                        Set.of("root", "try_files", "autoindex")
                                                .contains(each.name()))
                        .toList();
        boolean others = !server.own("location").isEmpty();
        if (!files.isEmpty()) {
            context.remarks()
                    .left(
                            files.getFirst().at(),
                            others
                                    ? "files are not served here: requests that no location takes are answered 404"
                                    : "files are not served here: all of this server's requests are answered 404",
                            "let a web server behind serve them: a pool with it, and a route");
        }
        site.respond(server.at(), match, 404, "");
    }

    void location(Location location, RouteMatch match, Optional<String> strip) {
        Scope scope = location.scope();
        if (!scope.own("internal").isEmpty() || isErrorPage(location)) {
            site.respond(scope.at(), match, 404, "");
            return;
        }
        Optional<Directive> guard =
                GUARDS.stream()
                        .flatMap(name -> scope.get(name).stream())
                        .filter(line -> !line.arg(0).equals("off"))
                        .findFirst();
        if (guard.isPresent()) {
            site.notCarried(
                    guard.get().at(),
                    match,
                    "%s decides who may come in, and nothing here asks it"
                            .formatted(Text.shown(guard.get().text())),
                    "have the application ask, or write basic-auth or tls: {client: ...}");
            return;
        }
        access.then(
                scope, match, (fits, login) -> content(location, scope, fits, strip, login, false));
    }

    private void content(
            Location location,
            Scope scope,
            RouteMatch match,
            Optional<String> strip,
            Optional<Node.Mapping> login,
            boolean fallback) {
        Mark at = scope.at();
        Optional<Directive> pass =
                scope.own().stream()
                        .filter(each -> each.is("proxy_pass") || each.is("grpc_pass"))
                        .findFirst();
        if (pass.isPresent()) {
            pass(location, scope, pass.get(), match, strip, login);
            return;
        }
        Optional<Directive> tries = scope.own("try_files").stream().findFirst();
        Optional<Location> named =
                tries.map(line -> line.args().isEmpty() ? "" : line.args().getLast())
                        .filter(name -> name.startsWith("@") && !fallback)
                        .flatMap(name -> named(scope, name));
        if (named.isPresent()) {
            context.remarks()
                    .left(
                            tries.orElseThrow().at(),
                            "files are not looked for here: all goes to %s"
                                    .formatted(Text.shown(named.get().text())),
                            "let a web server behind serve them: a pool with it, and a route");
            content(location, named.get().scope(), match, strip, login, true);
            return;
        }
        if (!scope.own("stub_status").isEmpty()) {
            context.remarks()
                    .note(
                            at,
                            "what stub_status tells is in /metrics of stats (127.0.0.1:8404), and here it is 404");
            site.respond(at, match, 404, "");
            return;
        }
        Optional<Directive> program =
                scope.own().stream().filter(each -> PROGRAMS.contains(each.name())).findFirst();
        if (program.isPresent()) {
            site.notCarried(
                    program.get().at(),
                    match,
                    "%s: only HTTP is spoken with servers"
                            .formatted(Text.shown(program.get().text())),
                    "put a web server before the application, or let it speak HTTP, and write a pool with it");
            return;
        }
        site.notCarried(
                at,
                match,
                "location %s: files are not served here".formatted(Text.shown(location.text())),
                "let a web server behind serve them: a pool with it, and this route to that pool");
    }

    private static Optional<Location> named(Scope scope, String name) {
        return Location.in(scope).stream()
                .filter(each -> each.text().equals(name))
                .findFirst()
                .or(() -> scope.outer().flatMap(outer -> named(outer, name)));
    }

    /** Whether it is only there for what is shown with errors. */
    private static boolean isErrorPage(Location location) {
        return location.kind() == Location.Kind.EXACT
                && location
                        .scope()
                        .outer()
                        .map(outer -> outer.nearest("error_page"))
                        .orElse(List.of())
                        .stream()
                        .anyMatch(line -> line.has(location.text()))
                && location.scope().own("proxy_pass").isEmpty();
    }

    // --- to a pool

    private void pass(
            Location location,
            Scope scope,
            Directive line,
            RouteMatch match,
            Optional<String> strip,
            Optional<Node.Mapping> login) {
        Optional<Target> target = Target.of(line, scope);
        if (target.isEmpty()) {
            cannot(line, match);
            return;
        }
        PassedPath path =
                strip.isPresent()
                        ? new PassedPath.Without(strip.get(), false)
                        : PassedPath.of(location, target.get().uri());
        if (path instanceof PassedPath.Other) {
            site.notCarried(
                    line.at(),
                    match,
                    "%s changes paths as no route does".formatted(Text.shown(line.text())),
                    "let the server take the paths as they come, or write rewrite: {strip-prefix: /x}");
            return;
        }
        RouteMatch fits = match;
        if (path instanceof PassedPath.Without(var prefix, boolean bySegment) && bySegment) {
            context.remarks()
                    .note(
                            line.at(),
                            "%s/x goes to servers as /x, and %sx is not of this route; NGINX would send //x and /x"
                                    .formatted(Text.shown(prefix), Text.shown(prefix)));
            fits =
                    site.both(line.at(), match, RouteMatch.ofPath(new PathTest.Below(prefix)))
                            .orElse(match);
        }
        RouteMatch of = fits;
        if (Variables.isPlain(target.get().authority())) {
            Optional<String> pool = upstreams.pool(scope, target.get(), line.at());
            if (pool.isEmpty()) {
                cannot(line, match);
                return;
            }
            hostOfServers(scope, target.get(), line);
            route(scope, line, of, path, login, route -> route.text("pool", line.at(), pool.get()));
            return;
        }
        byVariable(scope, line, target.get(), of, path, login);
    }

    private void cannot(Directive line, RouteMatch match) {
        site.notCarried(
                line.at(),
                match,
                "where %s leads cannot be told".formatted(Text.shown(line.text())),
                "write a route for each pool that is meant");
    }

    /** The pool is in a variable, which map or split_clients has given a value. */
    private void byVariable(
            Scope scope,
            Directive line,
            Target target,
            RouteMatch match,
            PassedPath path,
            Optional<Node.Mapping> login) {
        Optional<Maps.Chosen> chosen = Maps.of(scope.top(), target.authority());
        switch (chosen.orElse(null)) {
            case null -> cannot(line, match);
            case Maps.Chosen.ByMatch(var cases) -> {
                boolean all = false;
                for (Maps.Case each : cases) {
                    Optional<String> pool =
                            upstreams.pool(scope, target.at(each.value()), line.at());
                    Optional<RouteMatch> both = site.both(each.at(), match, each.match());
                    if (pool.isPresent() && both.isPresent()) {
                        route(
                                scope,
                                line,
                                both.get(),
                                path,
                                login,
                                route -> route.text("pool", each.at(), pool.get()));
                        all |= both.get().equals(match);
                    }
                }
                if (!all) {
                    cannot(line, match);
                }
            }
            case Maps.Chosen.Shares(var shares) -> {
                Map<String, Integer> pools = new LinkedHashMap<>();
                shares.forEach(
                        (value, share) ->
                                upstreams
                                        .pool(scope, target.at(value), line.at())
                                        .ifPresent(pool -> pools.merge(pool, share, Integer::sum)));
                if (pools.isEmpty()) {
                    cannot(line, match);
                    return;
                }
                context.remarks()
                        .note(
                                line.at(),
                                "split gives each pool its share of requests by turns; sticky of the pools keeps clients");
                Node.Mapping split = new Node.Mapping(line.at());
                pools.forEach((pool, share) -> split.word(pool, line.at(), share));
                route(scope, line, match, path, login, route -> route.put("split", split));
            }
        }
    }

    private void route(
            Scope scope,
            Directive line,
            RouteMatch match,
            PassedPath path,
            Optional<Node.Mapping> login,
            Consumer<Node.Mapping> to) {
        Mark at = line.at();
        site.passedOn(scope);
        site.route(
                at,
                match,
                route -> {
                    login.ifPresent(l -> route.put("basic-auth", l));
                    Rates.of(scope, context.remarks())
                            .ifPresent(
                                    rate ->
                                            route.within("limits", at)
                                                    .put("requests-per-second", rate));
                    to.accept(route);
                    if (path instanceof PassedPath.Without(var prefix, _)) {
                        route.within("rewrite", at).text("strip-prefix", at, prefix);
                    }
                    timeouts(scope, route);
                    mirror(scope).ifPresent(pool -> route.text("mirror", at, pool));
                });
    }

    private static void timeouts(Scope scope, Node.Mapping route) {
        Optional<Directive> line =
                scope.get("proxy_read_timeout").or(() -> scope.get("grpc_read_timeout"));
        line.flatMap(each -> Values.written(each.arg(0)))
                .ifPresent(
                        time -> {
                            Mark at = line.orElseThrow().at();
                            Node.Mapping timeouts = route.within("timeouts", at);
                            timeouts.word("response", at, time);
                            timeouts.word("response-idle", at, time);
                            boolean upgrades =
                                    scope.nearest("proxy_set_header").stream()
                                            .anyMatch(h -> h.arg(0).equalsIgnoreCase("upgrade"));
                            if (upgrades) {
                                timeouts.word("tunnel", at, time);
                            }
                        });
    }

    private Optional<String> mirror(Scope scope) {
        Optional<Directive> line = scope.get("mirror").filter(each -> !each.arg(0).equals("off"));
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Optional<Scope> to = named(scope, line.get().arg(0)).map(Location::scope);
        Optional<String> pool =
                to.flatMap(
                        where ->
                                where.own("proxy_pass").stream()
                                        .findFirst()
                                        .flatMap(pass -> Target.of(pass, where))
                                        .filter(target -> Variables.isPlain(target.authority()))
                                        .flatMap(
                                                target ->
                                                        upstreams.pool(
                                                                where, target, line.get().at())));
        if (pool.isEmpty()) {
            context.remarks()
                    .left(
                            line.get().at(),
                            "where copies go cannot be told",
                            "write mirror: POOL of the route");
        }
        return pool;
    }

    /** Servers are told the host that the client asks for; NGINX names its upstream to them. */
    private void hostOfServers(Scope scope, Target target, Directive line) {
        Optional<Directive> host =
                scope.nearest("proxy_set_header").stream()
                        .filter(each -> each.arg(0).equalsIgnoreCase("host"))
                        .findFirst();
        String sent = host.map(each -> each.arg(1)).orElse("$proxy_host");
        if (Set.of("$host", "$http_host", "$host:$server_port", "$server_name").contains(sent)) {
            return;
        }
        // Whose name says nothing of what a client asks for does not mind another one.
        boolean anyName =
                upstreams.isNamed(target.authority())
                        || Pattern.matches("[0-9.:]+|\\[.*|[^.]*|unix:.*", target.authority());
        if (sent.equals("$proxy_host") && anyName) {
            context.remarks()
                    .note(
                            line.at(),
                            "servers are told the Host that the client asks for; NGINX tells them %s"
                                    .formatted(Text.shown(target.authority())));
        } else {
            context.remarks()
                    .left(
                            host.orElse(line).at(),
                            "servers are told the Host that the client asks for, not %s"
                                    .formatted(
                                            Text.shown(
                                                    sent.equals("$proxy_host")
                                                            ? target.authority()
                                                            : sent)),
                            "let them take any, or that one");
        }
    }
}
