package buoy.lb.http;

import buoy.lb.http.head.ChunkReader;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.TrailerSection;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds which bytes of a buffer belong to a message's body and are sent on: <em>runs</em> of the
 * buffer, nearly always one, and after a trailer section some bytes made anew. One for each side of
 * a connection, reused.
 */
final class BodyReader {
    private static final byte[] NOTHING = {};

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        /** The sender's end of file ends it. */
        UNTIL_CLOSE
    }

    private Framing framing = Framing.NONE;
    private boolean complete = true;

    /** Whether only the data is sent on, not the framing: chunked towards an HTTP/1.0 client. */
    private boolean dataOnly;

    private long left;

    /** How much more data may come. */
    private long allowed;

    private @Nullable ChunkReader chunks;
    private @Nullable TrailerSection trailers;
    private Refusal refusal = Refusal.NONE;

    /** Where each begins and ends. */
    private int[] runs = new int[2];

    private int runCount;
    private byte[] tail = NOTHING;

    void none() {
        begin(Framing.NONE);
        complete = true;
    }

    void length(long bytes) {
        begin(Framing.LENGTH);
        left = bytes;
        complete = bytes == 0;
    }

    void chunked(boolean onlyData) {
        begin(Framing.CHUNKED);
        dataOnly = onlyData;
        if (chunks == null) {
            chunks = new ChunkReader();
        } else {
            chunks.clear();
        }
        trailers = null;
    }

    /** Refuses data beyond so many bytes; of a known length, all of it. */
    void atMost(long bytes) {
        allowed = bytes;
        if (framing == Framing.LENGTH && left > bytes) {
            refusal = Refusal.BODY_TOO_LARGE;
        }
    }

    void untilClose() {
        begin(Framing.UNTIL_CLOSE);
    }

    private void begin(Framing kind) {
        framing = kind;
        allowed = Long.MAX_VALUE;
        complete = false;
        runCount = 0;
        tail = NOTHING;
        refusal = Refusal.NONE;
    }

    boolean isComplete() {
        return complete;
    }

    boolean endsAtClose() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** Why the body was refused. */
    Refusal refusal() {
        return refusal;
    }

    /** How many runs the last {@link #read} found. */
    int runs() {
        return runCount;
    }

    int runStart(int run) {
        return runs[run * 2];
    }

    int runEnd(int run) {
        return runs[run * 2 + 1];
    }

    /** Bytes to be sent behind the last run. */
    byte[] tail() {
        return tail;
    }

    /** The fields behind the last chunk, if there were any and they are not in the tail. */
    @Nullable TrailerSection trailers() {
        return complete && dataOnly && framing == Framing.CHUNKED ? trailers : null;
    }

    /** How many bytes runs and tail are together. */
    int size() {
        int size = tail.length;
        for (int run = 0; run < runCount; run++) {
            size += runEnd(run) - runStart(run);
        }
        return size;
    }

    /**
     * Reads what belongs to the body, and moves the buffer's reader index behind it; the runs are
     * indexes of this buffer, good until it is released.
     */
    Parsed read(ByteBuf in) {
        runCount = 0;
        tail = NOTHING;
        if (complete) {
            return Parsed.COMPLETE;
        }
        if (refusal != Refusal.NONE) {
            return Parsed.REFUSED;
        }
        switch (framing) {
            case NONE -> {}
            case LENGTH -> {
                int n = (int) Math.min(left, in.readableBytes());
                run(in.readerIndex(), in.readerIndex() + n);
                in.skipBytes(n);
                left -= n;
                complete = left == 0;
            }
            case UNTIL_CLOSE -> {
                allowed -= in.readableBytes();
                if (allowed < 0) {
                    refusal = Refusal.BODY_TOO_LARGE;
                }
                run(in.readerIndex(), in.writerIndex());
                in.skipBytes(in.readableBytes());
            }
            case CHUNKED -> readChunks(in);
        }
        return refusal != Refusal.NONE
                ? Parsed.REFUSED
                : complete ? Parsed.COMPLETE : Parsed.NEED_MORE;
    }

    private void readChunks(ByteBuf in) {
        if (trailers != null) {
            readTrailers(in, trailers);
            return;
        }
        ChunkReader reader = chunks;
        if (reader == null) {
            throw new IllegalStateException("chunked() was not called");
        }
        int p = in.readerIndex();
        int end = in.writerIndex();
        int from = p;
        while (p < end) {
            long data = reader.data();
            if (data > allowed) {
                refusal = Refusal.BODY_TOO_LARGE;
                in.readerIndex(p);
                return;
            }
            if (data > 0) {
                int n = (int) Math.min(data, end - p);
                if (dataOnly) {
                    run(p, p + n);
                }
                reader.passed(n);
                allowed -= n;
                p += n;
                continue;
            }
            switch (reader.framing(in.getByte(p))) {
                case KEEP -> p++;
                case SKIP -> {
                    runUnlessDataOnly(from, p);
                    from = ++p;
                }
                case LAST -> {
                    runUnlessDataOnly(from, ++p);
                    in.readerIndex(p);
                    complete = true;
                    return;
                }
                case TRAILER -> {
                    runUnlessDataOnly(from, p);
                    in.readerIndex(p);
                    trailers = new TrailerSection();
                    readTrailers(in, trailers);
                    return;
                }
                case BAD -> {
                    refusal = reader.refusal();
                    in.readerIndex(p);
                    return;
                }
            }
        }
        runUnlessDataOnly(from, p);
        in.readerIndex(p);
    }

    private void readTrailers(ByteBuf in, TrailerSection section) {
        int before = section.filled();
        byte[] room = section.room(in.readableBytes());
        int n = Math.min(in.readableBytes(), room.length - before);
        in.getBytes(in.readerIndex(), room, before, n);
        section.added(n);
        switch (section.parse()) {
            case NEED_MORE -> in.skipBytes(n);
            case REFUSED -> refusal = Refusal.BAD_TRAILER;
            case COMPLETE -> {
                in.skipBytes(section.end() - before);
                tail = dataOnly ? NOTHING : section.rewritten();
                complete = true;
            }
        }
    }

    private void runUnlessDataOnly(int from, int to) {
        if (!dataOnly) {
            run(from, to);
        }
    }

    private void run(int from, int to) {
        if (from == to) {
            return;
        }
        if (runCount * 2 == runs.length) {
            runs = Arrays.copyOf(runs, runs.length * 2);
        }
        runs[runCount * 2] = from;
        runs[runCount * 2 + 1] = to;
        runCount++;
    }
}
