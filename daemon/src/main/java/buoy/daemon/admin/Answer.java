package buoy.daemon.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One answer: whole, or the beginning of one that goes on.
 *
 * @param status an HTTP status code
 * @param more what follows the body, in UTF-8: for what is too long to be one text
 * @param headers further fields beside Content-Type and Content-Length
 * @param feed what follows the body, for as long as the client stays
 * @param sent run once, when its client has all of it, or has gone
 */
public record Answer(
        int status,
        String contentType,
        String body,
        List<byte[]> more,
        Map<String, String> headers,
        Optional<Feed> feed,
        Runnable sent) {
    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String EVENTS = "text/event-stream";
    public static final String HTML = "text/html; charset=utf-8";

    public Answer {
        more = List.copyOf(more);
        headers = Map.copyOf(headers);
    }

    private static void nobodyWaits() {}

    /** A whole one. */
    public Answer(int status, String contentType, String body, Map<String, String> headers) {
        this(status, contentType, body, List.of(), headers, Optional.empty(), Answer::nobodyWaits);
    }

    /** One that goes on. */
    public static Answer goingOn(String contentType, String start, Feed feed) {
        return new Answer(
                200,
                contentType,
                start,
                List.of(),
                Map.of(),
                Optional.of(feed),
                Answer::nobodyWaits);
    }

    /** One that is long. */
    public static Answer parts(String contentType, List<byte[]> utf8) {
        return new Answer(
                200, contentType, "", utf8, Map.of(), Optional.empty(), Answer::nobodyWaits);
    }

    /** The same, all of it in bytes, which need not be made for each client. */
    Answer inBytes() {
        if (body.isEmpty()) {
            return this;
        }
        List<byte[]> parts = new ArrayList<>(more.size() + 1);
        parts.add(body.getBytes(StandardCharsets.UTF_8));
        parts.addAll(more);
        return new Answer(status, contentType, "", parts, headers, feed, sent);
    }

    /** How many bytes {@link #inBytes} are. */
    long length() {
        long length = 0;
        for (byte[] part : more) {
            length += part.length;
        }
        return length;
    }

    /** The same for one client. It is a whole one: what goes on is never sent. */
    Answer whenSent(Runnable done) {
        if (feed.isPresent()) {
            throw new IllegalStateException("an answer that goes on");
        }
        return new Answer(status, contentType, body, more, headers, feed, done);
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
