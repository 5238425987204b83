package buoy.daemon;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An application server and a configuration that balances to it, on free ports of loopback. */
final class Site implements AutoCloseable {
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % 15_000));

    final Path config;
    final Path socket;

    /** The state directory: else every site would keep its orders in that of this machine. */
    final Path state;

    final int http;
    final int stats;

    /** Counted down: {@code /slow} may answer. */
    final CountDownLatch slow = new CountDownLatch(1);

    /** Counted down: {@code /slow} was asked. */
    final CountDownLatch slowAsked = new CountDownLatch(1);

    private final HttpServer application;

    Site(Path directory) throws IOException {
        config = directory.resolve("buoy.yaml");
        socket = directory.resolve("admin.sock");
        state = Files.createDirectories(directory.resolve("state"));
        http = freePort();
        stats = freePort();
        application =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        application.createContext(
                "/",
                exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/slow")) {
                        slowAsked.countDown();
                        try {
                            slow.await(60, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    byte[] body = "hello\n".getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        application.start();
        write("app");
    }

    /** User {@code ops} with the password {@code secret} may act on the page. */
    void mayAct() throws IOException {
        String before = Files.readString(config);
        Files.writeString(
                config,
                before.replace(
                        "stats: {",
                        "stats: {actions: true, users: {ops: \"$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/\"}, "));
    }

    /** Writes the configuration, with the route leading to this pool. */
    void write(String pool) throws IOException {
        Files.writeString(
                config,
                """
                process:
                  state-directory: %s
                admin: {socket: %s}
                stats: {bind: "127.0.0.1:%d"}
                listeners:
                  web: {bind: ["127.0.0.1:%d"], protocol: http, routes: [{pool: %s}]}
                pools:
                  app:
                    servers: {a1: "127.0.0.1:%d"}
                    health: {tcp: {}, every: 1s}
                """
                        .formatted(
                                state,
                                socket,
                                stats,
                                http,
                                pool,
                                application.getAddress().getPort()));
    }

    /**
     * Writes more into a section of the configuration, before what is there.
     *
     * @param lines as they stand in it
     */
    void add(String section, String lines) throws IOException {
        String head = section + ":\n";
        Files.writeString(config, Files.readString(config).replace(head, head + lines.indent(2)));
    }

    /**
     * A port that is free and given once: below those that the kernel gives to who asks for any, so
     * that nobody's connection takes it meanwhile.
     */
    static int freePort() {
        for (; ; ) {
            int port = 15_000 + NEXT.getAndIncrement() % 15_000;
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException _) {
                // Taken: the next one.
            }
        }
    }

    /** What the pool leads to is there no more. */
    void applicationEnds() {
        slow.countDown();
        application.stop(0);
    }

    @Override
    public void close() {
        applicationEnds();
    }
}
