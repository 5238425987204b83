package buoy.lb.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog.Destination;
import buoy.config.model.Endpoint;
import buoy.lb.kit.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    /** Keeps what a journal says. */
    private static final class Heard implements Journal.Told {
        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void troubled(String to, String why) {
            said.add("troubled: " + why);
        }

        @Override
        public void recovered(String to) {
            said.add("recovered");
        }

        @Override
        public void lost(String to, long lines) {
            said.add("lost: " + lines);
        }
    }

    private final Heard heard = new Heard();

    private static void offer(Journal journal, String text) {
        byte[] line = (text + "\n").getBytes(ISO_8859_1);
        journal.offer(0, line, line.length);
    }

    private static void until(BooleanSupplier state, String what) {
        Await.until(what, state);
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRenamedFileIsLeftForANewOne(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        Path old = directory.resolve("access.log.1");
        Journals journals = new Journals(1, heard);
        Journal journal = journals.to(new Destination.File(file));
        offer(journal, "one");
        until(() -> text(file).equals("one\n"), "the first line");

        Files.move(file, old);
        offer(journal, "two");

        until(() -> (text(old) + text(file)).contains("two\n"), "the second line");
        // Nothing but the name tells it: from the next look on, lines are in the new file.
        until(
                () -> {
                    offer(journal, "more");
                    return text(file).endsWith("more\n");
                },
                "a line in the new file");
        assertThat(text(old)).startsWith("one\n");
        journals.close();
        assertThat(heard.said).isEmpty();
    }

    @Test
    void whatIsToldToOpenAgainDoesSoBeforeAnyLine(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        Journals journals = new Journals(1, heard);
        offer(journals.to(new Destination.File(file)), "one");
        until(() -> text(file).equals("one\n"), "the first line");
        Files.delete(file);

        journals.reopen();

        until(() -> Files.exists(file), "the file");
        journals.close();
    }

    @Test
    void theLastLinesAreWritten(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("access.log");
        Journals journals = new Journals(1, heard);
        for (int i = 0; i < 1000; i++) {
            offer(journals.to(new Destination.File(file)), "line " + i);
        }

        journals.close();

        assertThat(text(file)).hasLineCount(1000).endsWith("line 999\n");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidOnceAndTriedAgain(@TempDir Path directory) throws Exception {
        Path below = directory.resolve("missing");
        Path file = below.resolve("access.log");
        Journals journals = new Journals(1, heard);
        Journal journal = journals.to(new Destination.File(file));
        offer(journal, "one");
        until(() -> journal.state().lost() == 1, "a lost line");
        offer(journal, "two");
        until(() -> journal.state().lost() == 2, "another one");
        assertThat(journal.state().trouble()).isPresent();

        Files.createDirectory(below);
        offer(journal, "three");

        until(() -> text(file).equals("three\n"), "the third line");
        until(() -> journal.state().trouble().isEmpty(), "the end of the trouble");
        journals.close();
        assertThat(journal.state())
                .isEqualTo(new Journal.State(file.toString(), 1, 2, Optional.empty()));
        assertThat(heard.said.stream().filter(each -> each.startsWith("troubled"))).hasSize(1);
        assertThat(heard.said).contains("recovered");
        assertThat(
                        heard.said.stream()
                                .filter(each -> each.startsWith("lost: "))
                                .mapToLong(each -> Long.parseLong(each.substring(6)))
                                .sum())
                .isEqualTo(2);
    }

    @Test
    void whereNothingIsTakenLinesAreLostAndNobodyWaits() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        Outlet outlet =
                new Outlet() {
                    @Override
                    public void write(byte[] lines, int length, Severity severity)
                            throws IOException {
                        writing.countDown();
                        try {
                            stuck.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }

                    @Override
                    public void check(boolean anew) {}

                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };
        Journal journal = new Journal("stuck", 1, () -> outlet, heard);
        offer(journal, "one");
        writing.await();
        byte[] large = ("x".repeat(9999) + "\n").getBytes(ISO_8859_1);

        // Would never end if it waited: the writer is stuck until we are through.
        for (int i = 0; i < 1000; i++) {
            journal.offer(0, large, large.length);
        }

        long room = (1 << 20) / 10_000;
        assertThat(journal.state().lost()).isEqualTo(1000 - room);
        stuck.countDown();
        journal.endIn(Duration.ZERO);
        assertThat(journal.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(closed).isTrue();
        assertThat(journal.state().written()).isEqualTo(1 + room);
        assertThat(heard.said).containsExactly("lost: " + (1000 - room));
    }

    @Test
    void overUdpEachLineIsASyslogMessage() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(10_000);
            Journals journals = new Journals(1, heard);
            Journal journal =
                    journals.to(
                            new Destination.Udp(
                                    new Endpoint(
                                            InetAddress.getLoopbackAddress(),
                                            socket.getLocalPort())));
            offer(journal, "one");
            offer(journal, "two");

            for (String line : List.of("one", "two")) {
                DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
                socket.receive(packet);
                // RFC 5424 6: PRI VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID SD MSG
                assertThat(new String(packet.getData(), 0, packet.getLength(), ISO_8859_1))
                        .matches(
                                "<134>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"
                                        + " [!-~]+ buoy "
                                        + ProcessHandle.current().pid()
                                        + " access - "
                                        + line);
            }
            journals.close();
        }
    }
}
