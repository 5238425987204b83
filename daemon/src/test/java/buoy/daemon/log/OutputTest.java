package buoy.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog.Destination;
import buoy.config.model.Endpoint;
import buoy.config.model.LogSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    @TempDir private Path directory;

    private static LogSettings to(Destination destination) {
        return new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.TEXT, destination);
    }

    private Log open(Destination destination) {
        return Log.open(to(destination), new PrintStream(written, false, StandardCharsets.UTF_8));
    }

    private void logged(Destination destination, Consumer<Log> events) {
        try (Log log = open(destination)) {
            events.accept(log);
        }
    }

    @Test
    void aFileHasTimesAndNothingIsPrinted() throws IOException {
        Path file = directory.resolve("buoy.log");
        logged(new Destination.File(file), log -> log.warn("pool", "app: no server is up"));

        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .matches("\\d{4}-.*Z warn  pool: app: no server is up");
        assertThat(written.size()).isZero();
    }

    @Test
    void aMessageHasTheSeverityOfItsLine() throws IOException {
        try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(10_000);
            logged(
                    new Destination.Udp(
                            new Endpoint(InetAddress.getLoopbackAddress(), server.getLocalPort())),
                    log -> {
                        log.error("vrrp", "web: fault");
                        log.warn("pool", "app: no server is up");
                        log.info("reload", "applied");
                        log.debug("peer", "nothing", Fields.NONE);
                    });
            String header = " \\S+ buoy " + ProcessHandle.current().pid() + " log - ";
            // Facility daemon is 3, times eight.
            assertThat(heard(server)).matches("<27>1 \\S+Z" + header + "vrrp: web: fault");
            assertThat(heard(server)).matches("<28>1 .*pool: app: no server is up");
            assertThat(heard(server)).matches("<30>1 .*reload: applied");
            assertThat(heard(server)).matches("<31>1 .*peer: nothing");
        }
        assertThat(written.size()).isZero();
    }

    private static String heard(DatagramSocket server) throws IOException {
        var packet = new DatagramPacket(new byte[2048], 2048);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsNotTakenIsPrintedAndSaidOnce() {
        logged(
                new Destination.File(directory.resolve("missing/buoy.log")),
                log -> {
                    log.info("reload", "one");
                    log.info("reload", "two");
                });

        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .matches(
                                                ".* warn  log: .*missing/buoy.log takes no lines, they come here: .*"),
                        line -> assertThat(line).endsWith("reload: one"),
                        line -> assertThat(line).endsWith("reload: two"));
    }

    @Test
    void aReloadLeadsLinesElsewhere() throws IOException {
        Path file = directory.resolve("buoy.log");
        Log log = open(new Destination.Stdout());
        try (log) {
            log.apply(to(new Destination.File(file)));
            log.info("reload", "to the file");
        }
        assertThat(Files.readString(file)).endsWith("reload: to the file\n");
    }

    @Test
    void theJournalIsToldTheSeverityAndNoTime() {
        Output output = new Output(new PrintStream(written, true, StandardCharsets.UTF_8), true);
        output.write(Log.record(Level.SEVERE, "lost"), to(new Destination.Stdout()));
        assertThat(written).hasToString("<3>log: lost\n");
    }

    @Test
    void theJournalIsKnownByDeviceAndInode() throws IOException {
        Path output = Files.createFile(directory.resolve("output"));
        String it =
                Files.getAttribute(output, "unix:dev")
                        + ":"
                        + Files.getAttribute(output, "unix:ino");
        assertThat(StandardOutput.isJournal(it, output)).isTrue();
        assertThat(StandardOutput.isJournal("1:" + it, output)).isFalse();
        assertThat(StandardOutput.isJournal(null, output)).isFalse();
    }
}
