package buoy.lb.http.head;

import java.nio.charset.StandardCharsets;

/** Heads from text: {@code \n} in a text block stands for CRLF. */
final class Heads {
    private Heads() {}

    static byte[] wire(String text) {
        return text.replace("\r\n", "\n")
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static RequestHead request(byte[] bytes) {
        RequestHead head = new RequestHead(1024, 10);
        feed(head, bytes, bytes.length == 0 ? 1 : bytes.length);
        return head;
    }

    static RequestHead request(String text) {
        return request(wire(text));
    }

    static ResponseHead response(String text) {
        ResponseHead head = new ResponseHead(1024, 10);
        byte[] bytes = wire(text);
        feed(head, bytes, bytes.length);
        return head;
    }

    /** Feeds in steps, parsing after each, until there is an answer. */
    static Parsed feed(Head head, byte[] bytes, int step) {
        Parsed parsed = Parsed.NEED_MORE;
        for (int at = 0; at < bytes.length && parsed == Parsed.NEED_MORE; ) {
            int n = head.add(bytes, at, Math.min(step, bytes.length - at));
            at += n;
            parsed = head.parse();
            if (n == 0) {
                break;
            }
        }
        return parsed;
    }

    static String rewritten(RequestHead head, ClientFacts client) {
        Output output = new Output();
        RequestRewrite.write(head, client, output);
        return text(output);
    }

    static String text(Output output) {
        return new String(output.bytes(), 0, output.length(), StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n");
    }
}
