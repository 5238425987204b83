package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/**
 * What a session keeps while nothing is said: as little as may be, since there are many of them.
 */
class IdleSessionTest {
    private static final int SESSIONS = 60;

    /** As are there for other reasons, and for sessions of which nothing else was heard yet. */
    private static final int FEW = SESSIONS / 4;

    private static final byte[] STARTUP =
            HexFormat.of().parseHex("000000120003000075736572" + "00626f620000");

    /** AuthenticationOk, BackendKeyData, ReadyForQuery. */
    private static final byte[] STARTED =
            HexFormat.of()
                    .parseHex("520000000800000000" + "4b0000000c0000000100000002" + "5a0000000549");

    private static final String SESSION = "buoy.lb.relay.Session";
    private static final String DIAL = "buoy.lb.pool.Dial";
    private static final String READS = "buoy.lb.worker.SharedReads$Batch";
    private static final String OWN_READS =
            "io.netty.channel.AdaptiveRecvByteBufAllocator$HandleImpl";
    private static final String TIMER = "io.netty.util.concurrent.ScheduledFutureTask";
    private static final String GREETING = "buoy.lb.postgres.Greeting";
    private static final String LOGIN = "buoy.lb.postgres.Login";
    private static final String KEY_WATCH = "buoy.lb.postgres.KeyWatch";
    private static final String KEY = "buoy.lb.postgres.CancelKey";

    /** How many of each class are reachable in this JVM, after a collection. */
    private static Map<String, Long> reachable() throws Exception {
        String table =
                (String)
                        ManagementFactory.getPlatformMBeanServer()
                                .invoke(
                                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                        "gcClassHistogram",
                                        new Object[] {new String[0]},
                                        new String[] {String[].class.getName()});
        Map<String, Long> all = new HashMap<>();
        table.lines()
                .map(line -> line.strip().split(" +", -1))
                .filter(row -> row.length >= 4 && row[0].endsWith(":"))
                .forEach(row -> all.put(row[3], Long.parseLong(row[1])));
        return all;
    }

    /** What is kept while sessions, each of which has asked once and been answered, say nothing. */
    private static Map<String, Long> kept(
            TestServer server, Listener listener, byte[] question, byte[] answer) throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (server;
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(listener),
                                        List.of(Configs.pool("app", server.endpoint()))))) {
            for (int i = 0; i < SESSIONS; i++) {
                Socket client = buoy.connect("in");
                clients.add(client);
                client.getOutputStream().write(question);
                assertThat(client.getInputStream().readNBytes(answer.length)).isEqualTo(answer);
            }
            return reachable();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void ofTcpKeepsNothingOfHowItsServerWasFoundNorOfItsReads() throws Exception {
        byte[] word = {'a'};
        Map<String, Long> kept = kept(TestServer.echo(), Configs.tcp("in", "app"), word, word);
        assertThat(kept.get(SESSION)).isGreaterThanOrEqualTo(SESSIONS);
        assertThat(kept.getOrDefault(DIAL, 0L)).isLessThan(FEW);
        assertThat(kept.get(READS)).isLessThan(FEW);
        assertThat(kept.getOrDefault(OWN_READS, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(TIMER, 0L)).isLessThan(FEW);
    }

    @Test
    void ofPostgresKeepsItsKeyAndNothingOfHowItBegan() throws Exception {
        TestServer.Service begins =
                socket -> {
                    var _ = socket.getInputStream().readNBytes(STARTUP.length);
                    OutputStream out = socket.getOutputStream();
                    out.write(STARTED);
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                };
        Map<String, Long> kept =
                kept(TestServer.start(begins), Configs.postgres("in", "app"), STARTUP, STARTED);
        assertThat(kept.get(KEY)).isGreaterThanOrEqualTo(SESSIONS);
        assertThat(kept.getOrDefault(DIAL, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(KEY_WATCH, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(GREETING, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(LOGIN, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(OWN_READS, 0L)).isLessThan(FEW);
        assertThat(kept.getOrDefault(TIMER, 0L)).isLessThan(FEW);
    }
}
