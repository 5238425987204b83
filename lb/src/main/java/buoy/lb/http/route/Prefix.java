package buoy.lb.http.route;

import buoy.lb.http.head.RequestHead;
import java.util.Arrays;

/**
 * A prefix that is taken off the path before a request is sent on ({@code rewrite.strip-prefix}). A
 * path with escapes or dots in it is sent in normal form then, so that what is left is what the
 * route was chosen by.
 */
public final class Prefix {
    private final byte[] prefix;

    public Prefix(String path) {
        this.prefix = NormalPath.of(path);
    }

    /** Marks the head, if its path lies below; else leaves it. */
    public void stripFrom(RequestHead head) {
        if (head.isAsterisk()) {
            return;
        }
        byte[] bytes = head.bytes();
        if (head.hasPlainPath()) {
            if (covers(bytes, head.pathStart(), head.pathEnd())) {
                head.stripPath(prefix.length);
            }
            return;
        }
        NormalPath normal = new NormalPath();
        if (normal.read(bytes, head.pathStart(), head.pathEnd(), NormalPath.Reading.PLAIN)
                && covers(normal.bytes(), 0, normal.length())) {
            head.replacePath(rest(normal));
        }
    }

    /** With one slash at its start: two would make some servers take a segment for a host. */
    private byte[] rest(NormalPath path) {
        int from = prefix.length;
        while (from < path.length() && path.bytes()[from] == '/') {
            from++;
        }
        byte[] rest = new byte[path.length() - from + 1];
        rest[0] = '/';
        System.arraycopy(path.bytes(), from, rest, 1, rest.length - 1);
        return rest;
    }

    private boolean covers(byte[] path, int from, int to) {
        int end = from + prefix.length;
        return end <= to
                && Arrays.equals(path, from, end, prefix, 0, prefix.length)
                && (end == to || path[end] == '/');
    }
}
