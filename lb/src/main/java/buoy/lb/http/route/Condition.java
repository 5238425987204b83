package buoy.lb.http.route;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Network;
import buoy.lb.http.head.RequestHead;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route asks beyond what the tree of hosts and paths decides. All of it must hold. */
final class Condition {
    private static final class Pair {
        private final byte[] name;
        private final byte[] value;

        Pair(Map.Entry<String, String> pair) {
            name = bytes(pair.getKey());
            value = bytes(pair.getValue());
        }
    }

    private final List<byte[]> methods;
    private final List<Pair> headers;
    private final List<Pair> query;
    private final List<Network> networks;
    private final @Nullable Pattern pattern;

    private Condition(Conditions asked, @Nullable Pattern pattern) {
        this.methods = asked.methods().stream().map(Condition::bytes).toList();
        this.headers = pairs(asked.headers());
        this.query = pairs(asked.query());
        this.networks = asked.client();
        this.pattern = pattern;
    }

    /** Null if host and path say all. */
    static @Nullable Condition of(Match match) {
        Pattern pattern =
                match.path().orElse(null) instanceof PathMatch.Regex(var regex) ? regex : null;
        return pattern == null && match.also().equals(Conditions.NONE)
                ? null
                : new Condition(match.also(), pattern);
    }

    private static List<Pair> pairs(Map<String, String> map) {
        return map.entrySet().stream().map(Pair::new).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    boolean holds(Request request) {
        return (methods.isEmpty() || isOneOf(request.head()))
                && (headers.isEmpty() || hasHeaders(request))
                && (query.isEmpty() || hasParameters(request.head()))
                && (networks.isEmpty() || isWithin(request))
                && (pattern == null || pattern.matches(request.wholePath()));
    }

    private boolean isOneOf(RequestHead head) {
        for (byte[] method : methods) {
            if (head.methodIs(method)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasHeaders(Request request) {
        for (Pair header : headers) {
            if (!request.head().has(header.name, header.value, request.client())) {
                return false;
            }
        }
        return true;
    }

    private boolean hasParameters(RequestHead head) {
        for (Pair parameter : query) {
            if (!Query.has(
                    head.bytes(),
                    head.pathEnd(),
                    head.targetEnd(),
                    parameter.name,
                    parameter.value)) {
                return false;
            }
        }
        return true;
    }

    private boolean isWithin(Request request) {
        for (Network network : networks) {
            if (network.contains(request.asker())) {
                return true;
            }
        }
        return false;
    }
}
