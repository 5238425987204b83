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
 * @param headers by name in lower case, of each the first
 * @param from who asks; empty on a unix socket
 * @param visitor who has logged in, if somebody has
 */
public record Request(
        String method,
        String path,
        Map<String, String> headers,
        String body,
        Optional<InetAddress> from,
        Optional<Visitor> visitor) {
    private static final String FORM = "application/x-www-form-urlencoded";

    public Request {
        headers = Map.copyOf(headers);
    }

    /** One without headers and body, of nobody known. */
    public static Request of(String method, String path) {
        return new Request(method, path, Map.of(), "", Optional.empty(), Optional.empty());
    }

    /** The same, by somebody who has logged in. */
    public Request by(Visitor who) {
        return new Request(method, path, headers, body, from, Optional.of(who));
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
        for (String pair : body.split("&", -1)) {
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
