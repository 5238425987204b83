package buoy.lb.http.route;

import buoy.config.model.Listener.Match;
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

    private static final int NEVER = Integer.MAX_VALUE;
    private static final int LONGEST_HOST = 255;

    private final PathTree anyHost = new PathTree();
    private final ByteMap<PathTree> hosts = new ByteMap<>();

    /** By the part behind the star: {@code .example.com}. */
    private final ByteMap<PathTree> wildcards = new ByteMap<>();

    private final boolean firstTakesAll;

    /** What a look-up needs to write on: one for each worker. */
    public static final class Scratch {
        private final byte[] host = new byte[LONGEST_HOST];
        private final NormalPath plain = new NormalPath();
        private final NormalPath liberal = new NormalPath();
    }

    public RouteTable(List<Match> matches) {
        firstTakesAll = !matches.isEmpty() && matches.getFirst().equals(Match.ANY);
        for (int i = 0; i < matches.size(); i++) {
            Match match = matches.get(i);
            tree(match.host().orElse(null)).add(match, i);
        }
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
    public int find(RequestHead head, Scratch scratch) {
        if (head.hasPlainPath() && firstTakesAll) {
            return 0;
        }
        byte[] bytes = head.bytes();
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
        int best = anyHost.find(path, from, to);
        if (host > 0) {
            byte[] name = scratch.host;
            PathTree exact = hosts.get(name, 0, host);
            if (exact != null) {
                best = Math.min(best, exact.find(path, from, to));
            }
            if (!wildcards.isEmpty()) {
                for (int dot = 1; dot < host; dot++) {
                    PathTree tree = name[dot] == '.' ? wildcards.get(name, dot, host) : null;
                    if (tree != null) {
                        best = Math.min(best, tree.find(path, from, to));
                    }
                }
            }
        }
        return best == NEVER ? NONE : best;
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

    /** The routes of one host. */
    private static final class PathTree {
        private final Node root = new Node();
        private final ByteMap<Integer> exact = new ByteMap<>();
        private int shortest = NEVER;

        private static final class Node {
            private final ByteMap<Node> children = new ByteMap<>();
            private int prefix = NEVER;
        }

        void add(Match match, int route) {
            if (match.pathExact().isPresent()) {
                byte[] path = normal(match.pathExact().get());
                if (exact.get(path, 0, path.length) == null) {
                    exact.put(path, route);
                }
                return;
            }
            Node node = root;
            byte[] path = normal(match.path().orElse("/"));
            for (int from = 1; from < path.length; ) {
                int to = segmentEnd(path, from, path.length);
                Node child = node.children.get(path, from, to);
                if (child == null) {
                    child = new Node();
                    node.children.put(java.util.Arrays.copyOfRange(path, from, to), child);
                }
                node = child;
                from = to + 1;
            }
            node.prefix = Math.min(node.prefix, route);
            shortest = Math.min(shortest, route);
        }

        int find(byte[] path, int from, int to) {
            int best = root.prefix;
            Integer whole = exact.get(path, from, to);
            if (whole != null) {
                best = Math.min(best, whole);
            }
            Node node = root;
            for (int start = from + 1; start <= to && best > shortest; ) {
                int end = segmentEnd(path, start, to);
                node = node.children.get(path, start, end);
                if (node == null) {
                    break;
                }
                best = Math.min(best, node.prefix);
                start = end + 1;
            }
            return best;
        }

        private static int segmentEnd(byte[] path, int from, int to) {
            int end = from;
            while (end < to && path[end] != '/') {
                end++;
            }
            return end;
        }

        /** As requests are read, so that {@code /caf\u00e9} is {@code /caf%C3%A9}. */
        private static byte[] normal(String path) {
            StringBuilder escaped = new StringBuilder();
            for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
                escaped.append(b > ' ' && b < 0x7f ? "" + (char) b : "%%%02X".formatted(b));
            }
            byte[] bytes = escaped.toString().getBytes(StandardCharsets.US_ASCII);
            NormalPath normal = new NormalPath();
            return normal.read(bytes, 0, bytes.length, NormalPath.Reading.PLAIN)
                    ? java.util.Arrays.copyOf(normal.bytes(), normal.length())
                    : bytes;
        }
    }
}
