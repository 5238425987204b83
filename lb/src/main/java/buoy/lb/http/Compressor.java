package buoy.lb.http;

import buoy.lb.http.coding.Coder;
import buoy.lb.http.coding.Coder.Step;
import buoy.lb.http.head.Coding.Choice;
import buoy.lb.http.head.TrailerSection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One response's content with a coding, in the pieces of a chunked body or as they are. Holds one
 * piece back until it is full or {@link #flush}ed. Used again for other responses.
 */
final class Compressor {
    private static final int PIECE = 8 * 1024;

    /** What a coder wants of a buffer. */
    private static final int LEAST_ROOM = 100;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = {'0', '\r', '\n'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Four hexadecimal digits and CRLF (RFC 9112 7.1). */
    private static final int SIZE_LINE = 6;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The coding. */
    final Choice choice;

    private final ByteBufAllocator allocator;
    private final Coder coder;
    private boolean chunked;
    private boolean unflushed;
    private Consumer<ByteBuf> to = ByteBuf::release;
    private @Nullable ByteBuf piece;

    Compressor(Choice choice, Coder coder, ByteBufAllocator allocator) {
        this.choice = choice;
        this.coder = coder;
        this.allocator = allocator;
    }

    /**
     * For another response.
     *
     * @param inChunks whether pieces get the framing of chunks
     * @param out takes them over
     */
    void begin(boolean inChunks, Consumer<ByteBuf> out) {
        chunked = inChunks;
        to = out;
    }

    void content(BodyReader body, ByteBuf in) {
        for (int run = 0; run < body.runs(); run++) {
            int from = body.runStart(run);
            code(in.nioBuffer(from, body.runEnd(run) - from), Step.MORE);
            unflushed = true;
        }
    }

    /** Lets the client have all that has come. */
    void flush() {
        if (!unflushed) {
            return;
        }
        unflushed = false;
        code(NOTHING, Step.FLUSH);
        send();
    }

    /**
     * The content is complete.
     *
     * @param trailers behind the chunks, if there are any
     */
    void end(@Nullable TrailerSection trailers) {
        code(NOTHING, Step.END);
        send();
        if (chunked) {
            to.accept(Unpooled.wrappedBuffer(LAST, trailers == null ? CRLF : trailers.rewritten()));
        }
    }

    private void code(ByteBuffer bytes, Step step) {
        boolean done = false;
        while (!done) {
            ByteBuf into = piece();
            int room = into.writableBytes() - CRLF.length;
            ByteBuffer out = into.nioBuffer(into.writerIndex(), room);
            done = coder.code(bytes, out, step);
            into.writerIndex(into.writerIndex() + room - out.remaining());
            if (!done || out.remaining() < LEAST_ROOM) {
                send();
            }
        }
    }

    private ByteBuf piece() {
        ByteBuf open = piece;
        if (open == null) {
            open = allocator.directBuffer(PIECE, PIECE).writeZero(SIZE_LINE);
            piece = open;
        }
        return open;
    }

    private void send() {
        ByteBuf full = piece;
        if (full == null) {
            return;
        }
        piece = null;
        int n = full.readableBytes() - SIZE_LINE;
        if (n == 0) {
            full.release();
        } else if (chunked) {
            for (int digit = 0; digit < 4; digit++) {
                full.setByte(digit, HEX[(n >> (12 - 4 * digit)) & 15]);
            }
            full.setBytes(4, CRLF);
            to.accept(full.writeBytes(CRLF));
        } else {
            to.accept(full.skipBytes(SIZE_LINE));
        }
    }

    /** Forgets the response, whether it was complete or not. */
    void clear() {
        Runs.release(piece);
        piece = null;
        to = ByteBuf::release;
        coder.reset();
        unflushed = false;
    }

    /** Gives its memory back. It is not used again. */
    void discard() {
        clear();
        coder.close();
    }
}
