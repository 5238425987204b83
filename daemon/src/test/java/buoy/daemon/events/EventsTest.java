package buoy.daemon.events;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Door;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.Feed;
import buoy.daemon.log.Fields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger cuts = new AtomicInteger();
    private final Events events = Events.start(Instant.ofEpochMilli(36), cuts::incrementAndGet);
    private final DoorLoop loop = new DoorLoop();

    @AfterEach
    void close() {
        events.close();
        loop.close();
    }

    private void happen(int from, int to) {
        for (int i = from; i <= to; i++) {
            events.said("test", "number " + i, Fields.of("number", i));
        }
    }

    /** Reads until it has heard this. */
    private static List<String> until(Feed reader, String last) throws InterruptedException {
        List<String> heard = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (heard.stream().noneMatch(each -> each.contains(last))) {
            Optional<String> next = reader.next();
            next.ifPresent(heard::add);
            if (next.isEmpty()) {
                assertThat(System.nanoTime() - deadline).as("%s in %s", last, heard).isNegative();
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return heard;
    }

    @Test
    void anEventIsALineOfJsonWithItsNumberAndItsKind() throws Exception {
        Feed reader = events.reader(Optional.empty());
        events.said("router-state", "web: \"is\"\nactive", Fields.of("router", "web"));
        assertThat(until(reader, "router-state"))
                .singleElement()
                .asString()
                .matches(
                        "id: 10-1\nevent: router-state\ndata: \\{\"time\":\"[^\"]+\",\"message\":"
                                + "\"web: \\\\\"is\\\\\"\\\\nactive\",\"router\":\"web\"\\}\n\n");
    }

    @Test
    void theLatestAreKeptForPeopleTheLatestFirst() throws Exception {
        assertThat(events.latest()).isEmpty();
        Feed reader = events.reader(Optional.empty());
        happen(1, Events.SHOWN + 5);
        until(reader, "number " + (Events.SHOWN + 5));
        assertThat(events.latest()).hasSize(Events.SHOWN);
        assertThat(events.latest().getFirst().message()).isEqualTo("number " + (Events.SHOWN + 5));
        assertThat(events.latest().getLast().message()).isEqualTo("number 6");
    }

    @Test
    void whoComesAgainGetsWhatWasMissed() throws Exception {
        Feed first = events.reader(Optional.empty());
        happen(1, 5);
        until(first, "number 5");
        assertThat(until(events.reader(Optional.of("10-3")), "number 5"))
                .satisfiesExactly(
                        each -> assertThat(each).startsWith("id: 10-4\n"),
                        each -> assertThat(each).startsWith("id: 10-5\n"));
        assertThat(events.reader(Optional.of("10-5")).next()).isEmpty();
        assertThat(events.reader(Optional.empty()).next()).isEmpty();
    }

    @Test
    void whoComesFromAnEarlierProcessIsToldSo() throws Exception {
        Feed first = events.reader(Optional.empty());
        happen(1, 2);
        until(first, "number 2");
        for (String id : List.of("zz-1", "10-99", "10-x", "", "10-99999999999999999999")) {
            assertThat(until(events.reader(Optional.of(id)), "number 2"))
                    .as(id)
                    .hasSize(3)
                    .first()
                    .isEqualTo("id: 10-0\nevent: lost\ndata: {\"reason\":\"restarted\"}\n\n");
        }
    }

    @Test
    void aSlowReaderLosesTheOldestAndIsToldHowMany() throws Exception {
        Feed slow = events.reader(Optional.empty());
        Feed other = events.reader(Optional.empty());
        happen(1, 1);
        until(other, "number 1");
        happen(2, Events.KEPT + 10);
        until(other, "\"number\":" + (Events.KEPT + 10) + "}");
        List<String> heard = until(slow, "\"number\":" + (Events.KEPT + 10) + "}");
        assertThat(heard).hasSize(Events.KEPT + 1);
        assertThat(heard.getFirst())
                .isEqualTo(
                        "id: 10-10\nevent: lost\ndata: {\"reason\":\"slow-reader\",\"count\":10}\n\n");
        assertThat(heard.get(1)).startsWith("id: 10-11\n");
    }

    @Test
    void aReaderThatWasCutIsSaidAndIsForgotten() {
        Feed reader = events.reader(Optional.empty());
        reader.begin(() -> {});
        reader.end(true);
        events.reader(Optional.empty()).end(false);
        assertThat(cuts).hasValue(1);
    }

    @Test
    void atTheEndReadersHearTheLastWordAndAreLetGo() throws Exception {
        Feed reader = events.reader(Optional.empty());
        AtomicInteger woken = new AtomicInteger();
        reader.begin(woken::incrementAndGet);
        happen(1, 1);
        until(reader, "number 1");
        assertThat(reader.over()).isFalse();
        happen(2, 2);
        events.close();
        assertThat(until(reader, "number 2")).hasSize(1);
        assertThat(reader.over()).isTrue();
        assertThat(woken).hasPositiveValue();
    }

    @Test
    void overADoorItGoesOnUntilTheClientLeavesAndLeavesRoomForOthers() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (Door door =
                Door.tcp(
                        loop,
                        new Endpoint(InetAddress.getLoopbackAddress(), 0),
                        request ->
                                CompletableFuture.completedFuture(
                                        request.path().equals("/events")
                                                ? Answer.goingOn(
                                                        Answer.EVENTS,
                                                        "retry: 2000\n\n",
                                                        events.reader(
                                                                request.header("last-event-id")))
                                                : Answer.text(200, "here\n")))) {
            for (int i = 0; i < 32; i++) {
                clients.add(client(door.port(), "/events", "X: y"));
            }
            List<BufferedReader> readers = new ArrayList<>();
            for (Socket client : clients) {
                BufferedReader reader = reader(client);
                assertThat(until(reader, "retry: 2000")).contains("HTTP/1.1 200 OK");
                readers.add(reader);
            }
            assertThat(reader(client(door.port(), "/events", "X: y")).readLine())
                    .isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(reader(client(door.port(), "/", "X: y")).readLine())
                    .isEqualTo("HTTP/1.1 200 OK");
            happen(1, 3);
            for (BufferedReader reader : readers) {
                assertThat(until(reader, "id: 10-3")).contains("id: 10-1", "id: 10-2");
            }
            for (Socket client : clients) {
                client.close();
            }
            // Once they have gone there is room again, and what was missed is there.
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                BufferedReader again =
                        reader(client(door.port(), "/events", "Last-Event-ID: 10-1"));
                if (again.readLine().contains("200")) {
                    assertThat(until(again, "id: 10-3"))
                            .contains("id: 10-2")
                            .doesNotContain("id: 10-1");
                    break;
                }
                assertThat(System.nanoTime() - deadline).isNegative();
            }
        }
    }

    private static Socket client(int port, String path, String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream()
                .write(
                        "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
                                .formatted(path, header)
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> until(BufferedReader reader, String last) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.equals(last)) {
                return lines;
            }
        }
        throw new AssertionError("ended without " + last + ": " + lines);
    }
}
