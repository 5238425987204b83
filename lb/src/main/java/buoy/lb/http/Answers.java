package buoy.lb.http;

import buoy.config.model.Template;
import buoy.lb.http.access.Entry;
import buoy.lb.http.head.FieldEdits;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.Variables;
import buoy.lb.http.route.RouteTable;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Tally;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The answers that are Buoy's own: one plain line that names the reason. One for each client. */
final class Answers {
    static final Template HTTPS =
            new Template(
                    List.of(
                            new Template.Literal("https://"),
                            Template.Variable.HOST,
                            Template.Variable.URI));

    private final Workshop shop;
    private final Downstream client;
    private final Tally tally;

    /**
     * @param tally counts what is answered
     */
    Answers(Workshop shop, Downstream client, Tally tally) {
        this.shop = shop;
        this.client = client;
        this.tally = tally;
    }

    /** The exchange failed for this reason. */
    void failed(Reason reason) {
        failed(reason, "");
    }

    /**
     * @param more further field lines, each with its CRLF
     */
    private void failed(Reason reason, String more) {
        tally.failed(reason);
        client.noteFailure(reason);
        int status = status(reason);
        String line = status + " " + reason;
        if (isGrpc()) {
            sendGrpc(status, line, keepsAlive());
        } else {
            send(status, line, more, keepsAlive());
        }
    }

    /**
     * The request came too early.
     *
     * @param wait until another may come, in nanoseconds
     */
    void tooEarly(long wait) {
        long seconds = Math.ceilDiv(wait, TimeUnit.SECONDS.toNanos(1));
        failed(Reason.RATE_LIMIT, "Retry-After: " + seconds + "\r\n");
    }

    /**
     * The request does not say who asks, or not with the right password.
     *
     * @param realm for whom it has to
     */
    void unauthorized(String realm) {
        failed(
                Reason.UNAUTHORIZED,
                "WWW-Authenticate: Basic realm=\"" + realm + "\", charset=\"UTF-8\"\r\n");
    }

    /** The request must not be acted on; the connection ends. */
    void refused(Refusal why) {
        Reason reason = reason(why);
        tally.failed(reason);
        client.noteFailure(reason);
        String allow =
                why.status() == 405
                        ? "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
                        : "";
        String line = why.status() + " " + reason + ": " + why.word() + " (" + why.why() + ")";
        if (isGrpc()) {
            sendGrpc(why.status(), line, false);
        } else {
            send(why.status(), line, allow, false);
        }
    }

    private boolean isGrpc() {
        RequestHead request = client.wholeHead();
        return request != null && request.isGrpc();
    }

    /**
     * Sends an answer of trailers alone: gRPC's clients look for the status there.
     *
     * @param status what another request would be answered, and the log has
     */
    private void sendGrpc(int status, String message, boolean keep) {
        Output to = shop.output;
        to.clear();
        to.put("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n");
        to.put("grpc-status: " + GrpcStatus.of(status) + "\r\n");
        to.put("grpc-message: " + message.replace("%", "%25") + "\r\n");
        to.put("Content-Length: 0\r\n");
        to.put(keep ? "\r\n" : "Connection: close\r\n\r\n");
        Entry entry = client.entry();
        if (entry != null) {
            entry.answer(status, to.length());
            entry.toClient(to.length());
        }
        client.sendAnswer(to.length(), keep);
    }

    /** The named reason for a request that was refused so. */
    static Reason reason(Refusal why) {
        return switch (why) {
            case HEADER_TOO_LARGE, TOO_MANY_FIELDS, TARGET_TOO_LONG -> Reason.HEADER_TOO_LARGE;
            case BODY_TOO_LARGE -> Reason.BODY_TOO_LARGE;
            default -> Reason.BAD_REQUEST;
        };
    }

    /** No pool is to get the request: {@code route} says why. */
    void unrouted(int route) {
        switch (route) {
            case RouteTable.BAD_ESCAPE -> refused(Refusal.BAD_ESCAPE);
            case RouteTable.AMBIGUOUS -> refused(Refusal.AMBIGUOUS_PATH);
            case RouteTable.NONE -> failed(Reason.NO_ROUTE);
            default -> {
                // RFC 9110 7.6.2: Max-Forwards 0 makes us the final recipient of OPTIONS.
                tally.finished();
                send(200, "200 buoy", "", keepsAlive());
            }
        }
    }

    /** 308 to the same URL on https. */
    void redirectToHttps(RequestHead head) {
        redirect(head, HTTPS, 308);
    }

    /** Sends the client elsewhere. */
    void redirect(RequestHead head, Template to, int status) {
        if (to.uses(Template.Variable.HOST) && head.hostStart() == head.hostEnd()) {
            refused(Refusal.NO_HOST);
            return;
        }
        String location = Variables.filledIn(to, head, client.facts(), client.id());
        tally.finished();
        send(status, status + " " + location, "Location: " + location + "\r\n", keepsAlive());
    }

    /** The answer a route has written out. */
    void respond(int status, String text) {
        tally.finished();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        send(
                status,
                unlessChanged("Content-Type", "text/plain; charset=utf-8"),
                body,
                keepsAlive());
    }

    /**
     * Sends a whole answer, with the listener's error page if it has one for the status.
     *
     * @param line the body, without its line end, where there is none
     * @param more further field lines, each with its CRLF
     */
    private void send(int status, String line, String more, boolean keep) {
        HttpFront.Page page = client.front().page(status);
        send(
                status,
                unlessChanged("Content-Type", page == null ? "text/plain" : page.mediaType())
                        + unlessChanged("Cache-Control", "no-store")
                        + more,
                page == null ? (line + "\n").getBytes(StandardCharsets.ISO_8859_1) : page.content(),
                keep);
    }

    /** A line of our own, if the listener's changes do not replace or remove it. */
    private String unlessChanged(String name, String value) {
        FieldEdits edits = client.front().responseEdits;
        return edits != null && edits.drops(name.toLowerCase(Locale.ROOT))
                ? ""
                : name + ": " + value + "\r\n";
    }

    private void send(int status, String fields, byte[] body, boolean keep) {
        Output to = shop.output;
        to.clear();
        to.put("HTTP/1.1 " + status + ' ' + phrase(status) + "\r\n");
        FieldEdits edits = client.front().responseEdits;
        RequestHead request = client.wholeHead();
        if (edits != null && request != null) {
            edits.put(request, client.facts(), client.id(), to);
        }
        int head;
        // RFC 9110 8.6: 204 has no Content-Length; 304 would say that of another answer.
        if (status == 204 || status == 304) {
            to.put(keep ? "\r\n" : "Connection: close\r\n\r\n");
            head = to.length();
        } else {
            to.put(fields + "Content-Length: " + body.length + "\r\n");
            to.put(keep ? "\r\n" : "Connection: close\r\n\r\n");
            head = to.length();
            if (!client.isHeadRequest()) {
                to.put(body);
            }
        }
        Entry entry = client.entry();
        if (entry != null) {
            entry.answer(status, head);
            entry.toClient(to.length());
        }
        client.sendAnswer(head, keep);
    }

    /** Our own answers say nothing of keep-alive to HTTP/1.0 clients, so it does not hold there. */
    private boolean keepsAlive() {
        return client.keepsAlive() && !client.head().isHttp10();
    }

    /** The status for an exchange that failed before any byte of the server's answer went on. */
    private static int status(Reason reason) {
        return switch (reason) {
            case NO_SERVER_UP,
                    HOLD_TIMEOUT,
                    QUEUE_TIMEOUT,
                    QUEUE_FULL,
                    RETRY_BUDGET,
                    NO_LOCAL_RESOURCES,
                    CONNECTION_LIMIT,
                    MEMORY_LIMIT,
                    LOGIN_LIMIT,
                    SERVER_DOWN,
                    SERVER_REMOVED,
                    SERVER_MAINTENANCE,
                    KILLED,
                    LISTENER_REMOVED,
                    ADDRESS_MOVED,
                    STOPPING ->
                    503;
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, RESPONSE_IDLE -> 504;
            case HEADER_TIMEOUT, BODY_TIMEOUT, IDLE_TIMEOUT, TUNNEL_TIMEOUT -> 408;
            case NO_ROUTE -> 404;
            case MISDIRECTED -> 421;
            case HEADER_TOO_LARGE -> 431;
            case BODY_TOO_LARGE -> 413;
            case BAD_REQUEST -> 400;
            case RATE_LIMIT -> 429;
            case UNAUTHORIZED -> 401;
            case INTERNAL -> 500;
            default -> 502;
        };
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 205 -> "Reset Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 451 -> "Unavailable For Legal Reasons";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
