package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Pool.Protocol;
import buoy.lb.http.Capture.Received;
import buoy.lb.http.Capture.Reply;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.http.StreamsCaller.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table {@code rules/requests.txt}, before a server of HTTP/1.1 that keeps every octet it gets,
 * and one of HTTP/2 that keeps every frame.
 */
class RequestRulesTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final String AFTER = "GET /after HTTP/1.1\r\nHost: a\r\n\r\n";

    /** Longer ones come in one piece only: it is not in them that a line is cut. */
    private static final int SHORT = 400;

    static List<RuleTable.Row> http1() throws IOException {
        return rows("1");
    }

    static List<RuleTable.Row> http2() throws IOException {
        return rows("2");
    }

    private static List<RuleTable.Row> rows(String client) throws IOException {
        return RuleTable.of("requests.txt").stream()
                .filter(row -> row.cell(0).equals(client))
                .toList();
    }

    private static Proxy proxy(Protocol protocol, int server) throws Exception {
        Proxy.Setup setup = Proxy.to(server);
        setup.protocol = protocol;
        setup.mostBody = OptionalLong.of(50_000);
        Match admin =
                new Match(
                        Optional.empty(),
                        Optional.of(new PathMatch.Prefix("/admin")),
                        Conditions.NONE);
        return setup.route(admin, new Action.Respond(403, "no"))
                .route(Match.ANY, new Action.ToPool("app"))
                .start();
    }

    private static StreamsOrigin answering() throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (frame.ends()) {
                        talk.headers(frame.stream(), false, ":status: 200\ncontent-length: 2");
                        talk.data(frame.stream(), true, "ok");
                    }
                });
    }

    // ---- HTTP/1.1 ----

    @ParameterizedTest
    @MethodSource
    void http1(RuleTable.Row row) throws Exception {
        String octets = RuleTable.octets(row.cell(1), "\r\n");
        for (int piece : octets.length() < SHORT ? new int[] {octets.length(), 1} : new int[] {0}) {
            try (Capture server = new Capture(Reply.OK);
                    Proxy proxy = proxy(Protocol.HTTP1, server.port());
                    Caller caller = proxy.call()) {
                http1(row.cell(2), octets, piece, caller);
                Outcome.of(row.cell(2)).isSeenBy(server, proxy);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("http1")
    void http1ToHttp2(RuleTable.Row row) throws Exception {
        String octets = RuleTable.octets(row.cell(1), "\r\n");
        try (StreamsOrigin server = answering();
                Proxy proxy = proxy(Protocol.H2C, server.port());
                Caller caller = proxy.call()) {
            http1(row.cell(2), octets, 0, caller);
            Outcome.of(row.cell(2)).isSeenInFrames(server, proxy);
        }
    }

    private static void http1(String outcome, String octets, int piece, Caller caller)
            throws Exception {
        Outcome expected = Outcome.of(outcome);
        if (!expected.refused()) {
            send(caller, octets, piece);
            assertThat(caller.response())
                    .startsWith("HTTP/1.1 " + expected.status() + ' ')
                    .contains(expected.text());
            return;
        }
        // What follows a refused request must not become a request.
        send(caller, octets + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", piece);
        String answer = caller.rest();
        assertThat(answer)
                .startsWith("HTTP/1.1 " + expected.status() + ' ')
                .contains("\r\nConnection: close\r\n")
                .contains("\r\n\r\n" + expected.status() + ' ')
                .contains(expected.text());
        assertThat(answer.split("HTTP/1.1 [0-9]", -1)).as("answers").hasSize(2);
    }

    /**
     * @param piece so many octets at a time; 0 for all at once
     */
    private static void send(Caller caller, String octets, int piece) throws IOException {
        if (piece != 1) {
            caller.raw(octets);
            return;
        }
        caller.socket.setTcpNoDelay(true);
        try {
            for (int i = 0; i < octets.length(); i++) {
                caller.raw(octets.substring(i, i + 1));
            }
        } catch (IOException _) {
            // refused before all of it was said; the answer is what counts
        }
    }

    // ---- HTTP/2 ----

    @ParameterizedTest
    @MethodSource
    void http2(RuleTable.Row row) throws Exception {
        Outcome expected = Outcome.of(row.cell(2));
        try (Capture server = new Capture(Reply.OK);
                Proxy proxy = proxy(Protocol.HTTP1, server.port());
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            http2(expected, row, caller);
            expected.isSeenBy(server, proxy);
        }
    }

    @ParameterizedTest
    @MethodSource("http2")
    void http2ToHttp2(RuleTable.Row row) throws Exception {
        Outcome expected = Outcome.of(row.cell(2));
        try (StreamsOrigin server = answering();
                Proxy proxy = proxy(Protocol.H2C, server.port());
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            http2(expected, row, caller);
            expected.isSeenInFrames(server, proxy);
        }
    }

    private static void http2(Outcome expected, RuleTable.Row row, StreamsCaller caller)
            throws Exception {
        request(caller, RuleTable.repeated(row.cell(1)));
        Answer answer = caller.answer(1);
        assertThat(answer.status()).isEqualTo(expected.status());
        assertThat(answer.content.toString()).contains(expected.text());
        if (expected.isMalformed()) {
            assertThat(caller.next(StreamsCaller.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
        }
        // The other streams of the connection go on.
        assertThat(caller.get(3, "/admin").answer(3).status()).isEqualTo("403");
    }

    private static void request(StreamsCaller caller, String cell) throws IOException {
        String[] parts = cell.split("\\\\n\\\\n", 3);
        String[] fields = parts[0].split("\\\\n", -1);
        String first = fields[0];
        if (!first.startsWith(":")) {
            int space = first.indexOf(' ');
            String pseudo =
                    StreamsCaller.request(first.substring(0, space), first.substring(space + 1));
            fields[0] = pseudo.replace("\n", "\\n");
            fields = String.join("\\n", fields).split("\\\\n", -1);
        }
        caller.fields(1, parts.length == 1, plain(fields));
        if (parts.length > 1) {
            byte[] content = parts[1].getBytes(ISO_8859_1);
            for (int at = 0; at < content.length; at += StreamsCaller.FRAME) {
                int to = Math.min(content.length, at + StreamsCaller.FRAME);
                boolean ends = parts.length == 2 && to == content.length;
                caller.frame(
                        StreamsCaller.DATA,
                        ends ? StreamsCaller.END_STREAM : 0,
                        1,
                        Arrays.copyOfRange(content, at, to));
            }
        }
        if (parts.length > 2) {
            caller.fields(1, true, plain(parts[2].split("\\\\n", -1)));
        }
    }

    private static String[] plain(String[] fields) {
        return Arrays.stream(fields)
                .map(field -> RuleTable.octets(field, "\n"))
                .toArray(String[]::new);
    }

    // ---- what is to come of it ----

    /**
     * @param text what the answer has
     * @param request what the server has got; empty if nothing
     * @param ours whether with the fields that Buoy adds
     * @param cut whether it may have seen a beginning
     */
    private record Outcome(
            String status,
            String text,
            String request,
            boolean ours,
            boolean refused,
            boolean cut) {
        static Outcome of(String cell) {
            if (cell.startsWith("-> ") || cell.startsWith("=> ")) {
                String request = RuleTable.octets(cell.substring(3), "\r\n");
                return new Outcome("200", "ok", request, cell.startsWith("="), false, false);
            }
            if (cell.startsWith("answers ")) {
                return new Outcome(
                        cell.substring(8, 11), cell.substring(12), "", false, false, false);
            }
            String word = cell.substring(4).replace(", cut", "");
            return new Outcome(
                    cell.substring(0, 3),
                    ": " + word + " (",
                    "",
                    false,
                    true,
                    cell.endsWith(", cut"));
        }

        /** Rather than well-formed and not to be acted on. */
        boolean isMalformed() {
            return status.equals("400")
                    && !text.contains("bad-escape")
                    && !text.contains("ambiguous-path");
        }

        void isSeenBy(Capture server, Proxy proxy) throws Exception {
            try (Caller after = proxy.call()) {
                assertThat(after.raw(AFTER).response()).startsWith("HTTP/1.1 200 ");
            }
            String seen = seen(server.octets(), proxy);
            List<String> whole =
                    server.whole().stream().map(Received::octets).map(r -> seen(r, proxy)).toList();
            String behind = ours ? seen(AFTER.replace("\r\n\r\n", ADDED), proxy) : AFTER;
            if (cut) {
                assertThat(whole).containsExactly(behind);
                assertThat(seen).doesNotContain("smuggled");
            } else {
                assertThat(seen).isEqualTo(request + behind);
                assertThat(whole).hasSize(request.isEmpty() ? 1 : 2);
            }
        }

        void isSeenInFrames(StreamsOrigin server, Proxy proxy) throws Exception {
            try (Caller after = proxy.call()) {
                assertThat(after.raw(AFTER).response()).startsWith("HTTP/1.1 200 ");
            }
            List<Frame> frames = new ArrayList<>();
            while (!server.receivedNothing()) {
                frames.add(server.received());
            }
            Map<Boolean, List<WholeRequest>> seen = WholeRequest.of(frames);
            List<WholeRequest> whole =
                    seen.getOrDefault(true, List.of()).stream()
                            .map(each -> ours ? each : each.asSent())
                            .toList();
            WholeRequest last = WholeRequest.of(AFTER);
            assertThat(whole.getLast().asSent()).isEqualTo(last);
            assertThat(whole).hasSize(request.isEmpty() ? 1 : 2);
            if (!request.isEmpty()) {
                String expected = request.replace("PORT", Integer.toString(proxy.port));
                assertThat(whole.getFirst()).isEqualTo(WholeRequest.of(expected));
            }
            if (!cut) {
                assertThat(seen.getOrDefault(false, List.of())).isEmpty();
            }
        }

        private static final String ADDED =
                """
                \r
                X-Forwarded-For: 127.0.0.1\r
                X-Forwarded-Proto: http\r
                X-Forwarded-Port: PORT\r
                X-Forwarded-Host: a\r
                Via: 1.1 buoy\r
                \r
                """;

        private String seen(String octets, Proxy proxy) {
            return ours
                    ? octets.replace("Port: " + proxy.port, "Port: PORT")
                    : octets.replaceAll("(X-Forwarded-[A-Z][a-z]+|Via): [^\r]*\r\n", "");
        }
    }
}
