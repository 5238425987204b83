package buoy.lb.health;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The answer to an HTTP probe, as far as a probe needs it: the status, and the body where one is
 * expected. Pure. Lenient in what does not matter here, bounded by its caller.
 */
sealed interface Answer {
    /** More bytes may make it an answer. */
    record NeedMore() implements Answer {}

    record NotHttp(String why) implements Answer {}

    /**
     * The body is empty unless it was asked for; octets are chars 0..255.
     *
     * @param keeps whether the connection is at the start of a next answer; never without the body
     */
    record Response(int status, String body, boolean keeps) implements Answer {}

    /** How much of an answer is wanted. */
    enum Extent {
        /** No more than the status line. */
        STATUS,
        /** All of an answer to HEAD, which ends with its fields. */
        HEAD,
        /** All of it. */
        WHOLE
    }

    /**
     * Reads what has arrived.
     *
     * @param ended nothing more will come
     */
    static Answer read(byte[] bytes, int length, boolean ended, Extent extent) {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        // RFC 9110 15.2: interim answers come before the one that counts.
        int from = 0;
        while (true) {
            int lineEnd = text.indexOf('\n', from);
            if (lineEnd < 0) {
                return incomplete(text.substring(from), ended);
            }
            int status = status(text.substring(from, lineEnd).stripTrailing());
            if (status < 0) {
                return new NotHttp("no HTTP status line");
            }
            int headEnd = headEnd(text, lineEnd + 1);
            if (status >= 200) {
                return extent == Extent.STATUS
                        ? new Response(status, "", false)
                        : whole(text, status, lineEnd + 1, headEnd, ended, extent);
            }
            if (headEnd < 0) {
                return ended ? new NotHttp("closed within the head") : new NeedMore();
            }
            from = headEnd;
        }
    }

    private static Answer incomplete(String line, boolean ended) {
        String start = "HTTP/1.";
        int common = Math.min(line.length(), start.length());
        if (!line.regionMatches(0, start, 0, common) || line.length() > 1024) {
            return new NotHttp("no HTTP status line");
        }
        if (!ended) {
            return new NeedMore();
        }
        return new NotHttp(line.isEmpty() ? "closed without an answer" : "closed within the head");
    }

    /** -1 if the line is no status line. */
    private static int status(String line) {
        // HTTP/1.1 200 OK
        if (line.length() < 12 || !line.startsWith("HTTP/1.") || line.charAt(8) != ' ') {
            return -1;
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status >= 100 && (line.length() == 12 || line.charAt(12) == ' ') ? status : -1;
    }

    /** The index behind the empty line, or -1. */
    private static int headEnd(String text, int from) {
        int at = from;
        while (true) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                return -1;
            }
            if (end == at || (end == at + 1 && text.charAt(at) == '\r')) {
                return end + 1;
            }
            at = end + 1;
        }
    }

    private static Answer whole(
            String text, int status, int fields, int headEnd, boolean ended, Extent extent) {
        if (headEnd < 0) {
            return ended ? new NotHttp("closed within the head") : new NeedMore();
        }
        String head = text.substring(fields, headEnd).toLowerCase(Locale.ROOT);
        String rest = text.substring(headEnd);
        boolean keeps =
                text.regionMatches(0, "HTTP/1.1", 0, 8)
                        && head.lines().noneMatch(line -> line.matches("connection:.*close.*"));
        if (extent == Extent.HEAD || status == 204 || status == 304) {
            // RFC 9112 6.3: whatever the fields say of its length.
            return new Response(status, "", keeps && rest.isEmpty());
        }
        if (head.lines().anyMatch(line -> line.matches("transfer-encoding:\\s*chunked\\s*"))) {
            Chunks chunks = Chunks.read(rest);
            return chunks.whole() || ended
                    ? new Response(status, chunks.body(), keeps && chunks.isAll(rest))
                    : new NeedMore();
        }
        for (String line : head.lines().toList()) {
            if (line.startsWith("content-length:")) {
                String value = line.substring("content-length:".length()).strip();
                if (!value.matches("[0-9]{1,9}")) {
                    return new NotHttp("bad Content-Length");
                }
                int length = Integer.parseInt(value);
                if (rest.length() >= length) {
                    return new Response(
                            status, rest.substring(0, length), keeps && rest.length() == length);
                }
            }
        }
        return ended ? new Response(status, rest, false) : new NeedMore();
    }

    /** A chunked body as far as it has arrived. */
    record Chunks(String body, boolean whole) {
        /** Whether {@code text} ends as a chunked body without trailers does, and not sooner. */
        boolean isAll(String text) {
            return whole && ("\r\n" + text).endsWith("\r\n0\r\n\r\n");
        }

        static Chunks read(String text) {
            StringBuilder body = new StringBuilder();
            int at = 0;
            while (true) {
                int end = text.indexOf('\n', at);
                if (end < 0) {
                    return new Chunks(body.toString(), false);
                }
                String digits = text.substring(at, end).split("[;\r ]", 2)[0];
                if (!digits.matches("[0-9a-fA-F]{1,7}")) {
                    return new Chunks(body.toString(), true);
                }
                int size = Integer.parseInt(digits, 16);
                if (size == 0) {
                    return new Chunks(body.toString(), true);
                }
                int from = end + 1;
                int to = Math.min(text.length(), from + size);
                body.append(text, from, to);
                if (to - from < size) {
                    return new Chunks(body.toString(), false);
                }
                at = text.indexOf('\n', to) + 1;
                if (at == 0) {
                    return new Chunks(body.toString(), false);
                }
            }
        }
    }
}
