package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Certificate;
import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Protection;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS in front of plain TCP, and towards its servers; the JDK's TLS is the peer of both. */
class TcpTlsTest {
    @TempDir static Path directory;

    private static Authority authority;
    private static Certificate site;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Authority(directory);
        site = authority.pair("site", "DNS:site.example");
        var _ = authority.pair("server", "DNS:server.internal");
    }

    private static Config config(Endpoint... servers) {
        return Configs.of(
                List.of(Configs.tcp("raw", "app")), List.of(Configs.pool("app", servers)));
    }

    private static Secured secured(boolean clients, boolean servers) {
        return new Secured(
                clients ? Map.of("raw", Authority.listener(site)) : Map.of(),
                servers
                        ? Map.of(
                                "app",
                                new Protection(
                                        Optional.of(authority.towards("server.internal")),
                                        Optional.empty()))
                        : Map.of());
    }

    private static TestServer echo(boolean secured) throws Exception {
        TestServer.Service echo =
                socket -> {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                    socket.shutdownOutput();
                };
        return TestServer.start(secured ? authority.serving("server", echo) : echo);
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true", "true,true"})
    void bytesPassWholeBothWays(boolean clients, boolean servers) throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (TestServer server = echo(servers);
                Running buoy =
                        Running.start(config(server.endpoint()), secured(clients, servers))) {
            try (Socket plain = buoy.connect("raw");
                    Socket client = clients ? authority.client(plain, "site.example") : plain) {
                CompletableFuture<Void> writing =
                        CompletableFuture.runAsync(() -> write(client, sent));
                assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
                writing.join();
            }
            Await.until("the session is over", () -> buoy.server("app", "s1").active() == 0);
            assertThat(buoy.listener("raw").totals().failures()).isEmpty();
            assertThat(buoy.listener("raw").totals().finished()).isEqualTo(1);
        }
    }

    @Test
    void aServerMaySpeakFirst() throws Exception {
        TestServer.Service saying =
                socket -> {
                    socket.getOutputStream().write("welcome\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                };
        try (TestServer server = TestServer.start(authority.serving("server", saying));
                Running buoy = Running.start(config(server.endpoint()), secured(true, true));
                Socket client = authority.client(buoy.connect("raw"), "site.example")) {
            assertThat(client.getInputStream().readNBytes(8))
                    .isEqualTo("welcome\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whoeverDoesNotSpeakTlsIsCountedAndClosed() throws Exception {
        try (TestServer server = echo(false);
                Running buoy = Running.start(config(server.endpoint()), secured(true, false));
                Socket client = buoy.connect("raw")) {
            client.getOutputStream().write("hello\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readAllBytes().length).isLessThan(20);
            Await.until(
                    "it is counted",
                    () ->
                            buoy.listener("raw")
                                    .totals()
                                    .failures()
                                    .equals(Map.of(Reason.TLS_FAILED, 1L)));
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void aServerThatIsNotWhoItShouldBeGetsNothing() throws Exception {
        var _ = authority.pair("stranger", "DNS:stranger.internal");
        List<String> seen = new CopyOnWriteArrayList<>();
        TestServer.Service listening =
                socket ->
                        seen.add(
                                new String(
                                        socket.getInputStream().readAllBytes(),
                                        StandardCharsets.US_ASCII));
        try (TestServer wrong = TestServer.start(authority.serving("stranger", listening));
                TestServer right = echo(true);
                Running alone = Running.start(config(wrong.endpoint()), secured(false, true));
                Running both =
                        Running.start(
                                config(wrong.endpoint(), right.endpoint()), secured(false, true))) {
            try (Socket client = alone.connect("raw")) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(alone.listener("raw").totals().failures())
                        .isEqualTo(Map.of(Reason.SERVER_TLS_FAILED, 1L));
            }
            for (int i = 0; i < 4; i++) {
                try (Socket client = both.connect("raw")) {
                    client.getOutputStream().write(new byte[10]);
                    assertThat(client.getInputStream().readNBytes(10)).hasSize(10);
                }
            }
            assertThat(seen).allMatch(String::isEmpty);
        }
    }

    @Test
    void aClientThatExpectsAnotherNameGoes() throws Exception {
        try (TestServer server = echo(false);
                Running buoy = Running.start(config(server.endpoint()), secured(true, false));
                Socket client = authority.client(buoy.connect("raw"), "other.example")) {
            assertThatThrownBy(() -> client.getOutputStream().write(1))
                    .isInstanceOf(SSLException.class);
            Await.until(
                    "it is counted",
                    () ->
                            buoy.listener("raw").totals().failures().containsKey(Reason.TLS_FAILED)
                                    || buoy.listener("raw")
                                            .totals()
                                            .failures()
                                            .containsKey(Reason.CLIENT_RESET));
        }
    }
}
