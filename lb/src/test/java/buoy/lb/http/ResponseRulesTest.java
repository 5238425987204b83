package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import buoy.lb.http.Capture.End;
import buoy.lb.http.Capture.Received;
import buoy.lb.http.Capture.Reply;
import buoy.lb.http.StreamsCaller.Answer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables {@code rules/responses.txt} and {@code rules/responses-http2.txt}: servers of HTTP/1.1
 * and of HTTP/2 that say what is in them, to clients of both.
 */
class ResponseRulesTest {
    private static final String CUT = "cut";

    static List<RuleTable.Row> rows() throws IOException {
        return RuleTable.of("responses.txt");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void http1(RuleTable.Row row) throws Exception {
        try (Capture server = new Capture(reply(row));
                Proxy proxy = Proxy.to(server.port()).start();
                Caller caller = proxy.call()) {
            caller.send(row.cell(0) + " / HTTP/1.1\nHost: a\n\n");
            judge(row, server, proxy, Told.read(caller, row.cell(0).equals("HEAD")));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void http2(RuleTable.Row row) throws Exception {
        try (Capture server = new Capture(reply(row));
                Proxy proxy = Proxy.to(server.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, StreamsCaller.request(row.cell(0), "/"));
            Answer answer = caller.answer(1);
            judge(row, server, proxy, answer.reset >= 0 ? CUT : told(answer));
            // Whatever became of it, the other streams go on.
            assertThat(caller.get(3, "/after").answer(3).status()).isEqualTo("200");
        }
    }

    static List<RuleTable.Row> rowsOfHttp2() throws IOException {
        return RuleTable.of("responses-http2.txt");
    }

    @ParameterizedTest
    @MethodSource("rowsOfHttp2")
    void http1FromHttp2(RuleTable.Row row) throws Exception {
        try (StreamsOrigin server = saying(row);
                Proxy proxy = before(server);
                Caller caller = proxy.call()) {
            caller.send(row.cell(0) + " / HTTP/1.1\nHost: a\n\n");
            isTold(row.cell(2), Told.read(caller, row.cell(0).equals("HEAD")));
            goesOn(proxy);
        }
    }

    @ParameterizedTest
    @MethodSource("rowsOfHttp2")
    void http2FromHttp2(RuleTable.Row row) throws Exception {
        try (StreamsOrigin server = saying(row);
                Proxy proxy = before(server);
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, StreamsCaller.request(row.cell(0), "/"));
            Answer answer = caller.answer(1);
            isTold(row.cell(2), answer.reset >= 0 ? CUT : told(answer));
            assertThat(caller.get(3, "/after").answer(3).status()).isEqualTo("200");
        }
    }

    private static Proxy before(StreamsOrigin server) throws Exception {
        Proxy.Setup setup = Proxy.to(server.port());
        setup.protocol = Protocol.H2C;
        return setup.start();
    }

    private static void goesOn(Proxy proxy) throws Exception {
        try (Caller after = proxy.call()) {
            assertThat(after.get("/after").response()).endsWith("\n\nok");
        }
    }

    private static StreamsOrigin saying(RuleTable.Row row) throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    int stream = frame.stream();
                    if (frame.type() != StreamsCaller.HEADERS) {
                        return;
                    }
                    if (frame.fields().contains(":path: /after\n")) {
                        talk.headers(stream, false, ":status: 200\ncontent-length: 2");
                        talk.data(stream, true, "ok");
                        return;
                    }
                    say(talk, stream, row.cell(1));
                });
    }

    private static void say(StreamsCaller talk, int stream, String cell) throws IOException {
        boolean reset = cell.endsWith("<reset>");
        List<String> parts =
                List.of(RuleTable.repeated(cell.replace("<reset>", "")).split("\\\\n\\\\n", -1));
        int at = 0;
        while (parts.get(at).startsWith(":status: 1") && at < parts.size() - 1) {
            talk.fields(stream, false, fields(parts.get(at++)));
        }
        int last = parts.size() - 1;
        talk.fields(stream, !reset && at == last, fields(parts.get(at++)));
        if (at <= last) {
            talk.data(stream, !reset && at == last, parts.get(at++));
        }
        if (at <= last) {
            talk.fields(stream, !reset, fields(parts.get(at)));
        }
        if (reset) {
            talk.reset(stream);
        }
    }

    private static String[] fields(String part) {
        return Arrays.stream(part.split("\\\\n", -1))
                .map(field -> RuleTable.octets(field, "\n"))
                .toArray(String[]::new);
    }

    private static Reply reply(RuleTable.Row row) {
        String cell = row.cell(1);
        String octets = cell.replaceFirst("<(end|reset)>$", "");
        End end =
                cell.endsWith("<end>") ? End.CLOSE : cell.endsWith("<reset>") ? End.RESET : End.NO;
        return new Reply(RuleTable.octets(octets, "\r\n"), end);
    }

    private static void judge(RuleTable.Row row, Capture server, Proxy proxy, String told)
            throws Exception {
        isTold(row.cell(2), told);
        goesOn(proxy);
        List<Integer> connections = server.whole().stream().map(Received::connection).toList();
        assertThat(connections).containsExactly(0, row.cell(3).equals("kept") ? 0 : 1);
    }

    private static void isTold(String outcome, String told) {
        if (outcome.startsWith("-> ")) {
            assertThat(told).isEqualTo(RuleTable.octets(outcome.substring(3), "\n"));
        } else if (outcome.equals(CUT)) {
            assertThat(told).isEqualTo(CUT);
        } else {
            assertThat(told)
                    .contains(outcome.substring(0, 3) + "\ncontent-type: ")
                    .endsWith("\n\n" + outcome + '\n');
        }
    }

    private static String told(Answer answer) {
        StringBuilder told = new StringBuilder();
        for (String interim : answer.interim) {
            told.append(plain(interim)).append('\n');
        }
        told.append(plain(answer.fields)).append('\n').append(answer.content);
        return answer.trailers.isEmpty()
                ? told.toString()
                : told + "\n\n" + answer.trailers.strip();
    }

    private static String plain(String fields) {
        return fields.replaceFirst(":status: ", "");
    }

    /** Reads an answer of HTTP/1.1 as the standard has it. */
    private static final class Told {
        private final Caller caller;
        private final StringBuilder told = new StringBuilder();

        private Told(Caller caller) {
            this.caller = caller;
        }

        static String read(Caller caller, boolean head) throws IOException {
            try {
                Told told = new Told(caller);
                told.answer(head);
                return told.told.toString();
            } catch (IOException ended) {
                return CUT;
            }
        }

        private void answer(boolean toHead) throws IOException {
            String head = caller.head();
            String status = head.substring(9, 12);
            told.append(fields(head)).append('\n');
            if (status.startsWith("1")) {
                answer(toHead);
            } else if (!toHead && !status.equals("204") && !status.equals("304")) {
                content(head);
            }
        }

        /** The status and the fields that are not of the connection. */
        private static String fields(String head) {
            StringBuilder fields = new StringBuilder(head.substring(9, 12)).append('\n');
            head.lines()
                    .skip(1)
                    .filter(line -> !line.isEmpty())
                    .filter(line -> !line.matches("(?i)(connection|transfer-encoding):.*"))
                    .forEach(
                            line -> {
                                int colon = line.indexOf(':');
                                fields.append(line.substring(0, colon).toLowerCase(Locale.ROOT))
                                        .append(": ")
                                        .append(line.substring(colon + 1).strip())
                                        .append('\n');
                            });
            return fields.toString();
        }

        private void content(String head) throws IOException {
            int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
            if (head.contains("Transfer-Encoding: chunked\n")) {
                chunks();
            } else if (length >= 0) {
                String rest = head.substring(length + "Content-Length: ".length());
                exactly(Integer.parseInt(rest.substring(0, rest.indexOf('\n')).strip()));
            } else {
                told.append(caller.rest());
            }
        }

        private void exactly(int count) throws IOException {
            String some = caller.read(count);
            if (some.length() < count) {
                throw new IOException("the connection ended");
            }
            told.append(some);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                String octet = caller.read(1);
                if (octet.isEmpty()) {
                    throw new IOException("the connection ended");
                }
                line.append(octet);
            }
            return line.substring(0, line.length() - 2);
        }

        private void chunks() throws IOException {
            for (int size = size(); size > 0; size = size()) {
                exactly(size);
                assertThat(line()).isEmpty();
            }
            String separator = "\n\n";
            for (String line = line(); !line.isEmpty(); line = line()) {
                told.append(separator).append(line.toLowerCase(Locale.ROOT));
                separator = "\n";
            }
        }

        private int size() throws IOException {
            return Integer.parseInt(line(), 16);
        }
    }
}
