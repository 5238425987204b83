package buoy.lb.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another proxy, on a port of its own; what it says is in its log. */
public record Peer(Process process, Path log) implements AutoCloseable {
    public static final Path NGINX = Path.of("/usr/sbin/nginx");
    public static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % 15_000));

    /**
     * A port that is free and given once: below those that the kernel gives to who asks for any, so
     * that nobody's connection takes it meanwhile.
     */
    public static int freePort() {
        for (; ; ) {
            int port = 15_000 + NEXT.getAndIncrement() % 15_000;
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException _) {
                // Taken: the next one.
            }
        }
    }

    /** Writes its configuration into the file, and waits until it listens. */
    public static Peer start(int port, Path file, String config, String... command)
            throws IOException {
        Files.writeString(file, config);
        Path log = file.resolveSibling(file.getFileName() + ".out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Await.until(() -> "it listens: " + read(log), () -> listens(port));
        return new Peer(process, log);
    }

    /**
     * NGINX in the foreground, which logs no request; what it writes is in the directory.
     *
     * @param port that it is awaited at
     * @param http what else stands in its {@code http} section
     */
    public static Peer nginx(int port, Path directory, String http) throws IOException {
        Path file = directory.resolve("nginx.conf");
        return start(
                port,
                file,
                """
                daemon off;
                master_process off;
                error_log stderr;
                pid %1$s/pid;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                %2$s}
                """
                        .formatted(directory, http.indent(2)),
                NGINX + "",
                "-p",
                directory + "",
                "-c",
                file + "");
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
