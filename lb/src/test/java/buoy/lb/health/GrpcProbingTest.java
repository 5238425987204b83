package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.TestServer;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        MethodDescriptor<byte[], byte[]> check =
                MethodDescriptor.newBuilder(OCTETS, OCTETS)
                        .setType(MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/Check")
                        .build();
        server =
                OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
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

    private static GrpcProbing probing(Endpoint endpoint, String service) {
        return new GrpcProbing(
                new Probe.Grpc(service),
                new Door(
                        new ServerAddress.Fixed(endpoint),
                        endpoint,
                        Optional::empty,
                        Optional::empty,
                        () -> Protocol.H2C,
                        Optional::empty));
    }

    private Endpoint endpoint() {
        return new Endpoint(InetAddress.getLoopbackAddress(), server.getPort());
    }

    @Test
    void whatServesIsWellAgainAndAgain() {
        GrpcProbing probing = probing(endpoint(), "shop.Orders");
        for (int i = 0; i < 3; i++) {
            assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
        }
        answer = new byte[] {8, 2};
        assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Failed("NOT_SERVING"));
        answer = new byte[0];
        assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Failed("UNKNOWN"));
        probing.close();
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
        GrpcProbing probing = probing(endpoint(), "");
        assertThat(probing.ask(PATIENCE)).isEqualTo(new Outcome.Passed("SERVING"));
        stop();
        assertThat(probing.ask(PATIENCE)).isInstanceOf(Outcome.Failed.class);
        probing.close();
    }
}
