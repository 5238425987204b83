package buoy.config.model;

import com.google.re2j.Pattern;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** {@code listeners.NAME}: where clients arrive and what is done with them. */
public sealed interface Listener {
    String name();

    List<Location> bind();

    /** Client connections at most at one time; empty means the limit of the process. */
    OptionalInt maxConnections();

    /** Empty where clients speak in clear, or TLS passes through. */
    Optional<ListenerTls> tls();

    /** Whom it lets in. */
    Admission admission();

    /**
     * Whom a listener lets in, and how long it believes that they are there.
     *
     * @param perClient connections of one client at one time; empty is without a bound
     * @param proxies those that alone may connect, and say whose each connection is (PROXY
     *     protocol); empty: anybody may, and nobody says it
     * @param tcp of their connections
     */
    record Admission(OptionalInt perClient, List<Network> proxies, TcpOptions tcp) {
        public static final Admission ANY = new Admission(OptionalInt.empty(), List.of());

        public Admission {
            proxies = List.copyOf(proxies);
        }

        /** Whose connections are as the kernel has them. */
        public Admission(OptionalInt perClient, List<Network> proxies) {
            this(perClient, proxies, TcpOptions.KERNELS);
        }
    }

    /** {@code protocol: http}. Routes are tried in order; a request that none matches gets 404. */
    record Http(
            String name,
            List<Location> bind,
            OptionalInt maxConnections,
            Optional<ListenerTls> tls,
            List<Network> trustedProxies,
            HttpTimeouts timeouts,
            HttpLimits limits,
            Headers headers,
            Map<Integer, ErrorPage> errors,
            List<Route> routes,
            Optional<AccessLog> accessLog,
            Admission admission,
            Optional<Compression> compression,
            Set<Deviation> lenient)
            implements Listener {
        public Http {
            lenient = Set.copyOf(lenient);
            bind = List.copyOf(bind);
            trustedProxies = List.copyOf(trustedProxies);
            errors = Map.copyOf(errors);
            routes = List.copyOf(routes);
        }

        /** Where nothing is compressed and the standard is kept. */
        public Http(
                String name,
                List<Location> bind,
                OptionalInt maxConnections,
                Optional<ListenerTls> tls,
                List<Network> trustedProxies,
                HttpTimeouts timeouts,
                HttpLimits limits,
                Headers headers,
                Map<Integer, ErrorPage> errors,
                List<Route> routes,
                Optional<AccessLog> accessLog,
                Admission admission) {
            this(
                    name,
                    bind,
                    maxConnections,
                    tls,
                    trustedProxies,
                    timeouts,
                    limits,
                    headers,
                    errors,
                    routes,
                    accessLog,
                    admission,
                    Optional.empty(),
                    Set.of());
        }

        /** Without error pages and an access log as well, for any client. */
        public Http(
                String name,
                List<Location> bind,
                OptionalInt maxConnections,
                Optional<ListenerTls> tls,
                List<Network> trustedProxies,
                HttpTimeouts timeouts,
                HttpLimits limits,
                Headers headers,
                List<Route> routes) {
            this(
                    name,
                    bind,
                    maxConnections,
                    tls,
                    trustedProxies,
                    timeouts,
                    limits,
                    headers,
                    Map.of(),
                    routes,
                    Optional.empty(),
                    Admission.ANY);
        }
    }

    /**
     * {@code protocol: tcp}: bytes are relayed as they are. {@code idle} is inactivity in both
     * directions. Routes are tried in order; a session that none takes is closed.
     */
    record Tcp(
            String name,
            List<Location> bind,
            OptionalInt maxConnections,
            Optional<ListenerTls> tls,
            Duration idle,
            List<TcpRoute> routes,
            Admission admission)
            implements Listener {
        public Tcp {
            bind = List.copyOf(bind);
            routes = List.copyOf(routes);
        }

        /** Everything to one pool, for any client. */
        public Tcp(
                String name,
                List<Location> bind,
                OptionalInt maxConnections,
                Optional<ListenerTls> tls,
                Duration idle,
                String pool) {
            this(
                    name,
                    bind,
                    maxConnections,
                    tls,
                    idle,
                    List.of(new TcpRoute(TcpMatch.ANY, pool)),
                    Admission.ANY);
        }
    }

    /**
     * {@code protocol: udp}: datagrams to a server and back.
     *
     * @param idle how long a client may send nothing and be sent nothing until it is somebody new
     * @param responses that a server gives to each datagram; empty where nobody knows
     */
    record Udp(
            String name,
            List<Location> bind,
            OptionalInt maxConnections,
            Duration idle,
            OptionalInt responses,
            String pool,
            Admission admission)
            implements Listener {
        public Udp {
            bind = List.copyOf(bind);
        }

        @Override
        public Optional<ListenerTls> tls() {
            return Optional.empty();
        }
    }

    /** Whether one of the networks has the client; any client where none is named. */
    static boolean isOneOf(List<Network> networks, InetAddress client) {
        return networks.isEmpty() || networks.stream().anyMatch(each -> each.contains(client));
    }

    /** A route of a {@code tcp} listener. */
    record TcpRoute(TcpMatch match, String pool) {}

    /**
     * Which sessions a route takes; what is empty fits anything.
     *
     * @param sni the name that the client begins TLS for (RFC 6066 3): exact, or {@code
     *     *.example.com} for any name below; lower case
     * @param client networks, of which one has the client; any if empty
     */
    record TcpMatch(Optional<String> sni, List<Network> client) {
        public static final TcpMatch ANY = new TcpMatch(Optional.empty());

        public TcpMatch {
            client = List.copyOf(client);
        }

        /** For clients of any network. */
        public TcpMatch(Optional<String> sni) {
            this(sni, List.of());
        }

        /**
         * Whether it takes such a session.
         *
         * @param serverName in lower case; empty where the client says none
         */
        public boolean fits(Optional<String> serverName) {
            return sni.isEmpty() || serverName.filter(name -> fits(sni.get(), name)).isPresent();
        }

        private static boolean fits(String wanted, String name) {
            return wanted.startsWith("*.")
                    ? name.length() >= wanted.length() && name.endsWith(wanted.substring(1))
                    : name.equals(wanted);
        }
    }

    /**
     * {@code protocol: postgres}: PostgreSQL sessions. Routes are tried in order; a session that
     * none takes is refused. Without {@code tls} here and towards the servers, TLS passes through
     * where the first route takes all.
     */
    record Postgres(
            String name,
            List<Location> bind,
            OptionalInt maxConnections,
            Optional<ListenerTls> tls,
            Duration idle,
            List<PostgresRoute> routes,
            Admission admission)
            implements Listener {
        public Postgres {
            bind = List.copyOf(bind);
            routes = List.copyOf(routes);
        }

        /** For any client. */
        public Postgres(
                String name,
                List<Location> bind,
                OptionalInt maxConnections,
                Optional<ListenerTls> tls,
                Duration idle,
                List<PostgresRoute> routes) {
            this(name, bind, maxConnections, tls, idle, routes, Admission.ANY);
        }
    }

    /** A route of a {@code postgres} listener. */
    record PostgresRoute(PostgresMatch match, String pool) {}

    /**
     * Which sessions a route takes; what is empty fits anything.
     *
     * @param database as the client names it
     * @param parameters of the server's, each with the value that the client sets it to; names in
     *     lower case
     * @param client networks, of which one has the client; any if empty
     */
    record PostgresMatch(
            Optional<String> database,
            Optional<String> user,
            Map<String, String> parameters,
            List<Network> client) {
        public static final PostgresMatch ANY =
                new PostgresMatch(Optional.empty(), Optional.empty());

        public PostgresMatch {
            parameters = Ordered.copy(parameters);
            client = List.copyOf(client);
        }

        /** For clients of any network. */
        public PostgresMatch(
                Optional<String> database, Optional<String> user, Map<String, String> parameters) {
            this(database, user, parameters, List.of());
        }

        /** Whether what a session begins with decides. */
        public boolean readsStartup() {
            return database.isPresent() || user.isPresent() || !parameters.isEmpty();
        }

        /** Whatever parameters are set. */
        public PostgresMatch(Optional<String> database, Optional<String> user) {
            this(database, user, Map.of());
        }
    }

    /**
     * Idle and body are inactivity, headers is a total.
     *
     * @param idle a kept-alive connection without a request
     * @param headers from the first byte of a request to the end of its head
     * @param body a pause in the request body
     * @param tunnel no byte in either direction after an upgrade
     */
    record HttpTimeouts(Duration idle, Duration headers, Duration body, Duration tunnel) {}

    /**
     * Bounds of a request.
     *
     * @param headerBytes of its head
     * @param headers field lines in its head
     * @param body bytes of its content (RFC 9110 6.4); empty is without a bound
     * @param rate how often requests may come
     */
    record HttpLimits(int headerBytes, int headers, OptionalLong body, Optional<RateLimit> rate) {
        /** At any rate. */
        public HttpLimits(int headerBytes, int headers, OptionalLong body) {
            this(headerBytes, headers, body, Optional.empty());
        }
    }

    /**
     * {@code headers}.
     *
     * @param request as servers get it
     * @param response as clients get it; answers of our own included
     */
    record Headers(FieldChanges request, FieldChanges response) {
        public static final Headers NONE = new Headers(FieldChanges.NONE, FieldChanges.NONE);
    }

    /**
     * {@code routes[]}: the first whose match fits decides.
     *
     * @param mirror the pool that gets a copy of each request, whose answer is dropped
     */
    record Route(
            Match match,
            Action action,
            Optional<String> stripPrefix,
            RouteTimeouts timeouts,
            Guard guard,
            Optional<String> mirror) {
        /** Without a mirror. */
        public Route(
                Match match,
                Action action,
                Optional<String> stripPrefix,
                RouteTimeouts timeouts,
                Guard guard) {
            this(match, action, stripPrefix, timeouts, guard, Optional.empty());
        }

        /** For every request. */
        public Route(
                Match match, Action action, Optional<String> stripPrefix, RouteTimeouts timeouts) {
            this(match, action, stripPrefix, timeouts, Guard.NONE);
        }

        /** A route that changes nothing on the way. */
        public Route(Match match, Action action) {
            this(match, action, Optional.empty(), RouteTimeouts.NONE);
        }
    }

    /**
     * What a request that matches has to satisfy besides.
     *
     * @param rate how often such requests may come, besides the listener's
     * @param login who has to ask
     */
    record Guard(Optional<RateLimit> rate, Optional<BasicAuth> login) {
        public static final Guard NONE = new Guard(Optional.empty(), Optional.empty());
    }

    /** What a route has in place of the timeouts of its listener and pool; empty is theirs. */
    record RouteTimeouts(
            Optional<Duration> body,
            Optional<Duration> tunnel,
            Optional<Duration> response,
            Optional<Duration> responseIdle) {
        public static final RouteTimeouts NONE =
                new RouteTimeouts(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Empty matches anything; what is given has to fit together.
     *
     * @param host exact, or {@code *.example.com} for any name below; lower case
     */
    record Match(Optional<String> host, Optional<PathMatch> path, Conditions also) {
        public static final Match ANY =
                new Match(Optional.empty(), Optional.empty(), Conditions.NONE);
    }

    /** Of the path in the form that paths are compared in (RFC 3986 6.2.2). */
    sealed interface PathMatch {
        /** By segment: {@code /api} matches {@code /api} and {@code /api/x}, not {@code /apix}. */
        record Prefix(String path) implements PathMatch {}

        /** The whole path. */
        record Exact(String path) implements PathMatch {}

        /** The whole path fits the pattern: escapes in it are those of the normal form. */
        record Regex(Pattern pattern) implements PathMatch {}
    }

    /**
     * What a request must have beside host and path.
     *
     * @param methods one of them; any if empty
     * @param headers each a field, named in lower case, with a line of exactly this value
     * @param query each a parameter with this value, both decoded; another of the name may stand
     *     beside it
     * @param client networks, of which one has the client; any if empty
     */
    record Conditions(
            Set<String> methods,
            Map<String, String> headers,
            Map<String, String> query,
            List<Network> client) {
        public static final Conditions NONE =
                new Conditions(Set.of(), Map.of(), Map.of(), List.of());

        public Conditions {
            methods = Set.copyOf(methods);
            headers = Map.copyOf(headers);
            query = Map.copyOf(query);
            client = List.copyOf(client);
        }
    }

    /** What is done with a matched request. */
    sealed interface Action {
        /** Forward to a server of the pool. */
        record ToPool(String pool) implements Action {}

        /**
         * Forward to a server of one of the pools, to each its share. {@code stripPrefix} and
         * timeouts hold as for {@link ToPool}.
         */
        record Split(Map<String, Integer> shares) implements Action {
            public Split {
                shares = Ordered.copy(shares);
            }
        }

        /** Answer here, with this text. */
        record Respond(int status, String body) implements Action {}

        /** Send the client elsewhere. */
        record Redirect(Template to, int status) implements Action {}

        /** 308 to the same URL on https ({@code redirect: https} on the listener). */
        record RedirectToHttps() implements Action {}
    }
}
