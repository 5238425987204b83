package buoy.lb.http.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog.Fact;
import buoy.config.model.AccessLog.Format;
import buoy.config.model.AccessLog.Literal;
import buoy.config.model.Network;
import buoy.lb.http.access.Entry.Crowd;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import buoy.lb.pool.Reason;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final long MS = 1_000_000;

    /** 2026-11-26T09:30:00.123Z. */
    private static final long BEGAN = 1_795_685_400_123L;

    private static final ClientFacts CLIENT =
            new ClientFacts(
                    InetAddress.ofLiteral("203.0.113.7"),
                    new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 443),
                    true,
                    List.of(),
                    false);

    private static RequestHead head(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        RequestHead head = new RequestHead(16 * 1024, 100);
        System.arraycopy(bytes, 0, head.room(bytes.length), 0, bytes.length);
        head.added(bytes.length);
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        return head;
    }

    private static Entry asked(String request) {
        Entry entry = new Entry("web", 40001);
        entry.begin(0, BEGAN, CLIENT, "TLSv1.3");
        entry.request(head(request), CLIENT, "0123456789abcdef", MS);
        return entry;
    }

    private static Entry served() {
        Entry entry =
                asked(
                        """
                        GET /a?b=c HTTP/1.1
                        Host: app.example.com
                        Referer: http://r/
                        User-Agent: curl/8

                        """
                                .replace("\n", "\r\n"));
        entry.pool("app");
        entry.dialled("app1", true, 3 * MS);
        entry.connected("app1", 3 * MS, 8 * MS);
        entry.crowd(new Crowd(9, 8, 7, 6));
        entry.retried(1, true);
        entry.sent(9 * MS);
        entry.firstByte(20 * MS);
        entry.answer(200, 50);
        entry.toClient(1050);
        entry.end(30 * MS + 456_000);
        return entry;
    }

    private static String line(Format format, Entry entry) {
        return line(format, entry, ZoneOffset.UTC);
    }

    private static String line(Format format, Entry entry, ZoneId zone) {
        Output out = new Output();
        EntryFormat.of(format, zone).put(entry, out);
        return new String(out.bytes(), 0, out.length(), ISO_8859_1);
    }

    @Test
    void combined() {
        assertThat(line(new Format.Combined(), served()))
                .isEqualTo(
                        "203.0.113.7 - - [26/Nov/2026:09:30:00 +0000] \"GET /a?b=c HTTP/1.1\" 200"
                                + " 1000 \"http://r/\" \"curl/8\"\n");
    }

    @Test
    void combinedHasTheTimeOfThisHost() {
        assertThat(line(new Format.Combined(), served(), ZoneId.of("America/New_York")))
                .contains("[26/Nov/2026:04:30:00 -0500]");
    }

    @Test
    void haproxy() {
        assertThat(line(new Format.Haproxy(), served()))
                .isEqualTo(
                        "203.0.113.7:40001 [26/Nov/2026:09:30:00.123] web~ app/app1 1/2/5/11/30 200"
                                + " 1050 - - ---- 9/8/7/6/+1 0/0 \"GET /a?b=c HTTP/1.1\"\n");
    }

    @Test
    void json() {
        assertThat(line(new Format.Json(), served()))
                .isEqualTo(
                        "{\"time\":\"2026-11-26T09:30:00.123Z\",\"request-id\":\"0123456789abcdef\","
                                + "\"listener\":\"web\",\"client-address\":\"203.0.113.7\","
                                + "\"client-port\":40001,\"method\":\"GET\","
                                + "\"host\":\"app.example.com\",\"uri\":\"/a?b=c\","
                                + "\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes-received\":86,"
                                + "\"bytes-sent\":1050,\"body-bytes-sent\":1000,\"queue-ms\":2.000,"
                                + "\"connect-ms\":5.000,\"response-ms\":11.000,\"total-ms\":30.456,"
                                + "\"pool\":\"app\",\"server\":\"app1\",\"retries\":1,"
                                + "\"tls-version\":\"TLSv1.3\",\"referer\":\"http://r/\","
                                + "\"user-agent\":\"curl/8\"}\n");
    }

    @Test
    void pattern() {
        Format.Pattern format =
                new Format.Pattern(
                        List.of(
                                new Literal("<"),
                                Fact.STATUS,
                                new Literal("> "),
                                Fact.REASON,
                                new Literal(" "),
                                Fact.HOST));

        assertThat(line(format, served())).isEqualTo("<200> - app.example.com\n");
    }

    @Test
    void whatFailedHasItsReason() {
        Entry entry = asked("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        entry.pool("app");
        entry.failed(Reason.QUEUE_TIMEOUT);
        entry.answer(503, 100);
        entry.toClient(122);
        entry.end(5000 * MS);

        assertThat(line(new Format.Haproxy(), entry))
                .isEqualTo(
                        "203.0.113.7:40001 [26/Nov/2026:09:30:00.123] web~ app/<NOSRV>"
                                + " 1/-1/-1/-1/5000 503 122 - - sQ-- 0/0/0/0/0 0/0 \"GET /"
                                + " HTTP/1.1\"\n");
        assertThat(line(new Format.Json(), entry))
                .contains("\"reason\":\"queue-timeout\"")
                .doesNotContain("queue-ms", "\"server\"");
    }

    @Test
    void ofTriesTheLastOneCounts() {
        Entry entry = served();
        entry.dialled("app2", true, 40 * MS);
        entry.failed(Reason.SERVER_REFUSED);
        entry.end(50 * MS);

        assertThat(line(new Format.Haproxy(), entry)).contains(" app/app2 1/39/-1/-1/50 ");
    }

    @Test
    void whatCouldNotBeReadSaysSo() {
        Entry entry = new Entry("web", 40001);
        entry.begin(0, BEGAN, CLIENT, "");
        entry.failed(Reason.BAD_REQUEST);
        entry.end(MS);

        assertThat(line(new Format.Haproxy(), entry))
                .endsWith(" web/<NOSRV> -1/-1/-1/-1/1 -1 0 - - PR-- 0/0/0/0/0 0/0 \"<BADREQ>\"\n");
        assertThat(line(new Format.Combined(), entry)).contains("] \"\" 499 0 \"-\" \"-\"\n");
    }

    @Test
    void nothingOfAnExchangeIsLeftForTheNext() {
        Entry entry = served();
        entry.failed(Reason.SERVER_RESET);
        entry.begin(0, BEGAN, CLIENT, "");

        Entry fresh = new Entry("web", 40001);
        fresh.begin(0, BEGAN, CLIENT, "");
        for (Format format :
                List.of(new Format.Json(), new Format.Combined(), new Format.Haproxy())) {
            assertThat(line(format, entry)).isEqualTo(line(format, fresh));
        }
    }

    @Test
    void aTrustedProxySaysWhoAsks() {
        ClientFacts proxy =
                new ClientFacts(
                        InetAddress.ofLiteral("203.0.113.7"),
                        new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 80),
                        false,
                        List.of(new Network(InetAddress.ofLiteral("203.0.113.0"), 24)),
                        false);
        Entry entry = new Entry("web", 40001);
        entry.begin(0, BEGAN, proxy, "");
        entry.request(
                head("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8::9\r\n\r\n"),
                proxy,
                "",
                0);

        assertThat(line(new Format.Combined(), entry)).startsWith("2001:db8:0:0:0:0:0:9 - - [");
    }

    // ---- whatever a client sends ----

    /** Any octet that a field value may hold (RFC 9110 5.5), quotes and backslashes most. */
    @Provide
    Arbitrary<String> values() {
        Arbitrary<Character> any = Arbitraries.chars().range('!', '~').range('\u0080', '\u00ff');
        Arbitrary<Character> sharp = Arbitraries.of('"', '\\', '#', '\t', ' ', '{', '$');
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(1, any), net.jqwik.api.Tuple.of(2, sharp))
                .list()
                .ofMaxSize(60)
                .map(LinesTest::joined)
                // White space around a value is no part of it.
                .map(text -> "x" + text + "x");
    }

    private static String joined(List<Character> all) {
        StringBuilder text = new StringBuilder();
        all.forEach(text::append);
        return text.toString();
    }

    @Property
    void noValueEndsALineOrAField(@ForAll("values") String value) throws IOException {
        String uri = "/" + value.replaceAll("[^!-~]|#", "");
        Entry entry =
                asked(
                        "GET %s HTTP/1.1\r\nHost: a\r\nReferer: %s\r\nUser-Agent: %s\r\n\r\n"
                                .formatted(uri, value, value));
        entry.answer(200, 10);

        for (Format format :
                List.of(
                        new Format.Json(),
                        new Format.Combined(),
                        new Format.Haproxy(),
                        new Format.Pattern(List.of(Fact.USER_AGENT, Fact.URI)))) {
            String line = line(format, entry);
            assertThat(line).endsWith("\n");
            assertThat(line.substring(0, line.length() - 1)).matches("[ -~]*");
        }
        assertThat(line(new Format.Combined(), entry))
                .matches("[^\"]*\"[^\"]*\"[^\"]*\"[^\"]*\" \"[^\"]*\"\n");
        assertThat(line(new Format.Haproxy(), entry)).matches("[^\"]*\"GET [^\"]* HTTP/1.1\"\n");
        Map<String, String> members = members(line(new Format.Json(), entry));
        assertThat(members)
                .containsEntry("uri", uri)
                .containsEntry("referer", value)
                .containsEntry("user-agent", value);
    }

    private static Map<String, String> members(String json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        for (Fact fact : Fact.values()) {
            known.add(fact.word());
        }
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                assertThat(known).contains(name);
                parser.nextToken();
                assertThat(members.put(name, parser.getText())).isNull();
            }
            assertThat(parser.nextToken()).isNull();
        }
        return members;
    }
}
