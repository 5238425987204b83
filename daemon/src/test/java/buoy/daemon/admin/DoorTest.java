package buoy.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String LAST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final DoorLoop loop = new DoorLoop();
    private final Handler echo =
            request ->
                    CompletableFuture.completedFuture(
                            Answer.text(200, request.method() + " " + request.path() + "\n"));

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private Door onLoopback() throws DoorRefused {
        return Door.tcp(loop, new Endpoint(InetAddress.getLoopbackAddress(), 0), echo);
    }

    /** Sends bytes as they are and reads until the other side closes. */
    private static String talk(int port, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Door door = onLoopback()) {
            String answers =
                    talk(
                            door.port(),
                            "GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .concat(LAST.replace("/ ", "/two?x=1 ")));
            assertThat(answers).containsSubsequence("200 OK", "GET /one\n", "200 OK", "GET /two\n");
        }
    }

    @Test
    void aRequestLongerThanOneReadIsAnswered() throws Exception {
        try (Door door = onLoopback()) {
            String path = "/" + "x".repeat(3000);
            String padding = "X: " + "y".repeat(4000) + "\r\n";
            assertThat(
                            talk(
                                    door.port(),
                                    LAST.replace("/ ", path + " ")
                                            .replace("Host", padding + "Host")))
                    .contains("200 OK", "GET " + path);
        }
    }

    @Test
    void headHasTheLengthButNoBody() throws Exception {
        try (Door door = onLoopback()) {
            assertThat(
                            talk(
                                    door.port(),
                                    "HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .contains("content-length: 8")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void aLongAnswerIsGivenBackByWhoHasItAndByWhoLeaves() throws Exception {
        byte[] part = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.UTF_8);
        Semaphore given = new Semaphore(0);
        Answer answer =
                Answer.parts(Answer.TEXT, Collections.nCopies(400, part)).whenSent(given::release);
        Handler handler = _ -> CompletableFuture.completedFuture(answer);
        Endpoint any = new Endpoint(InetAddress.getLoopbackAddress(), 0);
        try (Door door = Door.tcp(loop, any, handler)) {
            try (Socket leaves = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
                leaves.getOutputStream().write(LAST.getBytes(StandardCharsets.UTF_8));
                assertThat(leaves.getInputStream().readNBytes(100_000)).hasSize(100_000);
                assertThat(talk(door.port(), LAST))
                        .contains("content-length: 26214400")
                        .endsWith("\r\n\r\n" + "0123456789abcdef".repeat(4096 * 400));
                assertThat(given.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(given.tryAcquire()).as("one has not taken it").isFalse();
            }
            assertThat(given.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(talk(door.port(), LAST.replace("GET", "HEAD")))
                    .contains("content-length: 26214400")
                    .endsWith("\r\n\r\n");
            assertThat(given.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoHasAnAnswerAndStaysHoldsNothingOfIt() throws Exception {
        AtomicReference<WeakReference<byte[]>> sent = new AtomicReference<>();
        Handler handler =
                _ -> {
                    byte[] part = new byte[1 << 20];
                    sent.set(new WeakReference<>(part));
                    return CompletableFuture.completedFuture(
                            Answer.parts(Answer.TEXT, List.of(part)));
                };
        Endpoint any = new Endpoint(InetAddress.getLoopbackAddress(), 0);
        try (Door door = Door.tcp(loop, any, handler);
                Socket stays = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            stays.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            assertThat(stays.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);
            for (int i = 0; i < 1000 && sent.get().get() != null; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(sent.get().get()).isNull();
        }
    }

    @Test
    void aPageOnLoopbackIsNotForAForeignName() throws Exception {
        try (Door door = onLoopback()) {
            String request = "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
            assertThat(talk(door.port(), request.formatted("evil.example:8404"))).contains("421");
            for (String host :
                    List.of("127.0.0.1:8404", "localhost", "[::1]:8404", "LOCALHOST:1")) {
                assertThat(talk(door.port(), request.formatted(host))).as(host).contains("200 OK");
            }
        }
    }

    @Test
    void whatIsNotHttpOrTooLongEndsThatConnectionAlone() throws Exception {
        try (Door door = onLoopback()) {
            assertThat(talk(door.port(), "\u0001\u0002 garbage\r\n\r\n")).contains("400");
            assertThat(talk(door.port(), "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
                    .contains("400");
            assertThat(
                            talk(
                                    door.port(),
                                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"))
                    .contains("413");
            assertThat(talk(door.port(), LAST)).contains("200 OK");
        }
    }

    @Test
    void manyIdleConnectionsAreBoundedAndLeaveRoomWhenTheyGo() throws Exception {
        try (Door door = onLoopback()) {
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 64; i++) {
                    idle.add(new Socket(InetAddress.getLoopbackAddress(), door.port()));
                }
                Socket refused = new Socket(InetAddress.getLoopbackAddress(), door.port());
                idle.add(refused);
                refused.setSoTimeout((int) PATIENCE.toMillis());
                InputStream in = refused.getInputStream();
                assertThat(in.read()).isEqualTo(-1);
            } finally {
                for (Socket each : idle) {
                    each.close();
                }
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            String answer = "";
            while (!answer.contains("200 OK") && System.nanoTime() < deadline) {
                try {
                    answer = talk(door.port(), LAST);
                } catch (IOException _) {
                    // Not yet: the closed ones are still being noticed.
                }
            }
            assertThat(answer).contains("200 OK");
        }
    }

    @Test
    void theAdminSocketIsForOwnerAndGroupAndReplacesADeadOne(@TempDir Path directory)
            throws Exception {
        Path socket = directory.resolve("admin.sock");
        Files.writeString(socket, "left over");
        try (Door door = Door.unix(loop, socket, echo)) {
            door.appear();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
            Answer answer = new AdminClient(socket, PATIENCE).ask("GET", "/x", Answer.TEXT);
            assertThat(answer.body()).isEqualTo("GET /x\n");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aTakenPortIsRefusedWithItsNameAndARemedy() throws Exception {
        try (Door door = onLoopback()) {
            Endpoint same = new Endpoint(InetAddress.getLoopbackAddress(), door.port());
            assertThatThrownBy(() -> Door.tcp(loop, same, echo))
                    .isInstanceOf(DoorRefused.class)
                    .hasMessageContaining("stats.bind " + same)
                    .hasMessageContaining("in use")
                    .hasMessageContaining("ss -ltnp");
        }
    }

    @Test
    void aSocketPathThatIsTooLongIsRefusedBeforeTheKernelCutsIt(@TempDir Path directory) {
        assertThatThrownBy(() -> Door.unix(loop, directory.resolve("x".repeat(120)), echo))
                .isInstanceOf(DoorRefused.class)
                .hasMessageContaining("too long");
    }

    @Test
    void nobodyAtTheSocketIsSaidWithWhatToDo(@TempDir Path directory) {
        Path socket = directory.resolve("admin.sock");
        assertThatThrownBy(() -> new AdminClient(socket, PATIENCE).ask("GET", "/", Answer.TEXT))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no buoy answers at " + socket)
                .hasMessageContaining("is it running");
    }

    @Test
    void anAnswerThatNeverComesIsGivenUp(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("admin.sock");
        try (Door door = Door.unix(loop, socket, _ -> new CompletableFuture<>())) {
            door.appear();
            assertThatThrownBy(
                            () ->
                                    new AdminClient(socket, Duration.ofMillis(300))
                                            .ask("GET", "/", Answer.TEXT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not answer");
        }
    }
}
