package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.RealPostgres.Said;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that say at once that they have no session to give. */
class NotReadyTest {
    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** The same of user postgres. */
    private static final String POSTGRES =
            "0000001700030000" + "7573657200706f73746772657300" + "00";

    private static byte[] error(String sqlState) {
        return new Refusal(sqlState, "so it is").message();
    }

    /** Answers each StartupMessage with these bytes, then waits for the end. */
    private static TestServer answering(AtomicReference<byte[]> answer) {
        return TestServer.start(
                socket -> {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    in.skipNBytes(in.readInt() - 4);
                    for (byte octet : answer.get()) {
                        socket.getOutputStream().write(octet);
                    }
                    if (answer.get()[0] != 'E') {
                        in.readAllBytes();
                    }
                });
    }

    private static TestServer answering(byte[] answer) {
        return answering(new AtomicReference<>(answer));
    }

    /** AuthenticationOk, ReadyForQuery. */
    private static final byte[] WELCOME =
            HexFormat.of().parseHex("520000000800000000" + "5a0000000549");

    private static Config config(Pool pool) {
        return Configs.of(List.of(Configs.postgres("db", "pg")), List.of(pool));
    }

    private static String answer(Socket client) throws IOException {
        client.getOutputStream().write(HELLO);
        return new String(
                client.getInputStream().readNBytes(WELCOME.length), StandardCharsets.ISO_8859_1);
    }

    private static final String GREETED = new String(WELCOME, StandardCharsets.ISO_8859_1);

    @ParameterizedTest
    @CsvSource({
        "57P01,SERVER_NOT_READY",
        "57P02,SERVER_NOT_READY",
        "57P03,SERVER_NOT_READY",
        "53300,SERVER_FULL"
    })
    void anotherServerIsAsked(String sqlState, Reason reason) throws Exception {
        try (TestServer leaving = answering(error(sqlState));
                TestServer well = answering(WELCOME);
                Running buoy =
                        Running.start(
                                config(Configs.pool("pg", leaving.endpoint(), well.endpoint())))) {
            for (int i = 0; i < 3; i++) {
                try (Socket client = buoy.connect("db")) {
                    assertThat(answer(client)).isEqualTo(GREETED);
                }
            }
            assertThat(leaving.accepted()).isPositive();
            assertThat(buoy.server("pg", "s1").totals().failures()).containsOnlyKeys(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P03", "53300"})
    void whereOneMayWaitItWaits(String sqlState) throws Exception {
        AtomicReference<byte[]> answer = new AtomicReference<>(error(sqlState));
        try (TestServer server = answering(answer);
                Running buoy =
                        Running.start(
                                config(
                                        Configs.holding(
                                                Configs.pool("pg", server.endpoint()),
                                                Duration.ofMinutes(1),
                                                10)));
                Socket client = buoy.connect("db")) {
            CompletableFuture<String> heard =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return answer(client);
                                } catch (IOException failed) {
                                    return failed.toString();
                                }
                            });
            Await.until("it was asked again", () -> server.accepted() >= 3);
            assertThat(buoy.pool("pg").waiting()).isEqualTo(1);
            answer.set(WELCOME);
            assertThat(heard.join()).isEqualTo(GREETED);
            assertThat(buoy.listener("db").totals().failures()).isEmpty();
        }
    }

    /** AuthenticationSASL with SCRAM-SHA-256: the client's turn. */
    private static final byte[] ASKING =
            HexFormat.of().parseHex("52000000170000000a" + "534352414d2d5348412d323536" + "0000");

    /** Those who go first are given time to begin, but not for ever. */
    @Test
    void manyWhoWaitedAreAllServedThoughNoneOfThemGetsReady() throws Exception {
        AtomicReference<byte[]> answer = new AtomicReference<>(error("57P03"));
        List<Socket> clients = new ArrayList<>();
        try (TestServer server = answering(answer);
                Running buoy =
                        Running.start(
                                config(
                                        Configs.holding(
                                                Configs.pool("pg", server.endpoint()),
                                                Duration.ofMinutes(1),
                                                100)))) {
            for (int i = 0; i < 40; i++) {
                Socket client = buoy.connect("db");
                clients.add(client);
                client.getOutputStream().write(HELLO);
            }
            Await.until("they wait", () -> buoy.pool("pg").waiting() == 40);
            answer.set(ASKING);
            for (Socket client : clients) {
                assertThat(client.getInputStream().readNBytes(ASKING.length)).isEqualTo(ASKING);
            }
            assertThat(buoy.pool("pg").waiting()).isZero();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whereNobodyMayWaitItIsSaid() throws Exception {
        try (TestServer server = answering(error("57P03"));
                Running buoy = Running.start(config(Configs.pool("pg", server.endpoint())));
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("C57P03", "no database server is available now (server-not-ready)");
            assertThat(buoy.listener("db").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_NOT_READY, 1L));
        }
    }

    @Test
    void whereNobodyMayWaitAFullServerIsFull() throws Exception {
        try (TestServer server = answering(error("53300"));
                Running buoy = Running.start(config(Configs.pool("pg", server.endpoint())));
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("C53300", "no database server has room for a session now");
            assertThat(buoy.listener("db").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_FULL, 1L));
        }
    }

    /** The one session that the server takes ends, and who waited has the next. */
    @Test
    void psqlWaitsForRoomOnARealServer() throws Exception {
        try (RealPostgres postgres = RealPostgres.start()) {
            assertThat(postgres.query("alter system set max_connections = 4"))
                    .isEqualTo("ALTER SYSTEM");
            assertThat(postgres.query("alter system set superuser_reserved_connections = 0"))
                    .isEqualTo("ALTER SYSTEM");
            assertThat(postgres.query("alter system set max_wal_senders = 0"))
                    .isEqualTo("ALTER SYSTEM");
            postgres.stop("fast");
            postgres.run();
            Pool pool =
                    Configs.holding(
                            Configs.pool("pg", postgres.endpoint()), Duration.ofMinutes(1), 10);
            try (Running buoy = Running.start(config(pool))) {
                List<Socket> taken = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Socket one = buoy.connect("db");
                    taken.add(one);
                    one.getOutputStream().write(HexFormat.of().parseHex(POSTGRES));
                    assertThat(one.getInputStream().read()).isEqualTo('R');
                }
                CompletableFuture<Said> said =
                        CompletableFuture.supplyAsync(() -> select(buoy, "disable"));
                Await.until("it waits", () -> buoy.pool("pg").waiting() == 1);
                for (Socket one : taken) {
                    one.close();
                }
                assertThat(said.join()).isEqualTo(new Said(0, "42"));
            }
        }
    }

    private static Said select(Running buoy, String mode) {
        try {
            return RealPostgres.psql(buoy.port("db"), mode, "select 42");
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void anyOtherErrorIsTheClients() throws Exception {
        byte[] wrong = error("28P01");
        try (TestServer server = answering(wrong);
                Running buoy = Running.start(config(Configs.pool("pg", server.endpoint())));
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(wrong);
        }
    }

    /** A server that shuts down waits for its sessions, and refuses others meanwhile. */
    @ParameterizedTest
    @ValueSource(strings = {"disable", "prefer"})
    void psqlWaitsThroughARestart(String mode) throws Exception {
        Pool pool;
        try (RealPostgres postgres = RealPostgres.start()) {
            postgres.withoutTls();
            pool =
                    Configs.holding(
                            Configs.pool(
                                    "pg",
                                    new Pool.Balance.RoundRobin(),
                                    Optional.of(Configs.health(new Probe.Tcp())),
                                    Pool.OnDown.KEEP_SESSIONS,
                                    postgres.endpoint()),
                            Duration.ofMinutes(1),
                            10);
            try (Running buoy = Running.start(config(pool));
                    Socket kept = buoy.connect("db")) {
                kept.getOutputStream().write(HexFormat.of().parseHex(POSTGRES));
                assertThat(kept.getInputStream().read()).isEqualTo('R');
                postgres.beginShutdown();
                Await.until(
                        "it refuses",
                        () -> {
                            try {
                                return RealPostgres.psql(
                                                postgres.endpoint().port(), "disable", "select 1")
                                        .output()
                                        .contains("is shutting down");
                            } catch (IOException | InterruptedException failed) {
                                throw new AssertionError(failed);
                            }
                        });
                CompletableFuture<Said> said =
                        CompletableFuture.supplyAsync(() -> select(buoy, mode));
                Await.until("it waits", () -> buoy.pool("pg").waiting() == 1);
                kept.shutdownOutput();
                Await.until("it is down", () -> !postgres.isRunning());
                postgres.run();
                assertThat(said.join()).isEqualTo(new Said(0, "42"));
            }
        }
    }
}
