package buoy.daemon.admin;

import java.util.Optional;

/**
 * Whether what a browser sends comes from a page of ours (W3C Fetch Metadata, RFC 6454 7). Browsers
 * say so by fields that no script can set; programs other than browsers send neither field.
 */
public final class SameOrigin {
    private SameOrigin() {}

    public static boolean holds(Request request) {
        Optional<String> site = request.header("sec-fetch-site");
        if (site.isPresent()) {
            return site.get().equals("same-origin");
        }
        Optional<String> origin = request.header("origin");
        return origin.isEmpty() || isOf(origin.get(), request.header("host").orElse(""));
    }

    /** The scheme may be another where a listener with TLS stands before this one. */
    private static boolean isOf(String origin, String host) {
        int slashes = origin.indexOf("://");
        return slashes > 0 && origin.substring(slashes + 3).equalsIgnoreCase(host);
    }
}
