package buoy.daemon.admin;

import java.util.Map;

/**
 * One answer, whole.
 *
 * @param status an HTTP status code
 * @param headers further fields beside Content-Type and Content-Length
 */
public record Answer(int status, String contentType, String body, Map<String, String> headers) {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String HTML = "text/html; charset=utf-8";

    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer of(int status, String contentType, String body) {
        return new Answer(status, contentType, body, Map.of());
    }

    public static Answer json(int status, String body) {
        return new Answer(status, JSON, body, Map.of());
    }

    public static Answer text(int status, String body) {
        return new Answer(status, TEXT, body, Map.of());
    }

    public static Answer notFound(Request request) {
        return text(404, "404 nothing at " + request.path() + "\n");
    }

    /** RFC 9110 15.5.6: says which methods there are. */
    public static Answer methodNotAllowed(String allowed) {
        return new Answer(405, TEXT, "405 use " + allowed + "\n", Map.of("Allow", allowed));
    }
}
