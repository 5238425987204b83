package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.LongSupplier;

/**
 * Refuses fields on streams that can have none any more (RFC 9113 5.1 and 5.1.1), where Netty's
 * decoder is content to reset the one stream: a peer that does that has lost count. And more frames
 * beside requests than a client has a use for.
 */
final class OrderedFrames implements Http2FrameReader {
    /** How many of the last streams are told from those that never were. */
    private static final int REMEMBERED = 256;

    private final Http2FrameReader reader;
    private final Http2Connection connection;

    /** By stream number: the identifier that was there last, negative if we reset it. */
    private final int[] last = new int[REMEMBERED];

    private final FrameBudget budget;
    private final LongSupplier clock;
    private final FieldBlocks blocks;

    /** Of what the reader left for the next time: seen already. */
    private int ahead;

    /**
     * @param clock as {@link System#nanoTime}
     */
    OrderedFrames(
            Http2FrameReader reader,
            Http2Connection connection,
            FrameBudget budget,
            LongSupplier clock) {
        this.reader = reader;
        this.connection = connection;
        this.budget = budget;
        this.clock = clock;
        this.blocks = new FieldBlocks(budget);
    }

    /** What the peer sent before it learns of this is no mistake. */
    void resetByUs(int id) {
        last[slot(id)] = -id;
    }

    boolean wasResetByUs(int id) {
        return last[slot(id)] == -id;
    }

    private static int slot(int id) {
        return id >>> 1 & REMEMBERED - 1;
    }

    private void judge(int id) throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        if (stream == null && !connection.streamMayHaveExisted(id)) {
            last[slot(id)] = id;
        } else if (stream == null) {
            int known = last[slot(id)];
            if (known == id) {
                throw Http2Exception.connectionError(
                        Http2Error.STREAM_CLOSED, "fields on the closed stream %d", id);
            } else if (known != -id) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "stream %d begins after a later one", id);
            }
        } else if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
            throw Http2Exception.streamError(
                    id, Http2Error.STREAM_CLOSED, "fields after the end of stream %d", id);
        }
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf input, Http2FrameListener told)
            throws Http2Exception {
        if (budget.isSpent()) {
            // Said already: it is on its way to be closed.
            input.skipBytes(input.readableBytes());
            return;
        }
        budget.at(clock.getAsLong());
        blocks.see(input, input.readerIndex() + ahead, input.writerIndex());
        if (budget.isSpent()) {
            input.skipBytes(input.readableBytes());
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "too many frames beside requests");
        }
        try {
            reader.readFrame(context, input, judged(told));
        } finally {
            // An error of one stream, which the connection outlives, has its frame behind it too.
            ahead = input.readableBytes();
        }
    }

    /** Which block of fields is under way; 0 if none is. */
    int openBlock() {
        return blocks.open();
    }

    private Judged judged = new Judged(new io.netty.handler.codec.http2.Http2FrameAdapter());

    private Http2FrameListener judged(Http2FrameListener told) {
        if (judged.told != told) {
            judged = new Judged(told);
        }
        return judged;
    }

    private final class Judged extends Http2FrameListenerDecorator {
        private final Http2FrameListener told;

        Judged(Http2FrameListener told) {
            super(told);
            this.told = told;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int padding,
                boolean ends)
                throws Http2Exception {
            judge(id);
            super.onHeadersRead(context, id, headers, padding, ends);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean ends)
                throws Http2Exception {
            judge(id);
            super.onHeadersRead(context, id, headers, dependency, weight, exclusive, padding, ends);
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }
}
