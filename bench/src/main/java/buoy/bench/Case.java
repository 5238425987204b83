package buoy.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a proxy is made to do. */
enum Case {
    /** It reads each request and each answer; connections on both sides live on. */
    HTTP_64B("HTTP/1.1 keep-alive, 64 B", Door.HTTP, "/64", 64, Generator.WRK),

    HTTP_16KB("HTTP/1.1 keep-alive, 16 KiB", Door.HTTP, "/16k", 16 << 10, Generator.WRK),

    HTTP_1MB("HTTP/1.1 keep-alive, 1 MiB", Door.HTTP, "/1m", 1 << 20, Generator.WRK),

    /** Each request has a connection of its own. */
    HTTP_CONNECTIONS(
            "HTTP/1.1, a connection for each request", Door.HTTP, "/64", 64, Generator.WRK_CLOSING),

    HTTPS_64B("HTTPS keep-alive, 64 B", Door.HTTPS, "/64", 64, Generator.WRK),

    /** Each request has a full handshake, with an ECDSA certificate on P-256. */
    HANDSHAKES("HTTPS, a full handshake for each", Door.HTTPS, "/64", 64, Generator.S_TIME),

    /** Each connection resumes the session of the one before. */
    RESUMED("HTTPS, a resumed session for each", Door.HTTPS, "/64", 64, Generator.S_TIME_REUSE),

    HTTP2_64B("HTTP/2 over TLS, 32 streams, 64 B", Door.HTTPS, "/64", 64, Generator.H2LOAD),

    /** It passes bytes on. */
    TCP_64B("TCP relay, the same messages", Door.TCP, "/64", 64, Generator.WRK),

    TCP_1MB("TCP relay, 1 MiB", Door.TCP, "/1m", 1 << 20, Generator.WRK),

    /** As HANDSHAKES with an RSA certificate of 2048 bits. */
    HANDSHAKES_RSA(
            "HTTPS, a full handshake for each, RSA", Door.HTTPS_RSA, "/64", 64, Generator.S_TIME),

    RESUMED_RSA(
            "HTTPS, a resumed session for each, RSA",
            Door.HTTPS_RSA,
            "/64",
            64,
            Generator.S_TIME_REUSE),

    /** Sessions that last, each with one small query at a time. */
    PGBENCH("PostgreSQL, pgbench select-only", Door.POSTGRES, Pgbench.PATH, 1, Generator.PGBENCH),

    PGBENCH_TCP("TCP relay, the same", Door.POSTGRES_TCP, Pgbench.PATH, 1, Generator.PGBENCH),

    /** Connections that last, each with one message there and back at a time. */
    WEBSOCKET_64B(
            "WebSocket, 64 B there and back", Door.WEBSOCKET, "/echo", 64, Generator.WEBSOCKET),

    /** As HTTP_64B; requests go to all routes in turn. */
    HTTP_ROUTES(
            "HTTP/1.1 keep-alive, 64 B, many routes", Door.HTTP, "/64", 64, Generator.WRK_ROUTES);

    /** What makes the load. */
    enum Generator {
        WRK,
        /** A client that asks for each route's host in turn. */
        WRK_ROUTES,
        /** A client that wants each connection closed. */
        WRK_CLOSING,
        H2LOAD,
        /** A client that resumes nothing, which wrk would. */
        S_TIME,
        /** A client that resumes its first session again and again. */
        S_TIME_REUSE,
        PGBENCH,
        WEBSOCKET;

        /** Whether the same load can come at a fixed rate. */
        boolean hasPace() {
            return switch (this) {
                case WRK, H2LOAD, PGBENCH -> true;
                case WRK_CLOSING, WRK_ROUTES, S_TIME, S_TIME_REUSE, WEBSOCKET -> false;
            };
        }

        /**
         * Puts it on at about that rate, whatever the answers take.
         *
         * @param rate requests a second
         */
        Latency pace(String url, double rate, Duration time, Cores cores) {
            return switch (this) {
                case WRK -> Paced.run(url, List.of("--h1"), rate, time, cores);
                case H2LOAD -> Paced.run(url, List.of("-m32"), rate, time, cores);
                case PGBENCH -> Pgbench.pace(url, rate, time, cores);
                case WRK_CLOSING, WRK_ROUTES, S_TIME, S_TIME_REUSE, WEBSOCKET ->
                        throw new IllegalArgumentException(this + " has no pace");
            };
        }

        Load run(String url, Plan plan, Duration time, Cores cores) {
            return switch (this) {
                case WRK -> Wrk.run(url, time, cores, List.of());
                case WRK_ROUTES -> Wrk.runOverRoutes(url, plan, time, cores);
                case WRK_CLOSING -> Wrk.run(url, time, cores, List.of("-H", "Connection: close"));
                case H2LOAD -> H2load.run(url, time, cores);
                case S_TIME -> Handshakes.run(url, "-new", time, cores);
                case S_TIME_REUSE -> Handshakes.run(url, "-reuse", time, cores);
                case PGBENCH -> Pgbench.run(url, time, cores);
                case WEBSOCKET -> WebSockets.run(url, time, cores);
            };
        }
    }

    private final String title;
    private final Door door;
    private final String path;
    private final int size;
    private final Generator generator;

    Case(String title, Door door, String path, int size, Generator generator) {
        this.title = title;
        this.door = door;
        this.path = path;
        this.size = size;
        this.generator = generator;
    }

    String title() {
        return title;
    }

    Door door() {
        return door;
    }

    Generator generator() {
        return generator;
    }

    Setting setting() {
        return generator == Generator.WRK_ROUTES ? Setting.ROUTES : Setting.USUAL;
    }

    /** Of an answer's content, in bytes. */
    int size() {
        return size;
    }

    /** At a proxy that listens on these ports. */
    String url(Ports ports) {
        return door.url(ports.of(door), path);
    }

    /** In result files and on the command line. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
