package buoy.daemon.admin;

import java.util.Map;
import java.util.Optional;

/**
 * One answer: whole, or the beginning of one that goes on.
 *
 * @param status an HTTP status code
 * @param headers further fields beside Content-Type and Content-Length
 * @param feed what follows the body, for as long as the client stays
 */
public record Answer(
        int status,
        String contentType,
        String body,
        Map<String, String> headers,
        Optional<Feed> feed) {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String EVENTS = "text/event-stream";
    public static final String HTML = "text/html; charset=utf-8";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** A whole one. */
    public Answer(int status, String contentType, String body, Map<String, String> headers) {
        this(status, contentType, body, headers, Optional.empty());
    }

    /** One that goes on. */
    public static Answer goingOn(String contentType, String start, Feed feed) {
        return new Answer(200, contentType, start, Map.of(), Optional.of(feed));
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
