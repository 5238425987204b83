package buoy.lb.http.route;

import buoy.config.model.Listener.Match;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of one listener, compiled. A match is told by the route's number, from 0. */
public final class RouteTable {
    /** No route matches. */
    public static final int NONE = -1;

    /** The path has a malformed escape or an escaped NUL. */
    public static final int BAD_ESCAPE = -2;

    /** Servers would disagree about which route it is: {@code /open%2f..%2fadmin}. */
    public static final int AMBIGUOUS = -3;

    private static final int LONGEST_HOST = 255;

    private final PathTree anyHost = new PathTree();
    private final ByteMap<PathTree> hosts = new ByteMap<>();

    /** By the part behind the star: {@code .example.com}. */
    private final ByteMap<PathTree> wildcards = new ByteMap<>();

    private final boolean firstTakesAll;

    /** Whether any route asks for more than host and path. */
    private final boolean conditional;

    /** What a look-up needs to write on: one for each worker. */
    public static final class Scratch {
        private final byte[] host = new byte[LONGEST_HOST];
        private final NormalPath plain = new NormalPath();
        private final NormalPath liberal = new NormalPath();
        private final Request request = new Request();
    }

    public RouteTable(List<Match> matches) {
        firstTakesAll = !matches.isEmpty() && matches.getFirst().equals(Match.ANY);
        boolean asks = false;
        for (int i = 0; i < matches.size(); i++) {
            Match match = matches.get(i);
            Condition condition = Condition.of(match);
            asks |= condition != null;
            tree(match.host().orElse(null)).add(match.path().orElse(null), condition, i);
        }
        conditional = asks;
    }

    private PathTree tree(@Nullable String host) {
        if (host == null) {
            return anyHost;
        }
        boolean wildcard = host.startsWith("*.");
        ByteMap<PathTree> map = wildcard ? wildcards : hosts;
        byte[] key = (wildcard ? host.substring(1) : host).getBytes(StandardCharsets.US_ASCII);
        PathTree tree = map.get(key, 0, key.length);
        if (tree == null) {
            tree = new PathTree();
            map.put(key, tree);
        }
        return tree;
    }

    /** The first route that matches, or one of the negative answers. */
    public int find(RequestHead head, ClientFacts client, Scratch scratch) {
        if (head.hasPlainPath() && firstTakesAll) {
            return 0;
        }
        byte[] bytes = head.bytes();
        if (conditional) {
            scratch.request.begin(head, client);
        }
        int host = hostName(bytes, head.hostStart(), head.hostEnd(), scratch.host);
        if (head.hasPlainPath()) {
            return found(host, scratch, bytes, head.pathStart(), head.pathEnd());
        }
        NormalPath plain = scratch.plain;
        NormalPath liberal = scratch.liberal;
        if (!plain.read(bytes, head.pathStart(), head.pathEnd(), NormalPath.Reading.PLAIN)
                || !liberal.read(
                        bytes, head.pathStart(), head.pathEnd(), NormalPath.Reading.LIBERAL)) {
            return BAD_ESCAPE;
        }
        int found = found(host, scratch, plain.bytes(), 0, plain.length());
        return plain.equalTo(liberal)
                        || found == found(host, scratch, liberal.bytes(), 0, liberal.length())
                ? found
                : AMBIGUOUS;
    }

    private int found(int host, Scratch scratch, byte[] path, int from, int to) {
        Request request = scratch.request;
        if (conditional) {
            request.path(path, from, to);
        }
        int best = anyHost.find(path, from, to, Bucket.NEVER, request);
        if (host > 0) {
            byte[] name = scratch.host;
            PathTree exact = hosts.get(name, 0, host);
            if (exact != null) {
                best = exact.find(path, from, to, best, request);
            }
            if (!wildcards.isEmpty()) {
                for (int dot = 1; dot < host; dot++) {
                    PathTree tree = name[dot] == '.' ? wildcards.get(name, dot, host) : null;
                    if (tree != null) {
                        best = tree.find(path, from, to, best, request);
                    }
                }
            }
        }
        return best == Bucket.NEVER ? NONE : best;
    }

    /** Copies the name in lower case, without port and final dot. Returns its length. */
    private int hostName(byte[] bytes, int from, int to, byte[] name) {
        if (hosts.isEmpty() && wildcards.isEmpty()) {
            return 0;
        }
        int length = 0;
        boolean literal = from < to && bytes[from] == '[';
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == ':' && !literal) {
                break;
            }
            if (length == LONGEST_HOST) {
                return 0;
            }
            name[length++] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
            if (b == ']') {
                break;
            }
        }
        return length > 1 && name[length - 1] == '.' ? length - 1 : length;
    }
}
