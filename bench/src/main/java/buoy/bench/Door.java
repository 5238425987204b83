package buoy.bench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where load arrives: a listener of the proxy's own for each kind, so that none pays for another.
 */
enum Door {
    HTTP("http"),
    /** A certificate with an ECDSA key on P-256. */
    HTTPS("https"),
    /** A certificate with an RSA key of 2048 bits. */
    HTTPS_RSA("https"),
    WEBSOCKET("http"),
    TCP("http"),
    /** What understands PostgreSQL where the proxy does, a relay where it does not. */
    POSTGRES("postgresql"),
    /** The relay. */
    POSTGRES_TCP("postgresql"),
    /** Not measured: Buoy's own page. */
    STATS("http");

    /** What a proxy that knows HTTP alone has. */
    static final Set<Door> WEB = EnumSet.of(HTTP, HTTPS, HTTPS_RSA, WEBSOCKET);

    static final Set<Door> DATABASE = EnumSet.of(POSTGRES, POSTGRES_TCP);

    private final String scheme;

    Door(String scheme) {
        this.scheme = scheme;
    }

    String url(int port, String path) {
        return scheme + "://127.0.0.1:" + port + path;
    }

    /** In the configurations: {@code @https-rsa@} stands for the port. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What shows that the whole way is there.
     *
     * @param command to run
     * @param answer what it prints then
     */
    record Probe(List<String> command, String answer) {}

    /**
     * A probe of this URL.
     *
     * @param size of the content that is answered
     */
    Probe probe(String url, int size) {
        return switch (this) {
            case HTTP, HTTPS, HTTPS_RSA, TCP, STATS ->
                    new Probe(curl(url, "5", "%{http_code} %{size_download}"), "200 " + size);
            // The connection stays open: curl gives up when its time is over, and tells what it
            // saw.
            case WEBSOCKET ->
                    new Probe(
                            curl(
                                    url,
                                    "0.5",
                                    "%{http_code}",
                                    "Connection: Upgrade",
                                    "Upgrade: websocket",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                            "101");
            case POSTGRES, POSTGRES_TCP ->
                    new Probe(
                            List.of(
                                    "psql",
                                    "--no-psqlrc",
                                    "--tuples-only",
                                    "--no-align",
                                    "--command=SELECT " + size,
                                    url),
                            Integer.toString(size));
        };
    }

    private static List<String> curl(String url, String seconds, String tell, String... fields) {
        List<String> command =
                new ArrayList<>(
                        List.of("curl", "--silent", "--insecure", "--http1.1", "--max-time"));
        command.addAll(List.of(seconds, "--output", "/dev/null", "--write-out", tell));
        for (String field : fields) {
            command.addAll(List.of("--header", field));
        }
        command.add(url);
        return command;
    }
}
