package buoy.lb.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Network;
import buoy.config.model.Pool;
import buoy.config.model.Pool.SendProxy;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Peer;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY protocol on connections, with real proxies before and behind. Two workers. */
class ProxyProtocolTest {
    private static final List<Network> LOOPBACK =
            List.of(new Network(InetAddress.ofLiteral("127.0.0.0"), 8));
    private static final String LINE = "PROXY TCP4 198.51.100.7 203.0.113.9 4567 8443\r\n";

    @TempDir Path directory;

    // ---- configurations ----

    private static Listener.Admission from(List<Network> proxies) {
        return new Listener.Admission(OptionalInt.of(2), proxies);
    }

    private static Listener http(List<Network> proxies) {
        Listener.Http web = Configs.http("in", List.of(Configs.loopback(0)), "app");
        return new Listener.Http(
                web.name(),
                web.bind(),
                web.maxConnections(),
                web.tls(),
                proxies,
                web.timeouts(),
                web.limits(),
                web.headers(),
                web.errors(),
                web.routes(),
                web.accessLog(),
                from(proxies));
    }

    private static Listener tcp(List<Network> proxies) {
        Listener.Tcp raw = Configs.tcp("in", "app");
        return new Listener.Tcp(
                raw.name(),
                raw.bind(),
                raw.maxConnections(),
                raw.tls(),
                raw.idle(),
                raw.routes(),
                from(proxies));
    }

    private static Listener postgres(List<Network> proxies) {
        Listener.Postgres db = Configs.postgres("in", "app");
        return new Listener.Postgres(
                db.name(),
                db.bind(),
                db.maxConnections(),
                db.tls(),
                db.idle(),
                db.routes(),
                from(proxies));
    }

    private static Pool sending(Pool pool, SendProxy version, Optional<Health> health) {
        return new Pool(
                pool.name(),
                pool.balance(),
                pool.servers(),
                health,
                pool.retries(),
                pool.timeouts(),
                pool.drain(),
                pool.onDown(),
                pool.hold(),
                pool.passive(),
                pool.slowStart(),
                pool.sticky(),
                pool.fallback(),
                pool.tls(),
                Optional.of(version),
                pool.protocol());
    }

    private static Config config(Listener listener, TestServer server) {
        return Configs.of(List.of(listener), List.of(Configs.pool("app", server.endpoint())));
    }

    // ---- clients and servers ----

    /** Sends back every head it gets, as a body. */
    private static TestServer echoingHeads() {
        return TestServer.start(
                socket -> {
                    BufferedReader in =
                            new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), ISO_8859_1));
                    for (String head = head(in); !head.isEmpty(); head = head(in)) {
                        socket.getOutputStream()
                                .write(
                                        ("HTTP/1.1 200 OK\r\nContent-Length: "
                                                        + head.length()
                                                        + "\r\n\r\n"
                                                        + head)
                                                .getBytes(ISO_8859_1));
                    }
                });
    }

    private static String head(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** A client at an address of its own. */
    private static Socket client(String address, int port) throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(address), 0);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static String get(Socket socket) throws IOException {
        return ask(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /** The body of the answer. */
    private static String ask(Socket socket, String request) throws IOException {
        send(socket, request);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("behind %s", head).isNotNegative();
            head.append((char) octet);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + 16;
        int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
        return new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
    }

    // ---- told to us ----

    @Test
    void aRequestIsItsClientsWhateverComesWithTheFirstPacket() throws Exception {
        try (TestServer server = echoingHeads();
                Running buoy = Running.start(config(http(LOOPBACK), server))) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            try (Socket together = client("127.0.0.2", buoy.port("in"))) {
                assertThat(ask(together, LINE + request))
                        .contains("X-Forwarded-For: 198.51.100.7\n", "X-Forwarded-Port: 8443\n");
                assertThat(get(together)).contains("X-Forwarded-For: 198.51.100.7\n");
            }
            try (Socket apart = client("127.0.0.2", buoy.port("in"))) {
                for (int i = 0; i < LINE.length(); i++) {
                    send(apart, LINE.substring(i, i + 1));
                }
                assertThat(get(apart)).contains("X-Forwarded-For: 198.51.100.7\n");
            }
            try (Socket local = client("127.0.0.2", buoy.port("in"))) {
                assertThat(ask(local, "PROXY UNKNOWN\r\n" + request))
                        .contains("X-Forwarded-For: 127.0.0.2\n");
            }
        }
    }

    @Test
    void theLongestHeaderMayComeOctetByOctet() throws Exception {
        byte[] header = new byte[ProxyHeader.LONGEST];
        byte[] whole =
                ProxyHeader.write(
                        SendProxy.V2,
                        new Ends(
                                new InetSocketAddress("198.51.100.7", 4567),
                                new InetSocketAddress("203.0.113.9", 8443)));
        System.arraycopy(whole, 0, header, 0, whole.length);
        header[14] = 4096 >> 8;
        header[15] = 0;
        try (TestServer server = echoingHeads();
                Running buoy = Running.start(config(http(LOOPBACK), server));
                Socket apart = client("127.0.0.2", buoy.port("in"))) {
            apart.setTcpNoDelay(true);
            for (byte octet : header) {
                apart.getOutputStream().write(octet);
            }
            assertThat(get(apart)).contains("X-Forwarded-For: 198.51.100.7\n");
        }
    }

    @Test
    void aSessionsFirstBytesComeBehindItsHeader() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(tcp(LOOPBACK), server));
                Socket client = client("127.0.0.2", buoy.port("in"))) {
            String text = "0123456789".repeat(1000);
            send(client, LINE + text);
            assertThat(new String(client.getInputStream().readNBytes(10_000), ISO_8859_1))
                    .isEqualTo(text);
            send(client, text);
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo(text);
        }
    }

    /** All there is at once: it must neither be lost behind the end nor overtaken. */
    @Test
    void aSessionThatHasEndedBeforeItsServerIsThereLosesNothing() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(tcp(LOOPBACK), server))) {
            String text = "0123456789".repeat(2000);
            for (String all : List.of("short", text)) {
                for (int i = 0; i < 20; i++) {
                    try (Socket client = client("127.0.0.2", buoy.port("in"))) {
                        send(client, LINE + all);
                        client.shutdownOutput();
                        assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
                                .isEqualTo(all);
                    }
                }
            }
        }
    }

    @Test
    void aPostgresqlClientComesBehindItToo() throws Exception {
        // SSLRequest, which is left to the server here.
        String request = "\0\0\0\10\4\u00d2\26\57";
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    byte[] got = socket.getInputStream().readNBytes(8);
                                    socket.getOutputStream()
                                            .write(
                                                    new String(got, ISO_8859_1).equals(request)
                                                            ? 'N'
                                                            : 'E');
                                    socket.getInputStream().read();
                                });
                Running buoy = Running.start(config(postgres(LOOPBACK), server));
                Socket client = client("127.0.0.2", buoy.port("in"))) {
            send(client, LINE + request);
            assertThat(client.getInputStream().read()).isEqualTo('N');
        }
    }

    @Test
    void whoSaysNothingOrNonsenseIsNotServed() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(tcp(LOOPBACK), server))) {
            try (Socket plain = client("127.0.0.2", buoy.port("in"))) {
                send(plain, "GET / HTTP/1.1\r\n\r\n");
                assertEnds(plain);
            }
            try (Socket halfway = client("127.0.0.2", buoy.port("in"))) {
                send(halfway, "PROXY TCP4");
                halfway.shutdownOutput();
                assertEnds(halfway);
            }
            try (Socket silent = client("127.0.0.2", buoy.port("in"))) {
                assertEnds(silent);
            }
            client("127.0.0.2", buoy.port("in")).close(); // only looks whether somebody is there
            Await.until("all are gone", () -> buoy.listener("in").connections() == 0);
            assertThat(server.accepted()).isZero();
            assertThat(buoy.listener("in").totals().failures())
                    .containsOnly(
                            java.util.Map.entry(Reason.BAD_PROXY_HEADER, 1L),
                            java.util.Map.entry(Reason.CLIENT_CLOSED, 1L),
                            java.util.Map.entry(Reason.PROXY_TIMEOUT, 1L));
        }
    }

    private static void assertEnds(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("still open", open);
        } catch (IOException reset) {
            // What it sent was not read: that is an end as well.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void nobodyElseIsHeard() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(
                                config(
                                        tcp(
                                                List.of(
                                                        new Network(
                                                                InetAddress.ofLiteral("127.0.0.9"),
                                                                32))),
                                        server));
                Socket trusted = client("127.0.0.9", buoy.port("in"));
                Socket stranger = client("127.0.0.2", buoy.port("in"))) {
            assertEnds(stranger);
            send(trusted, LINE + "x");
            assertThat(trusted.getInputStream().read()).isEqualTo('x');
            assertThat(buoy.listener("in").totals().failures())
                    .containsEntry(Reason.UNTRUSTED_PROXY, 1L);
        }
    }

    @Test
    void connectionsAreCountedForTheirClients() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(tcp(LOOPBACK), server));
                Socket first = client("127.0.0.2", buoy.port("in"));
                Socket second = client("127.0.0.3", buoy.port("in"));
                Socket third = client("127.0.0.4", buoy.port("in"));
                Socket other = client("127.0.0.2", buoy.port("in"))) {
            for (Socket each : List.of(first, second)) {
                send(each, LINE + "x");
                assertThat(each.getInputStream().read()).isEqualTo('x');
            }
            send(third, LINE);
            assertEnds(third);
            send(other, LINE.replace("100.7", "100.8") + "x");
            assertThat(other.getInputStream().read()).isEqualTo('x');
        }
    }

    @ParameterizedTest
    @EnumSource(SendProxy.class)
    void haproxyTellsUs(SendProxy version) throws Exception {
        assumeThat(Peer.HAPROXY).exists();
        int port = Peer.freePort();
        try (TestServer server = echoingHeads();
                Running buoy = Running.start(config(http(LOOPBACK), server));
                Peer _ =
                        haproxy(
                                port,
                                """
                                listen l
                                  mode tcp
                                  bind 127.0.0.1:%d
                                  server s 127.0.0.1:%d %s check
                                """
                                        .formatted(
                                                port,
                                                buoy.port("in"),
                                                version == SendProxy.V1
                                                        ? "send-proxy"
                                                        : "send-proxy-v2"));
                Socket one = client("127.0.0.2", port);
                Socket other = client("127.0.0.3", port)) {
            assertThat(get(one))
                    .contains("X-Forwarded-For: 127.0.0.2\n", "X-Forwarded-Port: " + port + "\n");
            assertThat(get(other)).contains("X-Forwarded-For: 127.0.0.3\n");
        }
    }

    // ---- told by us ----

    private Peer haproxy(int port, String more) throws IOException {
        Path config = directory.resolve("haproxy.cfg");
        return Peer.start(
                port,
                config,
                """
                defaults
                  mode http
                  timeout client 10s
                  timeout server 10s
                  timeout connect 10s
                """
                        + more,
                Peer.HAPROXY.toString(),
                "-db",
                "-f",
                config.toString());
    }

    private Peer nginx(int port) throws IOException {
        return Peer.nginx(
                port,
                directory,
                """
                server {
                  listen 127.0.0.1:%d proxy_protocol;
                  location / { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_port"; }
                }
                """
                        .formatted(port));
    }

    @ParameterizedTest
    @EnumSource(SendProxy.class)
    void haproxyIsTold(SendProxy version) throws Exception {
        assumeThat(Peer.HAPROXY).exists();
        int port = Peer.freePort();
        try (Peer _ =
                haproxy(
                        port,
                        """
                        frontend f
                          bind 127.0.0.1:%d accept-proxy
                          http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst_port]"
                        """
                                .formatted(port))) {
            assertEachClientIsTold(version, port);
        }
    }

    @ParameterizedTest
    @EnumSource(SendProxy.class)
    void nginxIsTold(SendProxy version) throws Exception {
        assumeThat(Peer.NGINX).exists();
        int port = Peer.freePort();
        try (Peer _ = nginx(port)) {
            assertEachClientIsTold(version, port);
        }
    }

    /** Of requests, over kept connections, and of sessions; its health checks pass as well. */
    private static void assertEachClientIsTold(SendProxy version, int port) throws Exception {
        Pool pool =
                sending(
                        Configs.pool("app", new Endpoint(InetAddress.getLoopbackAddress(), port)),
                        version,
                        Optional.of(Configs.health(HTTP_CHECK)));
        for (Listener in :
                List.of(
                        Configs.http("in", List.of(Configs.loopback(0)), "app"),
                        Configs.tcp("in", "app"))) {
            try (Running buoy = Running.start(Configs.of(List.of(in), List.of(pool)))) {
                Await.until("its check passes", () -> buoy.up("app") == 1);
                try (Socket one = client("127.0.0.2", buoy.port("in"));
                        Socket other = client("127.0.0.3", buoy.port("in"))) {
                    for (int i = 0; i < 4; i++) {
                        assertThat(get(one)).isEqualTo(told(one, buoy.port("in")));
                        assertThat(get(other)).isEqualTo(told(other, buoy.port("in")));
                    }
                }
            }
        }
    }

    private static final Health.Probe HTTP_CHECK =
            new Health.Probe.Http(
                    "GET",
                    "/",
                    new Health.StatusRange(200, 299),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty());

    private static String told(Socket client, int port) {
        return client.getLocalAddress().getHostAddress() + " " + client.getLocalPort() + " " + port;
    }
}
