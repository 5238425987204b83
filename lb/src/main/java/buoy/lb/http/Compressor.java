package buoy.lb.http;

import buoy.lb.http.head.TrailerSection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * One response's content as gzip (RFC 1952), in the pieces of a chunked body or as they are. Holds
 * one piece back until it is full or {@link #flush}ed. Used again for other responses.
 */
final class Compressor {
    /**
     * A list of 630 kB in JSON becomes 23, 19, 16 and 16 % of it with levels 1, 3, 6 and 9, in 19,
     * 26, 78 and 149 ms of one core.
     */
    private static final int LEVEL = 3;

    private static final int PIECE = 8 * 1024;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = {'0', '\r', '\n'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Four hexadecimal digits and CRLF (RFC 9112 7.1). */
    private static final int SIZE_LINE = 6;

    private final ByteBufAllocator allocator;
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 check = new CRC32();
    private long size;
    private boolean chunked;
    private boolean unflushed;
    private Consumer<ByteBuf> to = ByteBuf::release;
    private @Nullable ByteBuf piece;

    Compressor(ByteBufAllocator allocator) {
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
        piece().writeBytes(HEADER);
    }

    void content(BodyReader body, ByteBuf in) {
        for (int run = 0; run < body.runs(); run++) {
            int from = body.runStart(run);
            ByteBuffer bytes = in.nioBuffer(from, body.runEnd(run) - from);
            size += bytes.remaining();
            check.update(bytes.duplicate());
            deflater.setInput(bytes);
            while (!deflater.needsInput()) {
                deflate(Deflater.NO_FLUSH);
            }
            unflushed = true;
        }
    }

    /** Lets the client have all that has come. */
    void flush() {
        if (!unflushed) {
            return;
        }
        unflushed = false;
        while (!deflate(Deflater.SYNC_FLUSH)) {}
        send();
    }

    /**
     * The content is complete.
     *
     * @param trailers behind the chunks, if there are any
     */
    void end(@Nullable TrailerSection trailers) {
        deflater.finish();
        while (!deflater.finished()) {
            deflate(Deflater.NO_FLUSH);
        }
        if (piece().writableBytes() < 8 + CRLF.length) {
            send();
        }
        piece().writeIntLE((int) check.getValue()).writeIntLE((int) size);
        send();
        if (chunked) {
            to.accept(Unpooled.wrappedBuffer(LAST, trailers == null ? CRLF : trailers.rewritten()));
        }
    }

    /** False if the piece is full: there may be more. */
    private boolean deflate(int flush) {
        ByteBuf into = piece();
        int room = into.writableBytes() - CRLF.length;
        int n = deflater.deflate(into.nioBuffer(into.writerIndex(), room), flush);
        into.writerIndex(into.writerIndex() + n);
        if (n == room) {
            send();
        }
        return n < room;
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
        deflater.reset();
        check.reset();
        size = 0;
        unflushed = false;
    }

    /** Gives its memory back. It is not used again. */
    void discard() {
        clear();
        deflater.end();
    }
}
