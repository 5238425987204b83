package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** {@code GET /PACE/BYTES}, or {@code PUT} of as many; {@code slow} is 16 MiB a second. */
    private static final String SERVER =
            """
            import socket, threading, time
            BLOCK = bytes(range(256)) * 1024
            def serve(peer):
                head = b''
                while True:
                    while b'\\r\\n\\r\\n' not in head:
                        more = peer.recv(65536)
                        if not more:
                            return
                        head += more
                    head, body = head.split(b'\\r\\n\\r\\n', 1)
                    method, path, _ = head.split(b'\\r\\n')[0].split(b' ')
                    _, pace, size = path.split(b'/')
                    left = int(size)
                    room = memoryview(bytearray(len(BLOCK)))
                    if method == b'GET':
                        peer.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n' % left)
                        while left:
                            left -= peer.send(BLOCK[:min(left, len(BLOCK))])
                            if pace == b'slow':
                                time.sleep(1 / 64)
                        head = body
                    else:
                        left -= len(body)
                        while left:
                            n = peer.recv_into(room, min(left, len(room)))
                            if not n:
                                return
                            left -= n
                            if pace == b'slow':
                                time.sleep(n / (1 << 24))
                        peer.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n')
                        head = b''
            listening = socket.create_server(('', 5000), backlog=100)
            print('ready', flush=True)
            while True:
                peer, _ = listening.accept()
                threading.Thread(target=serve, args=(peer,), daemon=True).start()
            """;

    @Test
    void aQuarterOfAGigabyteEachWay() throws IOException {
        pass(256 * MIB, Duration.ofMinutes(3));
    }

    @Tag("soak")
    @Test
    void tenGigabytesEachWay() throws IOException {
        pass(10 * 1024 * MIB, Duration.ofMinutes(10));
    }

    private static void pass(long bytes, Duration patience) throws IOException {
        Path source = Files.createTempFile(Path.of("target"), "large", ".bin");
        try (Lan lan = Lan.open("large");
                var file = Files.newByteChannel(source, StandardOpenOption.WRITE)) {
            // Sparse: it takes no room.
            file.position(bytes - 1).write(ByteBuffer.allocate(1));
            Path slowly =
                    Files.write(
                            source.resolveSibling(source.getFileName() + ".slow"),
                            new byte[(int) SLOW_BYTES]);
            Host lb = lan.host("lb", LB + "/24");
            Host app = lan.host("app", "198.51.100.11/24");
            Host client = lan.host("client", "198.51.100.200/24");
            app.start("app", "python3", "-u", "-c", SERVER).awaitOutput("ready", patience);
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
            long begun = System.nanoTime();
            List<Running> transfers = new ArrayList<>();
            for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
                transfers.add(down(client, version, "fast", bytes));
                transfers.add(down(client, version, "slow", SLOW_BYTES));
                transfers.add(down(client, version, "fast", SLOW_BYTES, "--limit-rate", "16M"));
                transfers.add(up(client, version, "fast", bytes, source));
                transfers.add(up(client, version, "slow", SLOW_BYTES, slowly));
                transfers.add(
                        up(client, version, "fast", SLOW_BYTES, slowly, "--limit-rate", "16M"));
            }
            for (int i = 0; i < transfers.size(); i++) {
                long whole = i % 3 == 0 ? bytes : SLOW_BYTES;
                transfers.get(i).awaitOutput("200 " + whole + "\n", patience);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(buoy.process().isAlive()).isTrue();
            long most = buoy.mostResidentKib() / 1024;
            assertThat(most).as("MiB resident").isLessThan(320);
            Figures.say(
                    "%d MiB each way over HTTP/1.1 and HTTP/2 at once through a heap of 64 MiB: %.1f s, %d MiB resident at most"
                            .formatted(bytes / MIB, seconds, most));
            Files.delete(slowly);
        } finally {
            Files.delete(source);
        }
    }

    private static Running down(
            Host client, String version, String pace, long bytes, String... more) {
        return curl(client, version, pace, bytes, "%{size_download}", List.of(more));
    }

    private static Running up(
            Host client, String version, String pace, long bytes, Path source, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(
                List.of(
                        "--header",
                        "Expect:",
                        "--upload-file",
                        source.toAbsolutePath().toString()));
        return curl(client, version, pace, bytes, "%{size_upload}", options);
    }

    private static Running curl(
            Host client, String version, String pace, long bytes, String size, List<String> more) {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "curl",
                                "--silent",
                                "--show-error",
                                version,
                                "--output",
                                "/dev/null",
                                "--write-out",
                                "%{http_code} " + size + "\\n"));
        argv.addAll(more);
        argv.add("http://" + LB + "/" + pace + "/" + bytes);
        return client.start("curl", argv);
    }
}
