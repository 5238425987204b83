package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.StatusRange;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.Authority;
import buoy.lb.kit.TestServer;
import buoy.tls.ClientTls;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health service of gRPC, asked of a server of gRPC's own Java library. */
class GrpcProbingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final MethodDescriptor.Marshaller<byte[]> OCTETS =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private Server server;
    private volatile byte[] answer = {8, 1};

    @BeforeEach
    void start() throws IOException {
        server = start(InsecureServerCredentials.create());
    }

    private Server start(ServerCredentials credentials) throws IOException {
        MethodDescriptor<byte[], byte[]> check =
                MethodDescriptor.newBuilder(OCTETS, OCTETS)
                        .setType(MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .build();
        return OkHttpServerBuilder.forPort(0, credentials)
                .addService(
                        ServerServiceDefinition.builder("grpc.health.v1.Health")
                                .addMethod(check, ServerCalls.asyncUnaryCall(this::check))
                                .build())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private void check(byte[] asked, StreamObserver<byte[]> out) {
        String service =
                asked.length == 0
                        ? ""
                        : new String(asked, 2, asked.length - 2, StandardCharsets.UTF_8);
        if (service.isEmpty() || service.equals("shop.Orders")) {
            out.onNext(answer);
            out.onCompleted();
        } else {
            out.onError(Status.NOT_FOUND.asRuntimeException());
        }
    }

    private static Door door(Endpoint endpoint, Optional<ClientTls> tls) {
        return new Door(
                new ServerAddress.Fixed(endpoint),
                endpoint,
                () -> tls,
                Optional::empty,
                () -> tls.isEmpty() ? Protocol.H2C : Protocol.H2,
                Optional::empty);
    }

    private static GrpcProbing probing(Endpoint endpoint, String service) {
        return new GrpcProbing(new Probe.Grpc(service), door(endpoint, Optional.empty()));
    }

    /** One address, behind which the server may be another one later. */
    private TestServer relay() {
        return TestServer.start(
                socket -> {
                    try (Socket behind =
                            new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
                        Thread.ofVirtual().start(() -> pass(socket, behind));
                        behind.getInputStream().transferTo(socket.getOutputStream());
                    }
                });
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One of them is gone, which the other way notices.
        }
    }

    private Endpoint endpoint() {
        return new Endpoint(InetAddress.getLoopbackAddress(), server.getPort());
    }

    @Test
    void whatServesIsWellAgainAndAgainOnOneConnection() {
        try (TestServer relay = relay();
                GrpcProbing probing = probing(relay.endpoint(), "shop.Orders")) {
            for (int i = 0; i < 3; i++) {
                assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
            }
            answer = new byte[] {8, 2};
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Failed("NOT_SERVING"));
            answer = new byte[0];
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Failed("UNKNOWN"));
            assertThat(relay.accepted()).isEqualTo(1);
        }
    }

    /** By {@code health: {http: ...}}, where the server works in HTTP/2. */
    @Test
    void otherRequestsKeepTheConnectionToo() {
        Probe.Http probe =
                new Probe.Http(
                        "GET",
                        "/",
                        new StatusRange(400, 499),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty());
        try (TestServer relay = relay();
                HttpProbing probing =
                        new HttpProbing(probe, door(relay.endpoint(), Optional.empty()))) {
            for (int i = 0; i < 3; i++) {
                assertThat(probing.ask(PATIENCE)).isInstanceOf(Outcome.Passed.class);
            }
            assertThat(relay.accepted()).isEqualTo(1);
        }
    }

    @Test
    void withinTls(@TempDir Path directory) throws Exception {
        Authority authority = new Authority(directory);
        var _ = authority.pair("app", "DNS:app.internal");
        stop();
        server =
                start(
                        TlsServerCredentials.create(
                                authority.file("app.crt").toFile(),
                                authority.file("app.key").toFile()));
        for (String name : List.of("app.internal", "other.internal")) {
            Door door = door(endpoint(), Optional.of(authority.towards(name)));
            try (GrpcProbing probing = new GrpcProbing(new Probe.Grpc(""), door)) {
                Outcome outcome = probing.ask(PATIENCE);
                if (name.equals("app.internal")) {
                    assertThat(outcome).isEqualTo(new Outcome.Passed("SERVING"));
                } else {
                    assertThat(outcome).asString().contains("TLS: ", "other.internal");
                }
            }
        }
    }

    @Test
    void theServerAsAWholeHasNoName() {
        GrpcProbing probing = probing(endpoint(), "");
        assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
        probing.close();
    }

    @Test
    void aServiceMayBeUnknown() {
        GrpcProbing probing = probing(endpoint(), "other");
        assertThat(probing.ask(PATIENCE))
                .isEqualTo(new Outcome.Failed("the server does not know the service"));
        probing.close();
    }

    @Test
    void aServerOfHttp1IsNotWell() {
        try (TestServer other =
                TestServer.start(
                        socket -> {
                            socket.getInputStream().readNBytes(24);
                            socket.getOutputStream()
                                    .write(
                                            "HTTP/1.1 400 Bad\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                            socket.getInputStream().readAllBytes();
                        })) {
            GrpcProbing probing = probing(other.endpoint(), "");
            assertThat(probing.ask(PATIENCE))
                    .isEqualTo(new Outcome.Failed("the server speaks no HTTP/2"));
            probing.close();
        }
    }

    @Test
    void aServerThatWasRestartedIsAskedOnANewConnection() throws Exception {
        try (TestServer relay = relay();
                GrpcProbing probing = probing(relay.endpoint(), "")) {
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
            stop();
            server.awaitTermination();
            assertThat(probing.ask(PATIENCE)).isInstanceOf(Outcome.Failed.class);
            start();
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
            // In between two checks, it is no failure.
            stop();
            server.awaitTermination();
            start();
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
        }
    }
}
