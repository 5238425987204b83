package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.jspecify.annotations.Nullable;

/**
 * Content for which there is room goes its way at once; what has to wait for a window (RFC 9113
 * 5.2) is queued with Netty's flow controller.
 */
class StreamsEncoder extends DefaultHttp2ConnectionEncoder {
    private final GatheredFrames frames;
    private @Nullable Http2LifecycleManager life;

    StreamsEncoder(Http2Connection connection, GatheredFrames frames) {
        connection.remote().flowController(new Flow(connection, frames));
        super(connection, frames);
        this.frames = frames;
    }

    /**
     * RFC 9113 5.3.2: priorities are deprecated, and their tree has a price for each stream. Every
     * flush begins with what the windows have room for, and ends what was gathered.
     */
    private static final class Flow extends DefaultHttp2RemoteFlowController {
        private final GatheredFrames frames;

        Flow(Http2Connection connection, GatheredFrames frames) {
            super(connection, new UniformStreamByteDistributor(connection));
            this.frames = frames;
        }

        @Override
        public void writePendingBytes() throws Http2Exception {
            super.writePendingBytes();
            frames.pour(channelHandlerContext());
        }
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        life = manager;
        super.lifecycleManager(manager);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext to,
            int id,
            ByteBuf data,
            int padding,
            boolean ends,
            ChannelPromise promise) {
        Http2Stream stream = connection().stream(id);
        Http2LifecycleManager ending = life;
        int n = data.readableBytes();
        if (padding > 0 || ending == null || stream == null || !takesAtOnce(to, stream, n)) {
            return super.writeData(to, id, data, padding, ends, promise);
        }
        try {
            frames.content(to, id, data, ends, promise);
            // Behind the content: whoever hears of a full window may not come before it.
            Http2RemoteFlowController flow = flowController();
            flow.incrementWindowSize(connection().connectionStream(), -n);
            flow.incrementWindowSize(stream, -n);
        } catch (Http2Exception | RuntimeException | OutOfMemoryError e) {
            ending.onError(to, true, e);
            promise.tryFailure(e);
            return promise;
        }
        if (ends) {
            ending.closeStreamLocal(stream, promise);
        }
        return promise;
    }

    private boolean takesAtOnce(ChannelHandlerContext to, Http2Stream stream, int n) {
        boolean open =
                switch (stream.state()) {
                    case OPEN, HALF_CLOSED_REMOTE -> true;
                    default -> false;
                };
        Http2RemoteFlowController flow = flowController();
        return open
                && GatheredFrames.isOpen(to)
                && n <= frames.maxFrameSize()
                && !flow.hasFlowControlled(stream)
                && flow.isWritable(stream)
                && flow.windowSize(stream) >= n
                && flow.windowSize(connection().connectionStream()) >= n;
    }
}
