package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Pool.Protocol;
import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client and a server of gRPC's own Java library, which has an HTTP/2 of its own, and us. */
class GrpcTest {
    private static final MethodDescriptor.Marshaller<String> TEXT =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(String value) {
                    return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public String parse(InputStream stream) {
                    try {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private static final MethodDescriptor<String, String> ONE = method("one", MethodType.UNARY);
    private static final MethodDescriptor<String, String> HANG = method("hang", MethodType.UNARY);
    private static final MethodDescriptor<String, String> COUNT =
            method("count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> JOIN =
            method("join", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> TALK =
            method("talk", MethodType.BIDI_STREAMING);

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .build();
    }

    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Server server;
    private Proxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server =
                OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                        .addService(service())
                        .build()
                        .start();
        Proxy.Setup setup = Proxy.to(server.getPort());
        setup.protocol = Protocol.H2C;
        proxy = setup.start();
        channel = OkHttpChannelBuilder.forAddress("127.0.0.1", proxy.port).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        proxy.close();
        server.shutdownNow();
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(ONE, ServerCalls.asyncUnaryCall(GrpcTest::one))
                .addMethod(HANG, ServerCalls.asyncUnaryCall((_, out) -> hang(out)))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcTest::count))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(GrpcTest::join))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(GrpcTest::talk))
                .build();
    }

    private static void one(String said, StreamObserver<String> out) {
        if (said.isEmpty()) {
            out.onError(Status.NOT_FOUND.withDescription("nothing said").asRuntimeException());
        } else {
            out.onNext("echo " + said);
            out.onCompleted();
        }
    }

    private void hang(StreamObserver<String> out) {
        ((ServerCallStreamObserver<String>) out).setOnCancelHandler(cancelled::countDown);
        hangs.countDown();
    }

    private static void count(String to, StreamObserver<String> out) {
        for (int i = 0; i < Integer.parseInt(to); i++) {
            out.onNext(i + "x".repeat(1000));
        }
        out.onCompleted();
    }

    private static StreamObserver<String> join(StreamObserver<String> out) {
        StringBuilder all = new StringBuilder();
        return new Heard(
                all::append,
                () -> {
                    out.onNext(all.toString());
                    out.onCompleted();
                });
    }

    private static StreamObserver<String> talk(StreamObserver<String> out) {
        return new Heard(
                said -> {
                    if (said.equals("enough")) {
                        out.onError(Status.ABORTED.asRuntimeException());
                    } else {
                        out.onNext("echo " + said);
                    }
                },
                out::onCompleted);
    }

    /** What comes on one side of a call. */
    private record Heard(java.util.function.Consumer<String> each, Runnable end)
            implements StreamObserver<String> {
        @Override
        public void onNext(String value) {
            each.accept(value);
        }

        @Override
        public void onError(Throwable failure) {
            // The test looks at what the other side saw.
        }

        @Override
        public void onCompleted() {
            end.run();
        }
    }

    /** What the client hears, and how it ends. */
    private static final class Answers implements StreamObserver<String> {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(String value) {
            heard.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        String next() throws InterruptedException {
            String next = heard.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        Status.Code code() throws Exception {
            return end.get(10, TimeUnit.SECONDS).getCode();
        }
    }

    private String ask(MethodDescriptor<String, String> method, String said) {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, said);
    }

    @Test
    void oneAnswer() {
        assertThat(ask(ONE, "hello")).isEqualTo("echo hello");
        assertThat(ask(ONE, "x".repeat(1 << 20))).hasSize((1 << 20) + 5);
    }

    @Test
    void anAnswerOfTrailersAlone() {
        assertThatThrownBy(() -> ask(ONE, ""))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("NOT_FOUND: nothing said");
    }

    @Test
    void aStreamFromTheServer() {
        Iterator<String> answers =
                ClientCalls.blockingServerStreamingCall(
                        channel, COUNT, CallOptions.DEFAULT, "2000");
        List<String> numbers = new ArrayList<>();
        answers.forEachRemaining(answer -> numbers.add(answer.replace("x", "")));

        assertThat(numbers).hasSize(2000).endsWith("1998", "1999");
    }

    @Test
    void aStreamFromTheClient() throws Exception {
        Answers answers = new Answers();
        StreamObserver<String> say =
                ClientCalls.asyncClientStreamingCall(
                        channel.newCall(JOIN, CallOptions.DEFAULT), answers);
        for (int i = 0; i < 100; i++) {
            say.onNext(i + " ");
        }
        say.onCompleted();

        assertThat(answers.next()).startsWith("0 1 2 ").endsWith(" 98 99 ");
        assertThat(answers.code()).isEqualTo(Status.Code.OK);
    }

    @Test
    void bothWaysAtOnce() throws Exception {
        Answers answers = new Answers();
        StreamObserver<String> say =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(TALK, CallOptions.DEFAULT), answers);
        for (String word : List.of("one", "two", "three")) {
            say.onNext(word);
            assertThat(answers.next()).isEqualTo("echo " + word);
        }
        say.onCompleted();

        assertThat(answers.code()).isEqualTo(Status.Code.OK);
    }

    @Test
    void aServerThatEndsBeforeItsClient() throws Exception {
        Answers answers = new Answers();
        StreamObserver<String> say =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(TALK, CallOptions.DEFAULT), answers);
        say.onNext("enough");

        assertThat(answers.code()).isEqualTo(Status.Code.ABORTED);
        assertThat(ask(ONE, "on")).isEqualTo("echo on");
    }

    @Test
    void aCancelledCallIsCancelledAtTheServer() throws Exception {
        var call = channel.newCall(HANG, CallOptions.DEFAULT);
        ClientCalls.asyncUnaryCall(call, "x", new Answers());
        assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
        call.cancel("changed my mind", null);

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ask(ONE, "on")).isEqualTo("echo on");
    }

    @Test
    void aDeadlinePassesThrough() throws Exception {
        assertThatThrownBy(
                        () ->
                                ClientCalls.blockingUnaryCall(
                                        channel,
                                        HANG,
                                        CallOptions.DEFAULT.withDeadlineAfter(
                                                300, TimeUnit.MILLISECONDS),
                                        "x"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatWeAnswerOurselvesHasAStatusOfGrpc() {
        server.shutdownNow();

        assertThatThrownBy(() -> ask(ONE, "x"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNAVAILABLE: 502 server-refused");
    }
}
