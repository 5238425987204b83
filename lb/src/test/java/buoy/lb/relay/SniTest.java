package buoy.lb.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.Listener.TcpMatch;
import buoy.config.model.Listener.TcpRoute;
import buoy.config.model.Network;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes by the name that a client begins TLS for. The JDK's TLS is both peers. */
class SniTest {
    @TempDir static Path directory;

    private static Authority authority;
    private static Certificate here;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Authority(directory);
        var _ = authority.pair("a", "DNS:a.example");
        var _ = authority.pair("b", "DNS:x.b.example,DNS:b.example");
        here = authority.pair("here", "DNS:a.example,DNS:x.b.example");
    }

    private static TcpRoute route(String sni, String pool) {
        return new TcpRoute(new TcpMatch(Optional.of(sni)), pool);
    }

    @Test
    void clientsGoWhereTheirNetworkSendsAndNobodyElseIsLookedAt() throws Exception {
        TcpRoute inside =
                new TcpRoute(
                        new TcpMatch(
                                Optional.empty(),
                                List.of(new Network(InetAddress.ofLiteral("127.0.0.2"), 32))),
                        "a");
        TcpRoute outside =
                new TcpRoute(
                        new TcpMatch(
                                Optional.empty(),
                                List.of(new Network(InetAddress.ofLiteral("127.0.0.3"), 32))),
                        "b");
        try (TestServer a = TestServer.saying("a");
                TestServer b = TestServer.saying("b");
                Running buoy = Running.start(config(a, b, b, inside, outside))) {
            for (String[] each : new String[][] {{"127.0.0.2", "a"}, {"127.0.0.3", "b"}}) {
                try (Socket client = from(each[0], buoy)) {
                    assertThat(TestServer.said(client)).isEqualTo(each[1]);
                }
            }
            try (Socket stranger = from("127.0.0.4", buoy)) {
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.NO_ROUTE, 1L));
        }
    }

    private static Socket from(String address, Running buoy) throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.getLoopbackAddress(),
                        buoy.port("raw"),
                        InetAddress.ofLiteral(address),
                        0);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static final TcpRoute REST = new TcpRoute(TcpMatch.ANY, "rest");

    private static Config config(TestServer a, TestServer b, TestServer rest, TcpRoute... routes) {
        Listener.Tcp raw = Configs.tcp("raw", "rest");
        return Configs.of(
                List.of(
                        new Listener.Tcp(
                                raw.name(),
                                raw.bind(),
                                raw.maxConnections(),
                                raw.tls(),
                                raw.idle(),
                                List.of(routes),
                                raw.admission())),
                List.of(
                        Configs.pool("a", a.endpoint()),
                        Configs.pool("b", b.endpoint()),
                        Configs.pool("rest", rest.endpoint())));
    }

    /** Says its name before anything else, then what it gets. */
    private static TestServer.Service named(String name) {
        return socket -> {
            socket.getOutputStream().write(name.getBytes(US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        };
    }

    private static String talk(Running buoy, String name) throws Exception {
        try (Socket client = authority.client(buoy.connect("raw"), name)) {
            client.getOutputStream().write('!');
            return new String(client.getInputStream().readNBytes(2), US_ASCII);
        }
    }

    @Test
    void theNameDecidesAndTlsStaysBetweenClientAndServer() throws Exception {
        try (TestServer a = TestServer.start(authority.serving("a", named("a")));
                TestServer b = TestServer.start(authority.serving("b", named("b")));
                TestServer rest = TestServer.start(authority.serving("b", named("r")));
                Running buoy =
                        Running.start(
                                config(
                                        a,
                                        b,
                                        rest,
                                        route("a.example", "a"),
                                        route("*.b.example", "b"),
                                        REST))) {
            // The JDK's client looks whether it is the name's own certificate.
            assertThat(talk(buoy, "a.example")).isEqualTo("a!");
            assertThat(talk(buoy, "x.b.example")).isEqualTo("b!");
            assertThat(talk(buoy, "b.example")).isEqualTo("r!");
        }
    }

    @Test
    void whateverElseComesGoesToTheRouteWithoutAName() throws Exception {
        try (TestServer a = TestServer.start(named("a"));
                TestServer rest = TestServer.echo();
                Running buoy = Running.start(config(a, a, rest, route("a.example", "a"), REST));
                Socket client = buoy.connect("raw")) {
            client.getOutputStream().write("\26\3\1\0\1\2 and no TLS\n".getBytes(US_ASCII));
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                    .isEqualTo("\26\3\1\0\1\2 and no TLS\n");
        }
    }

    /** A ClientHello that comes byte by byte arrives as it was, with what follows. */
    @Test
    void slowAndFragmentedIsAsGood() throws Exception {
        try (TestServer a = TestServer.echo();
                Running buoy = Running.start(config(a, a, a, route("a.example", "a")));
                Socket client = buoy.connect("raw")) {
            byte[] hello = hello("a.example");
            client.setTcpNoDelay(true);
            OutputStream out = client.getOutputStream();
            for (byte each : hello) {
                out.write(each);
            }
            out.write("more".getBytes(US_ASCII));
            client.shutdownOutput();
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(hello.length)).isEqualTo(hello);
            assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("more");
            assertThat(buoy.server("a", "s1").totals().failures()).isEmpty();
        }
    }

    /** In records of three bytes. */
    private static byte[] hello(String name) {
        byte[] octets = name.getBytes(US_ASCII);
        byte[] body = new byte[43 + 9 + octets.length];
        body[0] = 3;
        body[1] = 3;
        body[36] = 2; // of cipher suites
        body[37] = (byte) 0xc0;
        body[38] = 0x2f;
        body[39] = 1; // compression
        body[42] = (byte) (9 + octets.length);
        body[46] = (byte) (5 + octets.length);
        body[48] = (byte) (3 + octets.length);
        body[51] = (byte) octets.length;
        System.arraycopy(octets, 0, body, 52, octets.length);
        byte[] message = new byte[4 + body.length];
        message[0] = 1;
        message[3] = (byte) body.length;
        System.arraycopy(body, 0, message, 4, body.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += 3) {
            int length = Math.min(3, message.length - at);
            out.writeBytes(new byte[] {22, 3, 1, 0, (byte) length});
            out.write(message, at, length);
        }
        return out.toByteArray();
    }

    @Test
    void whereNoRouteFitsTheConnectionEnds() throws Exception {
        try (TestServer a = TestServer.echo();
                Running buoy = Running.start(config(a, a, a, route("a.example", "a")));
                Socket client = buoy.connect("raw")) {
            client.getOutputStream().write('G');
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.NO_ROUTE, 1L));
        }
    }

    @Test
    void aClientThatLeavesBeforeItSaidItIsCounted() throws Exception {
        try (TestServer a = TestServer.echo();
                Running buoy = Running.start(config(a, a, a, route("a.example", "a")))) {
            try (Socket client = buoy.connect("raw")) {
                client.getOutputStream().write(22);
            }
            Await.until(
                    "it is counted",
                    () ->
                            buoy.listener("raw")
                                    .totals()
                                    .failures()
                                    .equals(Map.of(Reason.CLIENT_CLOSED, 1L)));
            assertThat(a.accepted()).isZero();
        }
    }

    @Test
    void theNameDecidesWhereTlsEndsHereToo() throws Exception {
        try (TestServer a = TestServer.start(named("a"));
                TestServer b = TestServer.start(named("b"));
                Running buoy =
                        Running.start(
                                config(a, b, b, route("a.example", "a"), route("*.b.example", "b")),
                                new Secured(Map.of("raw", Authority.listener(here)), Map.of()))) {
            assertThat(talk(buoy, "a.example")).isEqualTo("a!");
            assertThat(talk(buoy, "x.b.example")).isEqualTo("b!");
        }
    }
}
