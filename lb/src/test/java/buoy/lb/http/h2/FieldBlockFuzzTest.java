package buoy.lb.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.http.head.Output;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.ResponseHead;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What holds for any fields, looked for where coverage leads. */
class FieldBlockFuzzTest {
    private static final byte[] KEY =
            "AAAAAAAAAAAAAAAAAAAAAA==".getBytes(StandardCharsets.US_ASCII);

    /**
     * Octets up to 0 are a name, then a value. Whatever they are: the text is refused, or it is one
     * head with no line that was not a field.
     */
    @FuzzTest
    void request(byte[] bytes) {
        RequestText text = new RequestText();
        text.begin();
        List<int[]> parts = parts(bytes);
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            int[] name = parts.get(i);
            int[] value = parts.get(i + 1);
            text.field(bytes, name[0], name[1], bytes, value[0], value[1]);
        }
        if (text.head(bytes.length % 2 == 0, KEY) != Refusal.NONE) {
            return;
        }
        Output lines = text.text();
        RequestHead head = new RequestHead(100_000, 1000);
        head.add(lines.bytes(), 0, lines.length());
        if (head.parse() == Parsed.COMPLETE) {
            assertThat(head.end()).isEqualTo(lines.length());
            int ends = 0;
            for (int i = 0; i < lines.length(); i++) {
                ends += lines.bytes()[i] == '\n' ? 1 : 0;
            }
            // Request line, Host, Cookie, what the upgrade or the length adds, and the empty line.
            assertThat(ends).isLessThanOrEqualTo(parts.size() / 2 + 7);
        } else {
            assertThat(head.refusal()).isNotEqualTo(Refusal.NONE);
        }
    }

    /** The same of a response's fields. */
    @FuzzTest
    void serverFields(byte[] bytes) {
        ResponseText text = new ResponseText();
        text.begin();
        text.field(ascii(":status"), 0, 7, ascii("200"), 0, 3);
        List<int[]> parts = parts(bytes);
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            int[] name = parts.get(i);
            int[] value = parts.get(i + 1);
            text.field(bytes, name[0], name[1], bytes, value[0], value[1]);
        }
        if (text.head(bytes.length % 2 == 0) != Refusal.NONE) {
            return;
        }
        Output lines = text.text();
        ResponseHead head = new ResponseHead(100_000, 1000);
        head.add(lines.bytes(), 0, lines.length());
        if (head.parse() == Parsed.COMPLETE) {
            assertThat(head.end()).isEqualTo(lines.length());
            assertThat(head.status()).isEqualTo(200);
            int ends = 0;
            for (int i = 0; i < lines.length(); i++) {
                ends += lines.bytes()[i] == '\n' ? 1 : 0;
            }
            // Status line, what a missing length adds, and the empty line.
            assertThat(ends).isLessThanOrEqualTo(parts.size() / 2 + 3);
        } else {
            assertThat(head.refusal()).isNotEqualTo(Refusal.NONE);
        }
    }

    /** A request's block is what its text was. */
    @FuzzTest
    void requestFields(byte[] bytes) throws Exception {
        String method = bytes.length % 3 == 0 ? "GET" : bytes.length % 3 == 1 ? "POST" : "PUT";
        StringBuilder text = new StringBuilder(method + " /" + bytes.length + " HTTP/1.1\r\n");
        StringBuilder expected = new StringBuilder();
        List<int[]> parts = parts(bytes);
        int host = parts.size() / 4 * 2;
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            if (i == host) {
                text.append("Host: a.example\r\nConnection: TE\r\n");
            }
            String name = letters(bytes, parts.get(i), "x-");
            String value = letters(bytes, parts.get(i + 1), "");
            text.append(name).append(": ").append(value).append("\r\n");
            expected.append(name.toLowerCase(java.util.Locale.ROOT))
                    .append('=')
                    .append(value)
                    .append('\n');
        }
        byte[] head = ascii(text.append("\r\n").toString());
        Output block = new Output();
        RequestBlock.head(head, head.length, true, block);
        Http2Headers decoded =
                new DefaultHttp2HeadersDecoder(true, true, 10_000_000)
                        .decodeHeaders(1, Unpooled.wrappedBuffer(block.bytes(), 0, block.length()));
        StringBuilder read = new StringBuilder();
        decoded.forEach(f -> read.append(f.getKey()).append('=').append(f.getValue()).append('\n'));
        String authority = parts.size() > 1 ? ":authority=a.example\n" : "";
        assertThat(read)
                .hasToString(
                        ":method=%s\n:scheme=https\n:path=/%d\n%s%s"
                                .formatted(method, bytes.length, authority, expected));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<int[]> parts(byte[] bytes) {
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == 0) {
                parts.add(new int[] {from, i});
                from = i + 1;
            }
        }
        return parts;
    }

    /** A block is what the text was: any decoder reads the same fields out of it. */
    @FuzzTest
    void response(byte[] bytes) throws Exception {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\n");
        StringBuilder expected = new StringBuilder(":status=200\n");
        List<int[]> parts = parts(bytes);
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            String name = letters(bytes, parts.get(i), "x-");
            String value = letters(bytes, parts.get(i + 1), "");
            text.append(name).append(": ").append(value).append("\r\n");
            expected.append(name.toLowerCase(java.util.Locale.ROOT))
                    .append('=')
                    .append(value)
                    .append('\n');
        }
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        Output block = new Output();
        ResponseBlock.head(head, head.length, block);
        Http2Headers decoded =
                new DefaultHttp2HeadersDecoder(true, true, 10_000_000)
                        .decodeHeaders(1, Unpooled.wrappedBuffer(block.bytes(), 0, block.length()));
        StringBuilder read = new StringBuilder();
        decoded.forEach(f -> read.append(f.getKey()).append('=').append(f.getValue()).append('\n'));
        assertThat(read).hasToString(expected.toString());
    }

    private static String letters(byte[] bytes, int[] part, String before) {
        StringBuilder text = new StringBuilder(before);
        for (int i = part[0]; i < part[1]; i++) {
            text.append("abcDEF-019".charAt((bytes[i] & 0xff) % 10));
        }
        return text.toString();
    }
}
