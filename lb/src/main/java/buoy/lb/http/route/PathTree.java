package buoy.lb.http.route;

import buoy.config.model.Listener.PathMatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host: whole paths in a hash, prefixes in a tree of segments. A pattern stands
 * in the tree where the segments end that it begins with as they are.
 */
final class PathTree {
    private final Node root = new Node();
    private final ByteMap<Bucket> exact = new ByteMap<>();

    /** The lowest number of a route in the tree. */
    private int lowest = Bucket.NEVER;

    private static final class Node {
        private final ByteMap<Node> children = new ByteMap<>();
        private final Bucket bucket = new Bucket();
    }

    void add(@Nullable PathMatch path, @Nullable Condition condition, int route) {
        switch (path) {
            case PathMatch.Exact(String whole) -> {
                byte[] key = NormalPath.of(whole);
                Bucket bucket = exact.get(key, 0, key.length);
                if (bucket == null) {
                    bucket = new Bucket();
                    exact.put(key, bucket);
                }
                bucket.add(route, condition);
            }
            case PathMatch.Prefix(String prefix) -> addBelow(prefix, condition, route);
            case PathMatch.Regex(var pattern) ->
                    addBelow(PatternPrefix.of(pattern.pattern()), condition, route);
            case null -> addBelow("/", condition, route);
        }
    }

    private void addBelow(String prefix, @Nullable Condition condition, int route) {
        Node node = root;
        byte[] path = NormalPath.of(prefix);
        for (int from = 1; from < path.length; ) {
            int to = segmentEnd(path, from, path.length);
            Node child = node.children.get(path, from, to);
            if (child == null) {
                child = new Node();
                node.children.put(Arrays.copyOfRange(path, from, to), child);
            }
            node = child;
            from = to + 1;
        }
        node.bucket.add(route, condition);
        lowest = Math.min(lowest, route);
    }

    /** The first route that fits, if it comes before {@code best}; else {@code best}. */
    int find(byte[] path, int from, int to, int best, Request request) {
        int found = root.bucket.first(best, request);
        Bucket whole = exact.get(path, from, to);
        if (whole != null) {
            found = whole.first(found, request);
        }
        Node node = root;
        for (int start = from + 1; start <= to && found > lowest; ) {
            int end = segmentEnd(path, start, to);
            node = node.children.get(path, start, end);
            if (node == null) {
                break;
            }
            found = node.bucket.first(found, request);
            start = end + 1;
        }
        return found;
    }

    private static int segmentEnd(byte[] path, int from, int to) {
        int end = from;
        while (end < to && path[end] != '/') {
            end++;
        }
        return end;
    }
}
