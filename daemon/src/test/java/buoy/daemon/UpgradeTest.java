package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import buoy.daemon.upgrade.Impostor;
import buoy.linux.ProcessStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One program takes the place of another, in processes of their own, under load. */
class UpgradeTest {
    /** More by {@code -Dbuoy.upgrades=20}: each starts a program. */
    private static final int UPGRADES = Integer.getInteger("buoy.upgrades", 3);

    @TempDir Path directory;

    /** Who has the place is named by the lock. */
    private static long holder(Site site) {
        try {
            String text =
                    Files.readString(
                            site.socket.resolveSibling(site.socket.getFileName() + ".lock"));
            return Long.parseLong(text.trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(long process) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-USR2", String.valueOf(process)).inheritIO().start();
        assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Whoever started it may not have asked how it ended yet. */
    private static boolean isGone(long process) {
        return ProcessStat.of(process).filter(stat -> !stat.ended()).isEmpty();
    }

    private static int count(Child buoy, String text) {
        return buoy.out().split(text, -1).length - 1;
    }

    /** Ends the last of them, which is no child of this process. */
    private static void stop(Site site) {
        ProcessHandle.of(holder(site))
                .ifPresent(
                        last -> {
                            ExitCode code =
                                    new Operator().says("stop", "--socket", site.socket.toString());
                            if (code != ExitCode.DONE) {
                                last.destroyForcibly();
                            }
                        });
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.reduce((_, _) -> fail("more than one")).orElseThrow();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Site siteWhereNobodyIsCut() throws IOException {
        Site site = new Site(directory);
        site.add("process", "drain: 10m");
        return site;
    }

    @Test
    void noRequestIsLostAndWhatIsUnderWayEnds() throws Exception {
        try (Site site = siteWhereNobodyIsCut();
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            try (Load load = new Load(site.http);
                    Socket kept = new Socket(InetAddress.getLoopbackAddress(), site.http)) {
                assertThat(askOn(kept)).doesNotContain("Connection: close");
                CompletableFuture<Integer> slow =
                        CompletableFuture.supplyAsync(() -> status(site.http, "/slow"));
                assertThat(site.slowAsked.await(60, TimeUnit.SECONDS)).isTrue();
                for (int i = 1; i <= UPGRADES; i++) {
                    long before = holder(site);
                    int upgrades = i;
                    int asked = load.answered.get();
                    signal(before);
                    Child.await("upgrade " + i, () -> count(buoy, "ready after") == upgrades + 1);
                    assertThat(holder(site)).isNotEqualTo(before);
                    Child.await("more answers", () -> load.answered.get() > asked + 100);
                    assertThat(status(site.stats, "/healthz")).isEqualTo(200);
                    if (i == 1) {
                        assertThat(buoy.alive()).as("it has an exchange under way").isTrue();
                        // Not closed before that: a request would have crossed the close.
                        assertThat(askOn(kept)).contains("Connection: close");
                        assertThat(kept.getInputStream().read()).isEqualTo(-1);
                        site.slow.countDown();
                        assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo(200);
                        assertThat(buoy.exitCode()).isZero();
                    }
                    Child.await("the old one to end", () -> isGone(before));
                }
                load.end();
                assertThat(load.failures).as("of %s requests", load.answered).isEmpty();
            } finally {
                stop(site);
            }
        }
    }

    @Test
    void clientsOfEveryKindOfSocketComeInBeforeAndAfter() throws Exception {
        Path unix = directory.resolve("in.sock");
        try (Site site = siteWhereNobodyIsCut();
                DatagramSocket echo = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAll(echo));
            int udp = Site.freePort();
            site.add(
                    "listeners",
                    """
                    local: {bind: ["unix:%s"], protocol: http, pool: app}
                    datagrams: {bind: ["127.0.0.1:%d"], protocol: udp, pool: echo}
                    """
                            .formatted(unix, udp));
            site.add("pools", "echo: {servers: [\"127.0.0.1:%d\"]}".formatted(echo.getLocalPort()));
            client.setSoTimeout(60_000);
            try (Child buoy = Child.running(directory, site.config)) {
                Child.await("the first served request", () -> served(site.http));
                Object inode = Files.getAttribute(unix, "unix:ino");
                for (int i = 1; i <= 2; i++) {
                    long before = holder(site);
                    assertThat(answerAt(unix)).startsWith("HTTP/1.1 200 ");
                    assertThat(echoed(client, udp, "before " + i)).isEqualTo("before " + i);
                    signal(before);
                    int upgrades = i;
                    Child.await("upgrade " + i, () -> count(buoy, "ready after") == upgrades + 1);
                    assertThat(answerAt(unix)).startsWith("HTTP/1.1 200 ");
                    assertThat(echoed(client, udp, "after " + i)).isEqualTo("after " + i);
                    Child.await("the old one to end", () -> isGone(before));
                    assertThat(Files.getAttribute(unix, "unix:ino")).isEqualTo(inode);
                    assertThat(answerAt(unix)).startsWith("HTTP/1.1 200 ");
                }
            } finally {
                stop(site);
            }
            assertThat(unix).doesNotExist();
        }
    }

    @Test
    void whatIsKnownOfServersAndWantedOfThemPasses() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            AdminClient client = new AdminClient(site.socket, Duration.ofMinutes(2));
            ask(client, "POST", "/api/v1/servers/app/a1/weight/7");
            ask(client, "POST", "/api/v1/servers/app/a1/drain");
            ask(client, "POST", "/api/v1/pools/app/pause");
            ask(client, "POST", "/api/v1/listeners/web/pause");
            String before = servers(client);
            assertThat(before)
                    .contains(
                            "\"weight\" : 7",
                            "\"duty\" : \"drain\"",
                            "\"state\" : \"up\"",
                            "paused-since");
            Path kept = onlyFile(site.state.resolve("orders"));
            String orders = Files.readString(kept);
            Files.writeString(kept, orders.replace(" drain ", " maintenance "));
            long first = holder(site);
            assertThat(ask(client, "POST", "/api/v1/upgrade"))
                    .contains("process %d has taken over".formatted(holder(site)));
            assertThat(holder(site)).isNotEqualTo(first);
            assertThat(servers(client)).as("what is handed over comes first").isEqualTo(before);
            Child.await("it to be kept for a restart", () -> read(kept).equals(orders));
            assertThat(ask(client, "GET", "/api/v1/status"))
                    .contains("is paused, nobody new is let in");
            assertThatThrownBy(
                            () -> new Socket(InetAddress.getLoopbackAddress(), site.http).close())
                    .isInstanceOf(ConnectException.class);
            ask(client, "POST", "/api/v1/pools/app/resume");
            ask(client, "POST", "/api/v1/servers/app/a1/ready");
            ask(client, "POST", "/api/v1/listeners/web/resume");
            assertThat(status(site.http, "/")).isEqualTo(200);
            buoy.awaitLog("ready after");
            stop(site);
        }
    }

    private static String ask(AdminClient client, String method, String path) throws IOException {
        Answer answer = client.ask(method, path, Answer.JSON);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** All that is said of pools, but for counts of what they did. */
    private static String servers(AdminClient client) throws IOException {
        String all = ask(client, "GET", "/api/v1/status");
        int from = all.indexOf("\"pools\"");
        return all.substring(from, all.indexOf("\"active\"", from));
    }

    private static void answerAll(DatagramSocket socket) {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            while (true) {
                packet.setLength(100);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException _) {
            // closed: the end of the test
        }
    }

    private static String echoed(DatagramSocket client, int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        client.send(
                new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        client.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    }

    private static String answerAt(Path unix) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(unix.toString()))) {
            channel.write(
                    ByteBuffer.wrap(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new String(
                    Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aProgramThatDoesNotStartChangesNothing() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            try (Load load = new Load(site.http)) {
                long before = holder(site);
                site.write("no-such-pool");
                signal(before);
                buoy.awaitLog("exit code 3");
                assertThat(buoy.out())
                        .containsPattern("what ran goes on: .*buoy.yaml:\\d+:.*no-such-pool");
                nothingHappened(site, load, before);
            } finally {
                stop(site);
            }
            assertThat(buoy.exitCode()).isZero();
        }
    }

    @Test
    void aProgramThatCannotHaveAnAddressChangesNothing() throws Exception {
        try (Site site = new Site(directory);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            try (Load load = new Load(site.http)) {
                long before = holder(site);
                site.add(
                        "listeners",
                        "more: {bind: [\"127.0.0.1:%d\"], protocol: http, pool: app}"
                                .formatted(taken.getLocalPort()));
                signal(before);
                buoy.awaitLog("what ran goes on: the new program did not take over: ");
                assertThat(buoy.out())
                        .containsPattern(
                                "the new program did not take over: .*listeners.more.*%d.*exit code 1"
                                        .formatted(taken.getLocalPort()));
                nothingHappened(site, load, before);
            } finally {
                stop(site);
            }
            assertThat(buoy.exitCode()).isZero();
        }
    }

    /** Whatever it does: the other steps are shown without a Buoy beside it. */
    @ParameterizedTest
    @EnumSource(names = {"SPEAK_ANOTHER_VERSION", "END_BEFORE_READY", "END_AFTER_GO"})
    void aProgramThatFailsOnTheWayChangesNothing(Impostor.Does does) throws Exception {
        Path java = Files.createSymbolicLink(directory.resolve("java"), Child.java());
        try (Site site = new Site(directory);
                Child buoy =
                        Child.start(
                                java, directory, Map.of(), "run", "-c", site.config.toString())) {
            Child.await("the first served request", () -> buoy.out().contains("ready after"));
            try (Load load = new Load(site.http)) {
                long before = holder(site);
                Files.delete(java);
                Files.writeString(
                        java,
                        """
                        #!/bin/sh
                        case "$*" in *" check "*) exit 0;; esac
                        exec %s -XX:TieredStopAtLevel=1 -cp %s %s %s
                        """
                                .formatted(
                                        Child.java(),
                                        Path.of("target", "test-classes").toAbsolutePath(),
                                        Impostor.class.getName(),
                                        does));
                Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
                signal(before);
                buoy.awaitLog("what ran goes on: the new program did not take over: ");
                nothingHappened(site, load, before);
            } finally {
                stop(site);
            }
            assertThat(buoy.exitCode()).isZero();
        }
    }

    /** The one that ran has its place, serves all, and does what operators say. */
    private static void nothingHappened(Site site, Load load, long before) {
        assertThat(holder(site)).isEqualTo(before);
        int asked = load.answered.get();
        Child.await("more answers", () -> load.answered.get() > asked + 100);
        assertThat(status(site.stats, "/healthz")).isEqualTo(200);
        load.end();
        assertThat(load.failures).as("of %s requests", load.answered).isEmpty();
    }

    /** The head and body of an answer, on a connection that may be kept. */
    private static String askOn(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("hello\n")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after: %s", answer).isNotEqualTo(-1);
            answer.append((char) next);
        }
        return answer.toString();
    }

    private static boolean served(int port) {
        return status(port, "/") == 200;
    }

    private static int status(int port, String path) {
        try {
            return Child.get(port, path).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One client that connects anew for each request, without a second try. */
    private static final class Load implements AutoCloseable {
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicInteger answered = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final int port;
        private final Thread thread;

        Load(int port) {
            this.port = port;
            this.thread = Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            while (!ended.get()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream()
                            .write(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                    String answer =
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII);
                    if (answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("hello\n")) {
                        answered.incrementAndGet();
                    } else {
                        failures.add(answer);
                    }
                } catch (IOException e) {
                    failures.add(e.toString());
                }
            }
        }

        @Override
        public void close() {
            end();
        }

        /** Waits for the answer under way. */
        void end() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
