package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames (RFC 9113 4.1), those of many streams in one piece: a buffer, a promise and a way
 * through the pipeline for each head and each piece of content cost more than their octets. What is
 * gathered goes on before any frame that is not, and with {@link #pour}.
 *
 * <p>Content, and what ends a stream, is told to be written when it is: until then the stream is
 * one of those that a peer may have, and a peer that reads nothing gets no more of them. Frames
 * that a peer can call for without reading (answers to SETTINGS and PING, resets) are never
 * gathered, so that those which are not sent yet are counted.
 */
final class GatheredFrames extends DefaultHttp2FrameWriter {
    /** What fits one TLS record (RFC 8446 5.1). */
    private static final int ROOM = 16 * 1024;

    /** More content than this is not copied. */
    private static final int SMALL = 2048;

    /** What is begun with: a peer that reads slowly is not to cost a whole one for each head. */
    private static final int FIRST = 512;

    private static final int HEADER = 9;
    private static final short NOTHING = 0;
    private static final short END_STREAM = 0x1;
    private static final short END_HEADERS = 0x4;

    private final WrittenFields.Encoder fields;
    private @Nullable ByteBuf gathered;

    /** Of what is gathered. */
    private List<ChannelPromise> promises = new ArrayList<>();

    GatheredFrames() {
        this(new WrittenFields.Encoder());
    }

    private GatheredFrames(WrittenFields.Encoder fields) {
        super(fields);
        this.fields = fields;
    }

    /** Sends what was gathered on its way, behind which others may be written. */
    void pour(ChannelHandlerContext to) {
        ByteBuf poured = gathered;
        if (poured != null) {
            gathered = null;
            ChannelFuture written = to.write(poured);
            if (!promises.isEmpty()) {
                List<ChannelPromise> told = promises;
                promises = new ArrayList<>();
                written.addListener(done -> tell(told, done.cause()));
            }
        }
    }

    private static void tell(List<ChannelPromise> promises, @Nullable Throwable failure) {
        for (ChannelPromise each : promises) {
            if (failure == null) {
                each.trySuccess();
            } else {
                each.tryFailure(failure);
            }
        }
    }

    /** Whatever is gathered is of no use any more. */
    @Override
    public void close() {
        ByteBuf forgotten = gathered;
        if (forgotten != null) {
            gathered = null;
            forgotten.release();
            List<ChannelPromise> told = promises;
            promises = new ArrayList<>();
            tell(told, new ClosedChannelException());
        }
        super.close();
    }

    // ---- gathered ----

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int stream,
            Http2Headers headers,
            int padding,
            boolean ends,
            ChannelPromise promise) {
        int most = fields.most(headers);
        if (padding > 0 || most > Math.min(maxFrameSize(), ROOM - HEADER) || !isOpen(to)) {
            pour(to);
            return super.writeHeaders(to, stream, headers, padding, ends, promise);
        }
        ByteBuf out = room(to, HEADER + most, ROOM);
        int start = out.writerIndex();
        boolean whole = false;
        try {
            out.writerIndex(start + HEADER);
            fields.encodeHeaders(stream, headers, out);
            int end = out.writerIndex();
            out.writerIndex(start);
            header(
                    out,
                    end - start - HEADER,
                    Http2FrameTypes.HEADERS,
                    ends ? END_HEADERS | END_STREAM : END_HEADERS,
                    stream);
            out.writerIndex(end);
            whole = true;
        } finally {
            if (!whole) {
                out.writerIndex(start);
            }
        }
        // The stream lives on behind a head that does not end it.
        return ends ? later(promise) : promise.setSuccess();
    }

    private ChannelPromise later(ChannelPromise promise) {
        promises.add(promise);
        return promise;
    }

    /**
     * Content that the windows have room for, of a stream none of which waits.
     *
     * @param data no more than fits a frame; taken over
     */
    void content(
            ChannelHandlerContext to,
            int stream,
            ByteBuf data,
            boolean ends,
            ChannelPromise promise) {
        int n = data.readableBytes();
        boolean small = n <= SMALL;
        boolean whole = false;
        try {
            ByteBuf out = small ? room(to, HEADER + n, ROOM) : room(to, HEADER, HEADER);
            if (small) {
                // First: no header is to stand there without it.
                out.setBytes(out.writerIndex() + HEADER, data, data.readerIndex(), n);
            }
            header(out, n, Http2FrameTypes.DATA, ends ? END_STREAM : NOTHING, stream);
            out.writerIndex(out.writerIndex() + (small ? n : 0));
            whole = true;
        } finally {
            if (small || !whole) {
                data.release();
            }
        }
        if (small) {
            promises.add(promise);
        } else {
            pour(to);
            var _ = to.write(data, promise);
        }
    }

    /** Else frames fail as those do that nobody gathers. */
    static boolean isOpen(ChannelHandlerContext to) {
        return to.channel().isActive();
    }

    private ByteBuf room(ChannelHandlerContext to, int n, int size) {
        ByteBuf out = gathered;
        if (out != null && out.maxWritableBytes() < n) {
            pour(to);
            out = null;
        }
        if (out == null) {
            out = to.alloc().directBuffer(Math.min(Math.max(n, FIRST), size), size);
            gathered = out;
        }
        return out.ensureWritable(n);
    }

    private static void header(ByteBuf out, int length, byte type, int flags, int stream) {
        out.writeMedium(length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
    }

    // ---- all others, in their place ----

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext to,
            int stream,
            ByteBuf data,
            int padding,
            boolean ends,
            ChannelPromise promise) {
        pour(to);
        return super.writeData(to, stream, data, padding, ends, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext to,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean ends,
            ChannelPromise promise) {
        pour(to);
        return super.writeHeaders(
                to, stream, headers, dependency, weight, exclusive, padding, ends, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext to,
            int stream,
            int dependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        pour(to);
        return super.writePriority(to, stream, dependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext to, int stream, long code, ChannelPromise promise) {
        pour(to);
        return super.writeRstStream(to, stream, code, promise);
    }

    @Override
    public ChannelFuture writeSettings(
            ChannelHandlerContext to, Http2Settings settings, ChannelPromise promise) {
        pour(to);
        return super.writeSettings(to, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext to, ChannelPromise promise) {
        pour(to);
        return super.writeSettingsAck(to, promise);
    }

    @Override
    public ChannelFuture writePing(
            ChannelHandlerContext to, boolean answers, long data, ChannelPromise promise) {
        pour(to);
        return super.writePing(to, answers, data, promise);
    }

    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext to,
            int stream,
            int promised,
            Http2Headers headers,
            int padding,
            ChannelPromise promise) {
        pour(to);
        return super.writePushPromise(to, stream, promised, headers, padding, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext to,
            int last,
            long code,
            ByteBuf debugData,
            ChannelPromise promise) {
        pour(to);
        return super.writeGoAway(to, last, code, debugData, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext to, int stream, int increment, ChannelPromise promise) {
        pour(to);
        return super.writeWindowUpdate(to, stream, increment, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext to,
            byte type,
            int stream,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        pour(to);
        return super.writeFrame(to, type, stream, flags, payload, promise);
    }
}
