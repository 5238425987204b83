package buoy.lb.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection that speaks HTTP/2 (RFC 9113) is, whichever side we are: frames are Netty's
 * business, and each stream has one of ours.
 *
 * @param <S> what a stream is here
 */
abstract class StreamsHandler<S extends StreamsHandler.Carried> extends Http2ConnectionHandler {
    /** So many small fragments of one block of fields; more are a flood. */
    private static final int SMALL_CONTINUATIONS = 16;

    final Workshop shop;
    final DuplexChannel channel;

    private final Http2Connection.PropertyKey key;
    private final Runnable flush = this::flushNow;
    private boolean flushes;

    /** Streams that something came for with the present batch of reads. */
    private final List<S> fed = new ArrayList<>();

    private @Nullable ChannelHandlerContext context;

    /** An exchange on a stream. */
    interface Carried {
        /** A batch of reads is over in which something came. */
        void batchRead();

        /** The peer takes more of it, or less. */
        void writabilityChanged();
    }

    StreamsHandler(
            Workshop shop,
            DuplexChannel channel,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(decoder, encoder, settings, true);
        this.shop = shop;
        this.channel = channel;
        this.key = connection().newKey();
        connection().remote().flowController().listener(this::writabilityChanged);
    }

    /** Hands fields on one by one, as they are decoded. */
    static Http2FrameReader reader(ReadFields<?> read, long listSize) {
        return new DefaultHttp2FrameReader(
                new DefaultHttp2HeadersDecoder(false, listSize) {
                    @Override
                    protected Http2Headers newHeaders() {
                        read.text().begin();
                        return read;
                    }
                },
                SMALL_CONTINUATIONS);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
    }

    /** Behind all that was written. */
    @Override
    public void close(ChannelHandlerContext from, ChannelPromise promise) throws Exception {
        flushNow();
        super.close(from, promise);
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return added;
    }

    // ---- streams ----

    final @Nullable S at(int id) {
        Http2Stream stream = connection().stream(id);
        return stream == null ? null : of(stream);
    }

    final @Nullable S of(Http2Stream stream) {
        return stream.getProperty(key);
    }

    final void put(Http2Stream stream, S carried) {
        stream.setProperty(key, carried);
    }

    final @Nullable S take(Http2Stream stream) {
        return stream.removeProperty(key);
    }

    /** Something came for it. */
    final void feed(S stream) {
        if (fed.isEmpty() || fed.getLast() != stream) {
            fed.add(stream);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) throws Exception {
        // By index: what they do may not feed others, but is not ours to know.
        try {
            for (int i = 0; i < fed.size(); i++) {
                fed.get(i).batchRead();
            }
        } finally {
            fed.clear();
        }
        super.channelReadComplete(from);
    }

    private void writabilityChanged(Http2Stream stream) {
        S known = of(stream);
        if (known != null) {
            known.writabilityChanged();
        }
    }

    final void each(Consumer<S> action) {
        List<S> present = new ArrayList<>();
        try {
            connection()
                    .forEachActiveStream(
                            stream -> {
                                S known = of(stream);
                                if (known != null) {
                                    present.add(known);
                                }
                                return true;
                            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("the visitor throws nothing", e);
        }
        // A copy: streams that end leave meanwhile.
        present.forEach(action);
    }

    // ---- what streams ask ----

    /**
     * Sends what was written, with all that other streams write in this turn of the worker's loop:
     * a response each from many servers is one write.
     */
    final void flush() {
        if (!flushes) {
            flushes = true;
            channel.eventLoop().execute(flush);
        }
    }

    final void flushNow() {
        flushes = false;
        if (channel.isActive()) {
            flush(context());
        }
    }

    /** The peer may send so much more on the stream. */
    final void consume(Http2Stream stream, int bytes) {
        try {
            var _ = connection().local().flowController().consumeBytes(stream, bytes);
        } catch (Http2Exception e) {
            throw new IllegalStateException("more consumed than came", e);
        }
    }
}
