package buoy.bench.micro;

import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import java.nio.charset.StandardCharsets;

/** Request heads as they come. */
final class Requests {
    private static final int HEADER_BYTES = 16 * 1024;
    private static final int HEADERS = 100;

    private Requests() {}

    /** What a health check or wrk sends. */
    static String small(String host, String target) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target, host);
    }

    /** What a browser sends, cookies and all. */
    static String browser(String host, String target) {
        return """
        GET %s HTTP/1.1
        Host: %s
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
        Accept-Language: en-US,en;q=0.5
        Accept-Encoding: gzip, deflate, br, zstd
        Referer: https://app.example.com/orders?page=2
        Connection: keep-alive
        Cookie: session=8d7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b; theme=dark; consent=2026-01-01
        Upgrade-Insecure-Requests: 1
        Sec-Fetch-Dest: document
        Sec-Fetch-Mode: navigate
        Sec-Fetch-Site: same-origin
        If-None-Match: "5f3c-61a2b3c4d5e6f"

        """
                .formatted(target, host)
                .replace("\n", "\r\n");
    }

    static byte[] bytes(String head) {
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }

    static RequestHead head() {
        return new RequestHead(HEADER_BYTES, HEADERS);
    }

    /** A head that was parsed and is sound. */
    static RequestHead parsed(String text) {
        RequestHead head = head();
        if (parse(head, bytes(text)) != Parsed.COMPLETE) {
            throw new IllegalStateException(head.refusal().why());
        }
        return head;
    }

    static Parsed parse(RequestHead head, byte[] bytes) {
        head.clear();
        head.add(bytes, 0, bytes.length);
        return head.parse();
    }
}
