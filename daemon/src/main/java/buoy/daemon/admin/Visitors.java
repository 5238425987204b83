package buoy.daemon.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Sets up each connection of a door, and turns away what is too many. */
final class Visitors extends ChannelInitializer<Channel> {
    private static final int AT_ONCE = 64;

    /** Those who listen must leave room for those who ask. */
    static final int STREAMS_AT_ONCE = 32;

    private static final int LONGEST_BODY = 64 * 1024;
    private static final int WRITE_SECONDS = 10;

    private final Handler handler;
    private final Predicate<String> hosts;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();

    Visitors(Handler handler, Predicate<String> hosts) {
        this.handler = handler;
        this.hosts = hosts;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (inside.incrementAndGet() > AT_ONCE) {
            inside.decrementAndGet();
            var _ = channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> inside.decrementAndGet());
        channel.pipeline()
                .addLast(
                        new WriteTimeoutHandler(WRITE_SECONDS),
                        new HttpServerCodec(),
                        new HttpServerKeepAliveHandler(),
                        new Whole(),
                        // Holds back what was decoded while Visit has reading switched off.
                        new FlowControlHandler(),
                        new Visit(handler, hosts, streams));
    }

    /** A request with its body, or 413 and the end: nothing here wants to hear that much. */
    private static final class Whole extends HttpObjectAggregator {
        Whole() {
            super(LONGEST_BODY);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
            FullHttpResponse refusal =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            refusal.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, 0)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            var _ = ctx.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
