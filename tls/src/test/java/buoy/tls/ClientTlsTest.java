package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Certificate;
import buoy.config.model.Endpoint;
import buoy.config.model.ListenerTls;
import buoy.config.model.PoolTls;
import buoy.config.model.ServerAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Towards servers: what is believed, and what is not, by the engine and by the blocking socket. */
class ClientTlsTest {
    private static final List<String> ALPN = List.of("postgresql");

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir static Path directory;

    private static TestCertificates authority;
    private static EventLoopGroup group;

    @BeforeAll
    static void start() {
        authority = new TestCertificates(directory);
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static Stream<Optional<Provider>> providers() {
        return Stream.of(ServerTls.conscrypt(), Optional.empty());
    }

    private static PoolTls settings(Optional<String> serverName) {
        return new PoolTls(
                true, Optional.of(authority.file("ca.crt")), serverName, Optional.empty());
    }

    private static ClientTls client(PoolTls settings, @Nullable Provider provider) {
        Loading<ClientTls> loading =
                ClientTls.load("pools.pg.tls", settings, Map.of(), Instant.now(), provider);
        return ((Loading.Ready<ClientTls>) loading).tls();
    }

    private static TlsServer server(Certificate.Pair certificate) {
        ListenerTls settings =
                new ListenerTls(
                        List.of(certificate.name()),
                        ListenerTls.Policy.INTERMEDIATE,
                        Optional.empty(),
                        List.of("postgresql"),
                        ListenerTls.UnknownNames.DEFAULT,
                        Optional.empty(),
                        true,
                        Optional.empty());
        Certificates certificates =
                Certificates.read(
                        Map.of(certificate.name(), certificate),
                        settings.certificates(),
                        Instant.now(),
                        Optional.empty());
        Loading<ServerTls> loading =
                ServerTls.load(
                        "tls",
                        settings,
                        certificates,
                        Optional.empty(),
                        Instant.now(),
                        Optional.empty());
        return new TlsServer(((Loading.Ready<ServerTls>) loading).tls());
    }

    private static ServerAddress at(TlsServer server) {
        return new ServerAddress.Fixed(new Endpoint(LOOPBACK, server.port));
    }

    /** What a GET through the engine brings, or the failure. */
    private static String byEngine(ClientTls tls, ServerAddress server) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ChannelFuture connected =
                new Bootstrap()
                        .group(group)
                        .channel(NioSocketChannel.class)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(LOOPBACK, server.port())
                        .sync();
        Channel channel = connected.channel();
        channel.eventLoop()
                .execute(
                        () ->
                                tls.secure(channel, server, ALPN, Duration.ofSeconds(10))
                                        .addListener(
                                                (Future<Channel> done) -> {
                                                    if (done.isSuccess()) {
                                                        ask(channel, answer);
                                                    } else {
                                                        answer.completeExceptionally(done.cause());
                                                    }
                                                }));
        try {
            return answer.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(ClientTls.words(failed), failed);
        } finally {
            channel.close().sync();
        }
    }

    private static void ask(Channel channel, CompletableFuture<String> answer) {
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                io.netty.buffer.ByteBuf bytes = (io.netty.buffer.ByteBuf) message;
                                SslHandler handler = channel.pipeline().get(SslHandler.class);
                                String agreed = handler.applicationProtocol();
                                String protocol =
                                        agreed == null
                                                ? handler.engine().getApplicationProtocol()
                                                : agreed;
                                answer.complete(
                                        protocol
                                                + " "
                                                + bytes.toString(StandardCharsets.US_ASCII)
                                                        .lines()
                                                        .findFirst()
                                                        .orElse(""));
                                bytes.release();
                            }
                        });
        var _ =
                channel.writeAndFlush(
                        channel.alloc()
                                .buffer()
                                .writeBytes(
                                        "GET / HTTP/1.1\r\n\r\n"
                                                .getBytes(StandardCharsets.US_ASCII)));
    }

    private static void bySocket(ClientTls tls, ServerAddress server) throws IOException {
        try (Socket plain = new Socket(LOOPBACK, server.port());
                SSLSocket secured = tls.secure(plain, server, ALPN)) {
            secured.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = secured.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII)).endsWith("hello\n");
        }
    }

    private static void assertBelieved(ClientTls tls, ServerAddress server) throws Exception {
        assertThat(byEngine(tls, server)).isEqualTo("postgresql HTTP/1.1 200 OK");
        bySocket(tls, server);
    }

    private static void assertRefused(ClientTls tls, ServerAddress server, String... words) {
        assertThatThrownBy(() -> byEngine(tls, server)).message().containsAnyOf(words);
        assertThatThrownBy(() -> bySocket(tls, server)).message().containsAnyOf(words);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aServerIsBelievedThatIsCalledAsItShouldBe(Optional<Provider> provider) throws Exception {
        try (TlsServer server = server(authority.pair("named", "ec", "pg.internal"))) {
            assertBelieved(
                    client(settings(Optional.of("pg.internal")), provider.orElse(null)),
                    at(server));
            assertRefused(
                    client(settings(Optional.of("pg.example")), provider.orElse(null)),
                    at(server),
                    "No subject alternative DNS name matching pg.example found",
                    "pg.example");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void withoutANameTheAddressHasToBeInTheCertificate(Optional<Provider> provider)
            throws Exception {
        Certificate.Pair byAddress =
                authority.pairOf("byaddress", "rsa", "IP:127.0.0.1,DNS:pg.internal");
        try (TlsServer good = server(byAddress);
                TlsServer other = server(authority.pair("byname", "rsa", "pg.internal"))) {
            ClientTls tls = client(settings(Optional.empty()), provider.orElse(null));
            assertBelieved(tls, at(good));
            assertRefused(tls, at(other), "127.0.0.1", "No subject alternative names");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theNameThatIsTheAddressHasToBeInTheCertificate(Optional<Provider> provider)
            throws Exception {
        try (TlsServer server = server(authority.pair("followed", "ec", "pg.internal"))) {
            ClientTls tls = client(settings(Optional.empty()), provider.orElse(null));
            assertBelieved(tls, new ServerAddress.Named("pg.internal", server.port));
            assertBelieved(tls, new ServerAddress.Named("pg.internal.", server.port));
            assertRefused(
                    tls, new ServerAddress.Named("pg2.internal", server.port), "pg2.internal");
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aStrangersSignatureIsNotBelieved(Optional<Provider> provider, @TempDir Path elsewhere)
            throws Exception {
        TestCertificates stranger = new TestCertificates(elsewhere);
        try (TlsServer server = server(stranger.pair("named", "ec", "pg.internal"))) {
            assertRefused(
                    client(settings(Optional.of("pg.internal")), provider.orElse(null)),
                    at(server),
                    "does not chain with any of the trust anchors",
                    "unable to find valid certification path",
                    "signature");
            PoolTls careless =
                    new PoolTls(
                            false,
                            Optional.empty(),
                            Optional.of("whatever.example"),
                            Optional.empty());
            assertBelieved(client(careless, provider.orElse(null)), at(server));
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        PoolTls settings =
                new PoolTls(
                        true,
                        Optional.of(authority.file("none.crt")),
                        Optional.empty(),
                        Optional.of("own"));
        Certificate own =
                new Certificate.Pair(
                        "own", authority.file("missing.crt"), authority.file("missing.key"));
        assertThat(ClientTls.load("pools.pg.tls", settings, Map.of("own", own), Instant.now()))
                .isInstanceOfSatisfying(
                        Loading.Refused.class,
                        refused ->
                                assertThat(((Loading.Refused<?>) refused).problems())
                                        .extracting(Finding::path)
                                        .containsExactly(
                                                "certificates.own.chain",
                                                "certificates.own.key",
                                                "pools.pg.tls.ca"));
    }

    @Test
    void theSystemsOwnAuthoritiesAreTheDefault() {
        PoolTls settings = new PoolTls(true, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(ClientTls.load("pools.pg.tls", settings, Map.of(), Instant.now()))
                .isInstanceOf(Loading.Ready.class);
    }
}
