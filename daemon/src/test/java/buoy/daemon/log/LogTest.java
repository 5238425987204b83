package buoy.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.LogSettings;
import buoy.daemon.Shown;
import buoy.daemon.queue.Mailbox;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LogTest {
    private static final Pattern LEFT_OUT = Pattern.compile("\"left-out\":(\\d+)");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private static LogSettings settings(LogSettings.Format format) {
        return new LogSettings(LogSettings.Level.INFO, format);
    }

    private List<String> lines(LogSettings settings, java.util.function.Consumer<Log> events) {
        try (Log log =
                Log.open(settings, new PrintStream(written, false, StandardCharsets.UTF_8))) {
            events.accept(log);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aTextLineIsTimeLevelSourceMessage() {
        assertThat(
                        lines(
                                settings(LogSettings.Format.TEXT),
                                log -> log.warn("pool", "app: {0} is no placeholder")))
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z warn  pool: app: \\{0} is no placeholder");
    }

    @Test
    void whatOthersWroteCannotForgeALine() {
        assertThat(
                        lines(
                                settings(LogSettings.Format.TEXT),
                                log -> log.info("vrrp", "evil\n2026 error: forged\u001b[31m")))
                .singleElement()
                .asString()
                .endsWith("evil\\u000a2026 error: forged\\u001b[31m");
    }

    @Test
    void aBugIsOneLineWithItsTrace() {
        assertThat(
                        lines(
                                settings(LogSettings.Format.TEXT),
                                log ->
                                        log.error(
                                                "vrrp",
                                                "a bug",
                                                new IllegalStateException(
                                                        "outer", new RuntimeException("inner")))))
                .singleElement()
                .asString()
                .contains("IllegalStateException: outer at ", "caused by", "inner");
    }

    @Test
    void jsonCarriesTheFactsByName() throws IOException {
        List<String> lines =
                lines(
                        settings(LogSettings.Format.JSON),
                        log ->
                                log.info(
                                        "vrrp",
                                        "web: \"active\"",
                                        Fields.of("router", "web").and("priority", 100)));
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("\"router\":\"web\",\"priority\":100");
        try (JsonParser in = new JsonFactory().createParser(lines.getFirst())) {
            while (in.nextToken() != null) {
                assertThat(in.currentToken()).isNotNull();
            }
        }
    }

    @Test
    void belowTheLevelNothingIsWrittenAndALevelChangeHoldsAtOnce() {
        assertThat(
                        lines(
                                settings(LogSettings.Format.TEXT),
                                log -> {
                                    log.debug("x", "unseen", Fields.NONE);
                                    log.apply(
                                            new LogSettings(
                                                    LogSettings.Level.DEBUG,
                                                    LogSettings.Format.TEXT));
                                    log.debug("x", "seen", Fields.NONE);
                                }))
                .singleElement()
                .asString()
                .endsWith("debug x: seen");
    }

    @Test
    void whatLibrariesLogArrivesInTheSamePlace() {
        assertThat(
                        lines(
                                settings(LogSettings.Format.TEXT),
                                _ ->
                                        Logger.getLogger("io.netty.Somewhere")
                                                .log(Level.WARNING, "it {0}", "broke")))
                .singleElement()
                .asString()
                .endsWith("warn  io.netty.Somewhere: it broke");
    }

    @Test
    void aFullQueueDropsAndCountsInsteadOfBlocking() {
        Mailbox<LogRecord> queue = new Mailbox<>(2);
        for (int i = 0; i < 5; i++) {
            queue.offer(new LogRecord(Level.INFO, "line " + i));
        }
        assertThat(queue.take(0))
                .extracting(LogRecord::getMessage)
                .containsExactly("line 0", "line 1");
        assertThat(queue.takeDropped()).isEqualTo(3);
        assertThat(queue.takeDropped()).isZero();
    }

    @Test
    void aStuckOutputHoldsNobodyUpAndTheLossIsSaid() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        OutputStream slow =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        writing.countDown();
                        try {
                            stuck.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        written.write(b);
                    }
                };
        Log log =
                Log.open(
                        settings(LogSettings.Format.TEXT),
                        new PrintStream(slow, true, StandardCharsets.UTF_8));
        log.info("x", "first");
        writing.await();
        for (int i = 0; i < 10_000; i++) {
            log.info("x", "line " + i);
        }
        stuck.countDown();
        log.close();
        assertThat(log.lost()).isEqualTo(10_000 - 8192);
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("log: 1808 lines lost");
    }

    @Test
    void whatRepeatsItselfIsCountedWhileEventsAreAllToldAndTheLastWordIsWritten() {
        AtomicLong events = new AtomicLong();
        List<String> lines =
                lines(
                        settings(LogSettings.Format.JSON),
                        log -> {
                            log.tell((_, _, _) -> events.incrementAndGet());
                            for (int i = 0; i < 1000; i++) {
                                flap(log, i);
                            }
                        });
        assertThat(events).hasValue(1000);
        assertThat(lines.subList(0, 20))
                .allSatisfy(line -> assertThat(line).doesNotContain("left-out"));
        // 21, and one more each ten seconds that this takes.
        assertThat(lines).hasSizeBetween(21, 60);
        assertThat(lines.getLast())
                .contains("app/app1: down -> up: flap 999 (and ")
                .contains(" more like it in the last ");
        assertThat(
                        lines.stream()
                                .flatMap(line -> LEFT_OUT.matcher(line).results())
                                .mapToInt(found -> Integer.parseInt(found.group(1)))
                                .sum())
                .isEqualTo(1000 - lines.size());
    }

    @Test
    void whatIsLeftOutIsSaidAsThePageShowsIt() throws IOException {
        LineFormat format = new LineFormat();
        LogRecord last = new LogRecord(Level.INFO, "app/app2: down -> up: HTTP 200");
        last.setLoggerName("buoy.server");
        assertThat(
                        format.line(
                                        format.counted(
                                                new Repetition.Said<>(
                                                        last, 19, Duration.ofSeconds(9))),
                                        LogSettings.Format.TEXT,
                                        true)
                                + "\n")
                .satisfies(Shown.block("operations.md", "log of a server that flaps")::is);
    }

    @Test
    void whoAsksForDebugGetsEveryLine() {
        assertThat(
                        lines(
                                new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.TEXT),
                                log -> {
                                    for (int i = 0; i < 1000; i++) {
                                        flap(log, i);
                                    }
                                }))
                .hasSize(1000);
    }

    private static void flap(Log log, int number) {
        boolean up = number % 2 == 1;
        log.info(
                "server",
                "app/app1: %s: flap %d".formatted(up ? "down -> up" : "up -> down", number),
                Fields.event(EventKind.SERVER)
                        .and("pool", "app")
                        .and("server", "app1")
                        .and("to", up ? "up" : "down"));
    }

    @Test
    void whatLibrariesRepeatIsCountedWithItsValuesInTheirPlaces() {
        assertThat(
                        lines(
                                        settings(LogSettings.Format.TEXT),
                                        _ -> {
                                            for (int i = 0; i < 30; i++) {
                                                Logger.getLogger("io.netty.Somewhere")
                                                        .log(
                                                                Level.WARNING,
                                                                "it {0}: again",
                                                                "broke");
                                            }
                                        })
                                .getLast())
                .contains("io.netty.Somewhere: it broke: again (and 9 more like it in the last ");
    }
}
