package buoy.lb.http;

import buoy.lb.http.head.Output;
import buoy.lb.http.head.RequestHead;
import buoy.lb.pool.Reason;

/** The answers that are Buoy's own: one plain line that names the reason. */
final class Answers {
    private Answers() {}

    /** The status for an exchange that failed before any byte of the server's answer went on. */
    static int status(Reason reason) {
        return switch (reason) {
            case NO_SERVER_UP,
                    RETRY_BUDGET,
                    NO_LOCAL_RESOURCES,
                    CONNECTION_LIMIT,
                    SERVER_DOWN,
                    SERVER_REMOVED,
                    LISTENER_REMOVED,
                    STOPPING ->
                    503;
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, RESPONSE_IDLE -> 504;
            case HEADER_TIMEOUT, BODY_TIMEOUT, IDLE_TIMEOUT, TUNNEL_TIMEOUT -> 408;
            case NO_ROUTE -> 404;
            case HEADER_TOO_LARGE -> 431;
            case BAD_REQUEST -> 400;
            case INTERNAL -> 500;
            default -> 502;
        };
    }

    /**
     * Puts a whole answer together.
     *
     * @param line the body, without its line end
     * @param headOnly the answer to a HEAD request
     * @param more further field lines, each with its CRLF
     */
    static void write(
            Output to, int status, String line, String more, boolean headOnly, boolean close) {
        to.clear();
        to.put("HTTP/1.1 " + status + ' ' + phrase(status));
        to.put("\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nContent-Length: ");
        to.put(Integer.toString(line.length() + 1));
        to.put("\r\n" + more + (close ? "Connection: close\r\n\r\n" : "\r\n"));
        if (!headOnly) {
            to.put(line + "\n");
        }
    }

    /** 308 to the same URL on https; false if the request does not say which host it wants. */
    static boolean redirectToHttps(Output to, RequestHead head, boolean headOnly, boolean close) {
        if (head.hostStart() == head.hostEnd()) {
            return false;
        }
        String host = head.hostText();
        int port = host.lastIndexOf(':');
        String name = port > host.lastIndexOf(']') ? host.substring(0, port) : host;
        String target = head.targetText();
        String location =
                "https://"
                        + name
                        + (target.startsWith("/") ? target : "/" + target.replace("*", ""));
        write(to, 308, "308 " + location, "Location: " + location + "\r\n", headOnly, close);
        return true;
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
