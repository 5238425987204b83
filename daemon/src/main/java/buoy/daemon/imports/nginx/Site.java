package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The routes of one listener, in the order in which they are tried. */
final class Site {
    /** As many as a person could still look through. */
    private static final int MOST_ROUTES = 2000;

    private final Context context;
    private final Sockets.Listener listener;
    private final Passing passing;
    private final List<Node.Mapping> routes = new ArrayList<>();

    /** Whose requests are answered or passed on, by where they stand. */
    private final Map<Scope.Place, Scope> handlers = new LinkedHashMap<>();

    private final Map<Scope.Place, Scope> passed = new LinkedHashMap<>();

    Site(Context context, Sockets.Listener listener, Upstreams upstreams) {
        this.context = context;
        this.listener = listener;
        this.passing = new Passing(this, context, upstreams);
    }

    List<Node.Mapping> routes() {
        return routes;
    }

    /** Of all requests. */
    List<Scope> handlers() {
        return List.copyOf(handlers.values());
    }

    /** Of those that servers get. */
    List<Scope> passed() {
        return List.copyOf(passed.values());
    }

    Sockets.Listener listener() {
        return listener;
    }

    void make() {
        for (Hosts.Entry entry : Hosts.of(listener, context.remarks())) {
            Scope server = entry.server();
            Optional<Directive> unasked = Certificates.unasked(listener, server);
            if (unasked.isPresent()) {
                notCarried(
                        unasked.get().at(),
                        entry.match(),
                        "certificates of clients are asked for by a whole listener, and not all of its servers want them",
                        "give this server a listener, and so an address, of its own");
                continue;
            }
            new Rewriting(this, context, server, false)
                    .then(entry.match(), (match, _) -> locations(server, match));
        }
        if (routes.size() >= MOST_ROUTES) {
            context.remarks()
                    .left(
                            listener.first(),
                            "what listens here becomes more than %d routes: the rest is left out"
                                    .formatted(MOST_ROUTES),
                            "write the routes that are meant");
        }
    }

    /** What a server does with requests that its own directives have not answered. */
    private void locations(Scope server, RouteMatch match) {
        if (below(server, match)) {
            return;
        }
        passing.rest(server, match);
    }

    /**
     * Routes for the locations in a block.
     *
     * @return whether nothing is left for the block itself
     */
    boolean below(Scope around, RouteMatch match) {
        boolean all = false;
        for (Locations.Choice choice : Locations.ordered(Location.in(around), context.remarks())) {
            Location location = choice.location();
            RouteMatch path = RouteMatch.ofPath(choice.test());
            switch (match.and(path)) {
                case RouteMatch.Both.Is(var both) -> {
                    if (choice instanceof Locations.Choice.Slash(PathTest.Exactly(var bare), _)) {
                        slash(location.scope(), both, bare);
                    } else {
                        location(location, both);
                    }
                    all |= both.equals(match);
                }
                case RouteMatch.Both.Never() -> {
                    // No request is of both.
                }
                case RouteMatch.Both.Unknown(var why) ->
                        context.remarks()
                                .left(
                                        location.scope().at(),
                                        why + ": this location is left out there",
                                        "write a route for it");
            }
        }
        return all;
    }

    private void slash(Scope scope, RouteMatch match, String path) {
        route(
                scope.at(),
                match,
                route ->
                        route.put(
                                "redirect",
                                new Node.Mapping(scope.at())
                                        .text("to", scope.at(), path + "/?${query}")
                                        .word("status", scope.at(), 301)));
    }

    private void location(Location location, RouteMatch match) {
        Scope scope = location.scope();
        new Rewriting(this, context, scope, true)
                .then(
                        match,
                        (left, strip) -> {
                            if (!below(scope, left)) {
                                passing.location(location, left, strip);
                            }
                        });
    }

    // --- what the parts add

    /** A route, where there is not one too many. */
    void route(Mark at, RouteMatch match, Consumer<Node.Mapping> what) {
        if (routes.size() >= MOST_ROUTES) {
            return;
        }
        Node.Mapping route = new Node.Mapping(at);
        match.toNode(at).ifPresent(m -> route.put("match", m));
        what.accept(route);
        routes.add(route);
    }

    boolean isFull() {
        return routes.size() >= MOST_ROUTES;
    }

    void handled(Scope scope) {
        handlers.put(scope.place(), scope);
    }

    void passedOn(Scope scope) {
        handled(scope);
        passed.put(scope.place(), scope);
    }

    void respond(Mark at, RouteMatch match, int status, String body) {
        Node.Mapping respond = new Node.Mapping(at).word("status", at, status);
        if (!body.isEmpty()) {
            respond.text("body", at, body);
        }
        route(at, match, route -> route.put("respond", respond));
    }

    /** Requests that are not answered as NGINX would are answered so that it shows. */
    void notCarried(Mark at, RouteMatch match, String what, String instead) {
        context.remarks().left(at, what + ": such requests are answered 501", instead);
        respond(
                at,
                match,
                501,
                "not carried over: %s, line %d\n"
                        .formatted(Text.shown(at.file().replaceFirst(".*/", "")), at.line()));
    }

    Optional<RouteMatch> both(Mark at, RouteMatch match, RouteMatch other) {
        return switch (match.and(other)) {
            case RouteMatch.Both.Is(var both) -> Optional.of(both);
            case RouteMatch.Both.Never() -> Optional.empty();
            case RouteMatch.Both.Unknown(var why) -> {
                context.remarks()
                        .left(at, why + ": it does not count there", "write a route for it");
                yield Optional.empty();
            }
        };
    }
}
