package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bodies far larger than what Buoy has, all at once: down and up, over HTTP/1.1 and HTTP/2, by
 * quick clients and servers and by slow ones on either side. Its heap is 64 MiB, and so is what it
 * may have outside (Netty takes the heap's bound for that too); over either it would end at once.
 */
@Alone
@Needs(
        value = {"curl", "python3"},
        buoy = true)
class LargeBodiesIT {
    private static final String LB = "198.51.100.1";
    private static final long MIB = 1 << 20;
    private static final long SLOW_BYTES = 24 * MIB;

    @Test
    void aQuarterOfAGigabyteEachWay() throws IOException {
        pass(256 * MIB, Duration.ofMinutes(3));
    }

    /** In four transfers at once. */
    @Tag("soak")
    @Test
    void tenGigabytes() throws IOException {
        pass(10 * 1024 * MIB / 4, Duration.ofMinutes(10));
    }

    private static void pass(long bytes, Duration patience) throws IOException {
        String octets = Resources.text("large-bodies.py");
        try (Lan lan = Lan.open("large")) {
            Host lb = lan.host("lb", LB + "/24");
            Host app = lan.host("app", "198.51.100.11/24");
            Host client = lan.host("client", "198.51.100.200/24");
            app.start("app", "python3", "-u", "-c", octets, "serve").awaitOutput("ready", patience);
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            lb,
                            """
                            listeners:
                              web: {bind: ["0.0.0.0:80"], protocol: http, pool: app}
                            pools:
                              app: {servers: {app: "198.51.100.11:5000"}}
                            """,
                            List.of("env", "BUOY_JAVA_OPTS=-Xmx64m"));
            client.write("/run/octets.py", octets);
            for (long size : Set.of(bytes, SLOW_BYTES)) {
                client.run(
                                "sh",
                                "-c",
                                "python3 /run/octets.py make %d >/run/%d".formatted(size, size))
                        .orFail();
            }
            long begun = System.nanoTime();
            List<Running> transfers = new ArrayList<>();
            for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
                transfers.add(down(client, version, "fast", bytes));
                transfers.add(down(client, version, "slow", SLOW_BYTES));
                transfers.add(down(client, version + " --limit-rate 16M", "fast", SLOW_BYTES));
                transfers.add(up(client, version, "fast", bytes));
                transfers.add(up(client, version, "slow", SLOW_BYTES));
                transfers.add(up(client, version + " --limit-rate 16M", "fast", SLOW_BYTES));
            }
            for (int i = 0; i < transfers.size(); i++) {
                // By our checking of what came down, or by the server's of what it got.
                String said = i / 3 % 2 == 0 ? "right " : "200 ";
                long whole = i % 3 == 0 ? bytes : SLOW_BYTES;
                transfers.get(i).awaitOutput(said + whole + "\n", patience);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(buoy.process().isAlive()).isTrue();
            long most = buoy.process().mostResidentKib() / 1024;
            assertThat(most).as("MiB resident").isLessThan(320);
            Figures.say(
                    "%d MiB each way over HTTP/1.1 and HTTP/2 at once through a heap of 64 MiB: %.1f s, %d MiB resident at most"
                            .formatted(bytes / MIB, seconds, most));
        }
    }

    private static Running down(Host client, String options, String pace, long bytes) {
        return curl(
                client,
                options + " " + url(pace, bytes) + " | python3 /run/octets.py check " + bytes);
    }

    private static Running up(Host client, String options, String pace, long bytes) {
        return curl(
                client,
                "%s --header Expect: --upload-file /run/%d --write-out '%%{http_code} %%{size_upload}\\n' %s"
                        .formatted(options, bytes, url(pace, bytes)));
    }

    private static Running curl(Host client, String rest) {
        return client.start("curl", "sh", "-c", "curl --silent --show-error --fail " + rest);
    }

    private static String url(String pace, long bytes) {
        return "http://" + LB + "/" + pace + "/" + bytes;
    }
}
