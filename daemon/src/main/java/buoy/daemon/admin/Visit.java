package buoy.daemon.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection: request, answer, request, answer. A request has {@value #REQUEST_SECONDS} seconds
 * to arrive whole, counted from the previous answer, so that dripping bytes buys no time.
 */
final class Visit extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int REQUEST_SECONDS = 30;

    private final Handler handler;
    private final Predicate<String> hosts;
    private final AtomicInteger streams;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable Sending sending;
    private @Nullable Streaming streaming;

    /**
     * One visit.
     *
     * @param streams how many visitors of the door listen to an answer that goes on
     */
    Visit(Handler handler, Predicate<String> hosts, AtomicInteger streams) {
        this.streams = streams;
        this.handler = handler;
        this.hosts = hosts;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        next(ctx);
    }

    private void next(ChannelHandlerContext ctx) {
        sending = null; // It refers to the whole answer, which counts as given back.
        deadline = ctx.executor().schedule(() -> hangUp(ctx), REQUEST_SECONDS, TimeUnit.SECONDS);
        // One request at a time: the next is looked at when this answer is out.
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        arrived();
        if (sending != null) {
            sending.end();
        }
        if (streaming != null) {
            streaming.end();
            streams.decrementAndGet();
            streaming = null;
        }
    }

    private void arrived() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (streaming != null) {
            hangUp(ctx); // nothing can be answered behind an answer without an end
            return;
        }
        arrived();
        ctx.channel().config().setAutoRead(false);
        boolean head = message.method().equals(HttpMethod.HEAD);
        if (message.decoderResult().isFailure()) {
            send(ctx, Answer.text(400, "400 this is not HTTP\n"), head, true);
            return;
        }
        String host = Objects.requireNonNullElse(message.headers().get(HttpHeaderNames.HOST), "");
        if (!handler.asksWho() && !hosts.test(host)) {
            send(ctx, Answer.text(421, "421 use an address, or localhost\n"), head, false);
            return;
        }
        handler.answer(request(ctx, message))
                .whenComplete(
                        (answer, failure) ->
                                ctx.executor()
                                        .execute(
                                                () ->
                                                        send(
                                                                ctx,
                                                                failure == null
                                                                        ? answer
                                                                        : broken(failure),
                                                                head,
                                                                false)));
    }

    private static Request request(ChannelHandlerContext ctx, FullHttpRequest message) {
        String uri = message.uri();
        Map<String, String> headers = new HashMap<>();
        message.headers()
                .forEach(
                        field ->
                                headers.putIfAbsent(
                                        field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
        return new Request(
                message.method().name(),
                Request.path(uri),
                Request.query(uri),
                headers,
                message.content().toString(StandardCharsets.UTF_8),
                ctx.channel().remoteAddress() instanceof InetSocketAddress client
                        ? Optional.of(client.getAddress())
                        : Optional.empty(),
                Optional.empty());
    }

    private static Answer broken(Throwable failure) {
        return Answer.text(500, "500 this is a bug in buoy, please report it: " + failure + "\n");
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (sending != null) {
            sending.pump();
        }
        if (streaming != null) {
            streaming.pump();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void stream(ChannelHandlerContext ctx, Answer answer, Feed feed) {
        if (!ctx.channel().isActive()) {
            return;
        }
        if (streams.incrementAndGet() > Visitors.STREAMS_AT_ONCE) {
            streams.decrementAndGet();
            send(ctx, Answer.text(503, "503 too many listen already\n"), false, true);
            return;
        }
        // Who takes nothing for long is found out by Streaming, which is more patient.
        ctx.pipeline().remove(WriteTimeoutHandler.class);
        ctx.channel().config().setAutoRead(true); // to hear that the client has gone
        Streaming begun = new Streaming(ctx, feed);
        streaming = begun;
        begun.begin(answer);
    }

    /** The fields that every answer has, and its own. */
    static void introduce(HttpResponse response, Answer answer) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
    }

    private void send(ChannelHandlerContext ctx, Answer answer, boolean head, boolean last) {
        if (answer.feed().isPresent() && !head) {
            stream(ctx, answer, answer.feed().get());
            return;
        }
        if (!ctx.channel().isActive()) {
            answer.sent().run();
            return;
        }
        Answer whole = answer.inBytes();
        HttpResponse response =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(whole.status()));
        introduce(response, whole);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, whole.length());
        if (last) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        Sending begun =
                new Sending(ctx, head ? List.of() : whole.more(), whole.sent(), () -> next(ctx));
        sending = begun;
        begun.begin(response);
    }

    /** Resets, write time-outs and oversized requests end this connection and nothing else. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        hangUp(ctx);
    }

    private static void hangUp(ChannelHandlerContext ctx) {
        var _ = ctx.close();
    }
}
