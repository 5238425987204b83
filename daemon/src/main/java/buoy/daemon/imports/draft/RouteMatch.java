package buoy.daemon.imports.draft;

import buoy.config.model.Network;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a route asks of a request or session: the keys of a {@code match}, all of which have to fit.
 *
 * @param host a name, or {@code *.name}
 * @param methods none: any
 * @param headers names in lower case
 * @param client none: anybody
 * @param sni a name, or {@code *.name}
 */
public record RouteMatch(
        Optional<String> host,
        Optional<PathTest> path,
        Set<String> methods,
        Map<String, String> headers,
        Map<String, String> query,
        List<Network> client,
        Optional<String> sni) {
    /** Fits everything. */
    public static final RouteMatch ANY =
            new RouteMatch(
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    Optional.empty());

    /** What fits two matches. */
    public sealed interface Both {
        record Is(RouteMatch match) implements Both {}

        /** Nothing does. */
        record Never() implements Both {}

        /** One match cannot say it. */
        record Unknown(String why) implements Both {}
    }

    public static RouteMatch ofHost(String host) {
        return ANY.with(Optional.of(host), Optional.empty());
    }

    public static RouteMatch ofPath(PathTest path) {
        return ANY.with(Optional.empty(), path.takesAll() ? Optional.empty() : Optional.of(path));
    }

    public static RouteMatch ofMethods(Set<String> methods) {
        return of(methods, Map.of(), Map.of(), List.of(), Optional.empty());
    }

    public static RouteMatch ofHeader(String name, String value) {
        return of(Set.of(), Map.of(name, value), Map.of(), List.of(), Optional.empty());
    }

    public static RouteMatch ofQuery(String name, String value) {
        return of(Set.of(), Map.of(), Map.of(name, value), List.of(), Optional.empty());
    }

    public static RouteMatch ofClient(List<Network> client) {
        return of(Set.of(), Map.of(), Map.of(), client, Optional.empty());
    }

    public static RouteMatch ofSni(String sni) {
        return of(Set.of(), Map.of(), Map.of(), List.of(), Optional.of(sni));
    }

    /** Of any host and path. */
    private static RouteMatch of(
            Set<String> methods,
            Map<String, String> headers,
            Map<String, String> query,
            List<Network> client,
            Optional<String> sni) {
        return new RouteMatch(
                Optional.empty(), Optional.empty(), methods, headers, query, client, sni);
    }

    private RouteMatch with(Optional<String> host, Optional<PathTest> path) {
        return new RouteMatch(host, path, methods, headers, query, client, sni);
    }

    /** What fits this match and the other one. */
    public Both and(RouteMatch other) {
        Optional<PathTest> bothPaths = path.isPresent() ? path : other.path;
        if (path.isPresent() && other.path.isPresent()) {
            switch (path.get().and(other.path.get())) {
                case PathTest.Both.Is(var test) -> bothPaths = Optional.of(test);
                case PathTest.Both.Never() -> {
                    return new Both.Never();
                }
                case PathTest.Both.Unknown() -> {
                    return new Both.Unknown("two patterns of paths have to fit at once");
                }
            }
        }
        Optional<Optional<String>> hosts = names(host, other.host);
        Optional<Optional<String>> snis = names(sni, other.sni);
        Optional<Map<String, String>> fields = merged(headers, other.headers);
        Optional<Map<String, String>> parameters = merged(query, other.query);
        Set<String> bothMethods = new LinkedHashSet<>(methods.isEmpty() ? other.methods : methods);
        if (!methods.isEmpty() && !other.methods.isEmpty()) {
            bothMethods.retainAll(other.methods);
        }
        List<Network> clients =
                client.isEmpty()
                        ? other.client
                        : other.client.isEmpty() ? client : Networks.both(client, other.client);
        boolean noMethod = bothMethods.isEmpty() && !methods.isEmpty();
        boolean nobody = clients.isEmpty() && !client.isEmpty();
        if (hosts.isEmpty()
                || snis.isEmpty()
                || fields.isEmpty()
                || parameters.isEmpty()
                || noMethod
                || nobody) {
            return new Both.Never();
        }
        return new Both.Is(
                new RouteMatch(
                        hosts.get(),
                        bothPaths,
                        bothMethods,
                        fields.get(),
                        parameters.get(),
                        clients,
                        snis.get()));
    }

    /** Empty where no name fits both; the narrower of two otherwise. */
    private static Optional<Optional<String>> names(Optional<String> a, Optional<String> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.of(a.isPresent() ? a : b);
        }
        if (fits(a.get(), b.get())) {
            return Optional.of(b);
        }
        return fits(b.get(), a.get()) ? Optional.of(a) : Optional.empty();
    }

    private static boolean fits(String wide, String narrow) {
        return wide.equals(narrow) || (wide.startsWith("*.") && narrow.endsWith(wide.substring(1)));
    }

    /** Empty where one name would need two values. */
    private static Optional<Map<String, String>> merged(
            Map<String, String> a, Map<String, String> b) {
        Map<String, String> all = new LinkedHashMap<>(a);
        for (Map.Entry<String, String> entry : b.entrySet()) {
            String present = all.putIfAbsent(entry.getKey(), entry.getValue());
            if (present != null && !present.equals(entry.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }

    /** As the value of {@code match}; empty where everything fits. */
    public Optional<Node.Mapping> toNode(Mark at) {
        Node.Mapping match = new Node.Mapping(at);
        host.ifPresent(name -> match.text("host", at, name));
        sni.ifPresent(name -> match.text("sni", at, name));
        path.ifPresent(test -> test.writeTo(match, at));
        if (!methods.isEmpty()) {
            match.put("methods", Node.Items.texts(at, methods));
        }
        pairs(match, "headers", headers, at);
        pairs(match, "query", query, at);
        if (!client.isEmpty()) {
            match.put(
                    "client",
                    Node.Items.texts(at, client.stream().map(Network::toString).toList()));
        }
        return match.isEmpty() ? Optional.empty() : Optional.of(match);
    }

    private static void pairs(Node.Mapping match, String key, Map<String, String> pairs, Mark at) {
        if (!pairs.isEmpty()) {
            Node.Mapping node = new Node.Mapping(at);
            pairs.forEach((name, value) -> node.text(name, at, value));
            match.put(key, node);
        }
    }
}
