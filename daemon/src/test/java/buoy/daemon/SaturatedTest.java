package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Buoy tells how it does while it has more to do than it can. The bounds are those of a machine
 * that does much else, and runs the application, its clients and this test besides; {@code
 * bin/bench stats} measures.
 */
@Tag("soak")
class SaturatedTest {
    private static final int CLIENTS = 128;
    private static final int QUESTIONS = 200;
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir Path directory;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong served = new AtomicLong();

    @Test
    void thePageAndTheMetricsAreAnsweredWhileEveryWorkerIsBusy() throws Exception {
        try (Site site = new Site(directory);
                Child _ = Child.running(directory, site.config);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    var _ = clients.submit(() -> client(site.http));
                }
                Child.await("load", () -> served.get() > 10L * CLIENTS);
                for (String path : List.of("/", "/metrics", "/api/v1/status")) {
                    long before = served.get();
                    List<Duration> times = new ArrayList<>();
                    for (int i = 0; i < QUESTIONS; i++) {
                        long start = System.nanoTime();
                        assertThat(Child.get(site.stats, path).statusCode()).isEqualTo(200);
                        times.add(Duration.ofNanos(System.nanoTime() - start));
                    }
                    times.sort(null);
                    assertThat(times.get(QUESTIONS / 2)).as("median of %s", path).isLessThan(USUAL);
                    assertThat(times.get(QUESTIONS * 99 / 100))
                            .as("99 of 100 of %s", path)
                            .isLessThan(LONGEST);
                    assertThat(served.get()).as("it was under load").isGreaterThan(before);
                }
            } finally {
                over.set(true);
            }
        }
    }

    /** Asks again and again on one connection; returns how often it was answered. */
    private long client(int port) throws IOException {
        byte[] request =
                "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] end = "hello\n".getBytes(StandardCharsets.US_ASCII);
        long answers = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Child.PATIENCE.toMillis());
            InputStream in = socket.getInputStream();
            while (!over.get()) {
                socket.getOutputStream().write(request);
                for (int matched = 0; matched < end.length; ) {
                    int next = in.read();
                    if (next < 0) {
                        throw new IOException("closed by Buoy");
                    }
                    matched = next == end[matched] ? matched + 1 : next == end[0] ? 1 : 0;
                }
                served.incrementAndGet();
                answers++;
            }
        }
        return answers;
    }
}
