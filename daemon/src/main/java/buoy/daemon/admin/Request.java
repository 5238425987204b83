package buoy.daemon.admin;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * One request, as far as anything here cares.
 *
 * @param path without the query
 * @param query what stands behind {@code ?}; empty if nothing does
 * @param headers by name in lower case, of each the first
 * @param from who asks; empty on a unix socket
 * @param visitor who has logged in, if somebody has
 */
public record Request(
        String method,
        String path,
        String query,
        Map<String, String> headers,
        String body,
        Optional<InetAddress> from,
        Optional<Visitor> visitor) {
    private static final String FORM = "application/x-www-form-urlencoded";

    public Request {
        headers = Map.copyOf(headers);
    }

    /** One without a query. */
    public Request(
            String method,
            String path,
            Map<String, String> headers,
            String body,
            Optional<InetAddress> from,
            Optional<Visitor> visitor) {
        this(method, path, "", headers, body, from, visitor);
    }

    /**
     * One without headers and body, of nobody known.
     *
     * @param uri path, and query behind {@code ?} if there is one
     */
    public static Request of(String method, String uri) {
        return new Request(
                method, path(uri), query(uri), Map.of(), "", Optional.empty(), Optional.empty());
    }

    static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    static String query(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? "" : uri.substring(query + 1);
    }

    /** The same, by somebody who has logged in. */
    public Request by(Visitor who) {
        return new Request(method, path, query, headers, body, from, Optional.of(who));
    }

    /**
     * The value of a field of the head.
     *
     * @param name in lower case
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether plain text is wanted rather than JSON. */
    public boolean text() {
        return header("accept").orElse("").startsWith("text/plain");
    }

    /** Whether a person asks, with a browser that shows the answer as the next page. */
    public boolean html() {
        return header("accept").orElse("").startsWith("text/html");
    }

    /** A field of the form that was sent; empty where none was, or it has none of this name. */
    public Optional<String> field(String name) {
        if (!header("content-type").orElse("").startsWith(FORM)) {
            return Optional.empty();
        }
        return value(body, name);
    }

    /** A parameter of the query; empty if it has none of this name. */
    public Optional<String> parameter(String name) {
        return value(query, name);
    }

    private static Optional<String> value(String form, String name) {
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals == name.length() && pair.startsWith(name)) {
                try {
                    return Optional.of(
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException _) {
                    return Optional.empty(); // no text: as good as none
                }
            }
        }
        return Optional.empty();
    }
}
