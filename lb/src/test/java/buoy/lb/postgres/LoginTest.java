package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Pool;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that is lost while a client logs in, at each moment of it: the client goes on with
 * another and sees nothing of it, until it has heard what one server alone stands by. Servers play
 * what is written for them; the client says no octet that it would not say to one server.
 */
class LoginTest {
    /** StartupMessage 3.0 of user bob. */
    private static final String HELLO = "0000001200030000" + "7573657200626f6200" + "00";

    private static final String SCRAM_256 = hex("SCRAM-SHA-256");

    private static final String SASL = message('R', "0000000a" + SCRAM_256 + "0000");
    private static final String CLEARTEXT = message('R', "00000003");
    private static final String SASL_CONTINUE = message('R', "0000000b" + hex("r=both,s=c2E=,i=1"));
    private static final String SASL_FINAL = message('R', "0000000c" + hex("v=c2E="));
    private static final String OK = message('R', "00000000");
    private static final String PARAMETER =
            message('S', hex("server_version") + "00" + hex("15") + "00");
    private static final String READY = message('Z', "49");

    private static final String CLIENT_FIRST =
            message('p', SCRAM_256 + "00" + "0000000b" + hex("n,,n=,r=cli"));
    private static final String CLIENT_FINAL = message('p', hex("c=biws,r=both,p=cHJvb2Y="));
    private static final String PASSWORD = message('p', hex("secret") + "00");

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String message(char type, String body) {
        return HexFormat.of().toHexDigits((byte) type)
                + HexFormat.of().toHexDigits(4 + body.length() / 2)
                + body;
    }

    private static String error(String sqlState) {
        return HexFormat.of().formatHex(new Refusal(sqlState, "so it is").message());
    }

    private static String going() {
        return error("57P01");
    }

    /** How a login goes: by turns what the client says and what it hears for that. */
    enum Way {
        SCRAM,
        PASSWORD_IN_CLEAR,
        TRUST;

        List<String> turns() {
            return switch (this) {
                case SCRAM ->
                        List.of(
                                HELLO,
                                SASL,
                                CLIENT_FIRST,
                                SASL_CONTINUE,
                                CLIENT_FINAL,
                                SASL_FINAL + OK + PARAMETER + READY);
                case PASSWORD_IN_CLEAR ->
                        List.of(HELLO, CLEARTEXT, PASSWORD, OK + PARAMETER + READY);
                case TRUST -> List.of(HELLO, OK + PARAMETER + READY);
            };
        }

        /** What a server hears and says before it is bound to the client. */
        List<String> free() {
            return this == SCRAM ? turns().subList(0, 4) : turns();
        }
    }

    /**
     * Plays one script for each connection, the last again and again, and keeps what it was told.
     */
    private static final class Scripted implements TestServer.Service {
        final List<List<String>> heard = Collections.synchronizedList(new ArrayList<>());
        private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();

        /**
         * @param turns what is heard and said
         * @param leaves whether it goes then; else it stays until the client goes
         */
        record Script(List<String> turns, boolean leaves, boolean reset) {}

        Scripted leaving(List<String> turns, boolean reset) {
            scripts.add(new Script(turns, true, reset));
            return this;
        }

        Scripted staying(List<String> turns) {
            scripts.add(new Script(turns, false, false));
            return this;
        }

        @Override
        public void serve(Socket socket) throws IOException {
            Script script = scripts.size() > 1 ? scripts.remove() : scripts.element();
            List<String> told = Collections.synchronizedList(new ArrayList<>());
            heard.add(told);
            for (int i = 0; i < script.turns.size(); i++) {
                if (i % 2 == 0) {
                    told.add(read(socket.getInputStream(), i == 0));
                } else {
                    socket.getOutputStream().write(HexFormat.of().parseHex(script.turns.get(i)));
                }
            }
            if (!script.leaves) {
                socket.getInputStream().readAllBytes();
            } else if (script.reset) {
                socket.setSoLinger(true, 0);
            }
        }

        private static String read(InputStream from, boolean first) throws IOException {
            DataInputStream in = new DataInputStream(from);
            byte[] head = in.readNBytes(first ? 4 : 5);
            if (head.length < 4) {
                return "";
            }
            int length = ByteBuffer.wrap(head).getInt(first ? 0 : 1);
            return HexFormat.of().formatHex(head)
                    + HexFormat.of().formatHex(in.readNBytes(length - 4));
        }
    }

    private static Running before(TestServer... servers) throws Exception {
        return Running.start(
                config(
                        pool(
                                Arrays.stream(servers)
                                        .map(TestServer::endpoint)
                                        .toArray(Endpoint[]::new))));
    }

    /** The first is the one that is asked while it may be. */
    private static Pool pool(Endpoint... servers) {
        return Configs.holding(
                Configs.pool(
                        "pg",
                        new Pool.Balance.First(),
                        Optional.empty(),
                        Pool.OnDown.KEEP_SESSIONS,
                        servers),
                Duration.ofMinutes(1),
                10);
    }

    private static Config config(Pool pool) {
        return Configs.of(List.of(Configs.postgres("db", "pg")), List.of(pool));
    }

    private static void say(Socket client, String hex) throws IOException {
        client.getOutputStream().write(HexFormat.of().parseHex(hex));
    }

    private static String hear(Socket client, int octets) throws IOException {
        return HexFormat.of().formatHex(client.getInputStream().readNBytes(octets));
    }

    /** Goes the whole way, and is told exactly what a server on its own would tell it. */
    private static void logIn(Socket client, Way way) throws IOException {
        for (int i = 0; i < way.turns().size(); i += 2) {
            say(client, way.turns().get(i));
            String answer = way.turns().get(i + 1);
            assertThat(hear(client, answer.length() / 2)).as("answer " + i).isEqualTo(answer);
        }
    }

    /** Goes as far as a client can without having heard what one server alone stands by. */
    private static void beginScram(Socket client) throws IOException {
        say(client, HELLO);
        assertThat(hear(client, SASL.length() / 2)).isEqualTo(SASL);
        say(client, CLIENT_FIRST);
    }

    /** Where a server can go: after so many turns, and so many octets of its next answer. */
    record Cut(Way way, int turns, int octets, boolean reset) {
        List<String> script() {
            List<String> script = new ArrayList<>(way.turns().subList(0, turns));
            if (turns % 2 == 1) {
                script.add(way.turns().get(turns).substring(0, 2 * octets));
            }
            return script;
        }
    }

    /** After each message that it hears or says, and within those that it says. */
    static List<Cut> cuts() {
        List<Cut> cuts = new ArrayList<>();
        for (Way way : Way.values()) {
            List<String> free = way.free();
            for (int turn = 1; turn <= free.size(); turn++) {
                boolean says = turn % 2 == 1;
                int whole = says ? free.get(turn).length() / 2 : 1;
                // Three places: before, within, and all but one octet.
                List<Integer> octets = says ? List.of(0, 6, whole - 1) : List.of(0);
                for (int some : octets) {
                    if (turn == free.size() && !says) {
                        continue;
                    }
                    cuts.add(new Cut(way, turn, some, false));
                    cuts.add(new Cut(way, turn, some, true));
                }
            }
        }
        return cuts;
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void aServerThatGoesBeforeItIsBoundIsLeftForAnotherUnseen(Cut cut) throws Exception {
        Scripted one = new Scripted().leaving(cut.script(), cut.reset);
        Scripted other = new Scripted().staying(cut.way.turns());
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            logIn(client, cut.way);
            assertThat(one.heard).isNotEmpty();
            List<String> said =
                    IntStream.iterate(0, i -> i < cut.way.turns().size(), i -> i + 2)
                            .mapToObj(cut.way.turns()::get)
                            .toList();
            assertThat(other.heard).containsExactly(said);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    /** In place of each of its answers. */
    @ParameterizedTest
    @CsvSource({"SCRAM,0", "SCRAM,2", "PASSWORD_IN_CLEAR,0", "PASSWORD_IN_CLEAR,2", "TRUST,0"})
    void aServerThatSaysThatItGoesIsLeftToo(Way way, int turns) throws Exception {
        List<String> script = new ArrayList<>(way.turns().subList(0, turns + 1));
        // Behind AuthenticationOk where that is what it says.
        boolean last = turns + 2 == way.turns().size();
        script.add(last ? OK + PARAMETER + going() : going());
        Scripted one = new Scripted().leaving(script, false);
        Scripted other = new Scripted().staying(way.turns());
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            logIn(client, way);
            assertThat(buoy.server("pg", "s1").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_NOT_READY, 1L));
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    /** Between the request and the client's answer too, and the client answers meanwhile. */
    @Test
    void whileThereIsNobodyTheClientWaits() throws Exception {
        Scripted script =
                new Scripted()
                        .leaving(List.of(HELLO, SASL), false)
                        .leaving(List.of(HELLO, error("57P03")), false)
                        .leaving(List.of(HELLO, SASL, CLIENT_FIRST, ""), true)
                        .leaving(List.of(HELLO, error("57P03")), false)
                        .staying(Way.SCRAM.turns());
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            logIn(client, Way.SCRAM);
            assertThat(script.heard).hasSizeGreaterThanOrEqualTo(5);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
            assertThat(buoy.pool("pg").waiting()).isZero();
        }
    }

    /** A password least of all is said to a server that has not asked for it. */
    @Test
    void anAnswerWaitsUntilTheNextServerHasAsked() throws Exception {
        Scripted one = new Scripted().leaving(List.of(HELLO, CLEARTEXT), false);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger early = new AtomicInteger();
        TestServer.Service other =
                socket -> {
                    InputStream in = socket.getInputStream();
                    in.readNBytes(HELLO.length() / 2);
                    begun.countDown();
                    awaitIt(answered);
                    // Something that comes in spite of it has time to do so.
                    socket.setSoTimeout(200);
                    try {
                        early.set(in.read());
                    } catch (SocketTimeoutException _) {
                        early.set(-1);
                    }
                    socket.setSoTimeout(0);
                    socket.getOutputStream().write(HexFormat.of().parseHex(CLEARTEXT));
                    in.readNBytes(PASSWORD.length() / 2);
                    socket.getOutputStream().write(HexFormat.of().parseHex(OK + READY));
                };
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            assertThat(hear(client, CLEARTEXT.length() / 2)).isEqualTo(CLEARTEXT);
            awaitIt(begun);
            say(client, PASSWORD);
            answered.countDown();
            assertThat(hear(client, (OK + READY).length() / 2)).isEqualTo(OK + READY);
            assertThat(early).hasValue(-1);
        }
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The proof answers what the first server said: nobody else can be shown it. */
    @ParameterizedTest
    @CsvSource({"false,server-closed", "true,server-reset"})
    void afterTheServersFirstTheClientIsTold(boolean reset, String reason) throws Exception {
        Scripted one = new Scripted().leaving(Way.SCRAM.turns().subList(0, 5), reset);
        Scripted other = new Scripted().staying(Way.SCRAM.turns());
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            beginScram(client);
            assertThat(hear(client, SASL_CONTINUE.length() / 2)).isEqualTo(SASL_CONTINUE);
            say(client, CLIENT_FINAL);
            assertThat(client.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("E")
                    .contains("C57P03", "connect again (" + reason + ")");
            assertThat(other.heard).isEmpty();
        }
    }

    /** Other mechanisms, another kind of proof, or none at all. */
    @ParameterizedTest
    @EnumSource
    void whereTheNextServerAsksForSomethingElseTheClientIsTold(Other asks) throws Exception {
        Scripted one = new Scripted().leaving(List.of(HELLO, SASL, CLIENT_FIRST), false);
        Scripted other = new Scripted().staying(List.of(HELLO, asks.words));
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            beginScram(client);
            assertThat(client.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("E")
                    .contains("C57P03", "no other can go on from there; connect again");
            Await.until(
                    "nothing is left of it",
                    () ->
                            buoy.server("pg", "s1").active() == 0
                                    && buoy.server("pg", "s2").active() == 0);
            assertThat(buoy.listener("db").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_DOWN, 1L));
        }
    }

    /** What another server may want. */
    enum Other {
        PLUS_TOO(message('R', "0000000a" + hex("SCRAM-SHA-256-PLUS") + "00" + SCRAM_256 + "0000")),
        MD5(message('R', "0000000501020304")),
        IN_CLEAR(CLEARTEXT),
        NOTHING(OK + READY);

        final String words;

        Other(String words) {
            this.words = words;
        }
    }

    /** An error that is the client's own is told, whoever says it. */
    @Test
    void anErrorOfTheNextServerIsTheClients() throws Exception {
        Scripted one = new Scripted().leaving(List.of(HELLO, SASL, CLIENT_FIRST), true);
        Scripted other = new Scripted().leaving(List.of(HELLO, error("28000")), false);
        try (TestServer first = TestServer.start(one);
                TestServer second = TestServer.start(other);
                Running buoy = before(first, second);
                Socket client = buoy.connect("db")) {
            beginScram(client);
            assertThat(HexFormat.of().formatHex(client.getInputStream().readAllBytes()))
                    .isEqualTo(error("28000"));
        }
    }

    /** One that is over its own limit would be so on every server. */
    @Test
    void aRoleThatHasTooManyIsToldSo() throws Exception {
        Scripted script = new Scripted().leaving(List.of(HELLO, OK + error("53300")), false);
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            assertThat(HexFormat.of().formatHex(client.getInputStream().readAllBytes()))
                    .isEqualTo(OK + error("53300"));
            assertThat(script.heard).hasSize(1);
        }
    }

    /** It may be the answer that ends them; and a password is not said without end. */
    @ParameterizedTest
    @EnumSource(names = {"SCRAM", "PASSWORD_IN_CLEAR"})
    void anAnswerIsToldToThreeServersAtMost(Way way) throws Exception {
        Scripted script =
                new Scripted()
                        .leaving(
                                Stream.concat(way.turns().subList(0, 3).stream(), Stream.of(""))
                                        .toList(),
                                false);
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            hear(client, way.turns().get(1).length() / 2);
            say(client, way.turns().get(2));
            assertThat(
                            new String(
                                    client.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .contains("C57P03", "connect again");
            assertThat(script.heard).hasSize(3);
            assertThat(buoy.pool("pg").waiting()).isZero();
        }
    }

    /** They come in pieces, or all at once before they are asked for. */
    @ParameterizedTest
    @EnumSource
    void whatTheClientSaysMayComeInPieces(Way way) throws Exception {
        Scripted script = new Scripted().staying(way.turns());
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db");
                Socket hasty = buoy.connect("db")) {
            client.setTcpNoDelay(true);
            for (int i = 0; i < way.turns().size(); i += 2) {
                for (byte octet : HexFormat.of().parseHex(way.turns().get(i))) {
                    client.getOutputStream().write(octet);
                }
                String answer = way.turns().get(i + 1);
                assertThat(hear(client, answer.length() / 2)).isEqualTo(answer);
            }
            StringBuilder all = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < way.turns().size(); i += 2) {
                all.append(way.turns().get(i));
                answers.append(way.turns().get(i + 1));
            }
            say(hasty, all.toString());
            assertThat(hear(hasty, answers.length() / 2)).isEqualTo(answers.toString());
        }
    }

    /** What cannot be said to another server passes as it comes, whatever its size. */
    @Test
    void whatIsNoScramPassesUnread() throws Exception {
        String token = message('p', hex("OAUTHBEARER") + "00" + "00002000" + "61".repeat(8192));
        Scripted script = new Scripted().staying(List.of(HELLO, SASL, token, OK + READY));
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            assertThat(hear(client, SASL.length() / 2)).isEqualTo(SASL);
            say(client, token);
            assertThat(hear(client, (OK + READY).length() / 2)).isEqualTo(OK + READY);
            assertThat(script.heard).containsExactly(List.of(HELLO, token));
        }
    }

    /** As psql does when it has to ask for the password: it comes again. */
    @Test
    void aClientThatLeavesWhenAskedHasLostNothing() throws Exception {
        Scripted script = new Scripted().staying(List.of(HELLO, SASL));
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            assertThat(hear(client, SASL.length() / 2)).isEqualTo(SASL);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Await.until("it is over", () -> buoy.server("pg", "s1").totals().finished() == 1);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    /** Clients and a server as they are: what was said to the one that is lost is good there. */
    @Test
    void realClientsGoOnWithARealServer() throws Exception {
        try (RealPostgres postgres = RealPostgres.start()) {
            postgres.query(
                    "set password_encryption = 'scram-sha-256'; create role scram login password"
                            + " 'secret'; create role clear login password 'secret'");
            postgres.access(
                    """
                    host all postgres 127.0.0.1/32 trust
                    host all scram 127.0.0.1/32 scram-sha-256
                    host all clear 127.0.0.1/32 password
                    """);
            goesOn("scram", List.of(HELLO, SASL, CLIENT_FIRST), postgres);
            goesOn("clear", List.of(HELLO, CLEARTEXT, PASSWORD), postgres);
        }
    }

    private static void goesOn(String user, List<String> script, RealPostgres postgres)
            throws Exception {
        Scripted one = new Scripted().leaving(script, false);
        try (TestServer first = TestServer.start(one);
                Running buoy = Running.start(config(pool(first.endpoint(), postgres.endpoint())))) {
            String target =
                    "host=127.0.0.1 port=%d user=%s password=secret dbname=postgres sslmode=disable"
                            .formatted(buoy.port("db"), user);
            assertThat(RealPostgres.psql(target, "select current_user"))
                    .isEqualTo(new RealPostgres.Said(0, user));
            // Passed by for a second, unless it is not held against it.
            Await.until("it is asked again", () -> logsIn(buoy, user) && one.heard.size() > 1);
            assertThat(one.heard).allSatisfy(said -> assertThat(said).hasSize(2));
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    private static boolean logsIn(Running buoy, String user) {
        String url =
                "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable&gssEncMode=disable"
                        .formatted(buoy.port("db"));
        try (Connection connection = DriverManager.getConnection(url, user, "secret")) {
            return connection.isValid(0);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A pool that is paused, as for a switch-over. */
    @Test
    void aLoginUnderWayWaitsForAPausedPool() throws Exception {
        Scripted script = new Scripted().staying(List.of(HELLO, SASL)).staying(Way.SCRAM.turns());
        try (TestServer server = TestServer.start(script);
                Running buoy = before(server);
                Socket client = buoy.connect("db")) {
            say(client, HELLO);
            assertThat(hear(client, SASL.length() / 2)).isEqualTo(SASL);
            buoy.balancer().pause("pg").orElseThrow().cut();
            Await.until("it waits", () -> buoy.pool("pg").waiting() == 1);
            say(client, CLIENT_FIRST);
            assertThat(buoy.balancer().resume("pg")).contains(true);
            assertThat(hear(client, SASL_CONTINUE.length() / 2)).isEqualTo(SASL_CONTINUE);
            say(client, CLIENT_FINAL);
            assertThat(hear(client, SASL_FINAL.length() / 2)).isEqualTo(SASL_FINAL);
        }
    }
}
