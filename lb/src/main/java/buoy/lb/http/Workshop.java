package buoy.lb.http;

import buoy.lb.http.coding.BrotliCoder;
import buoy.lb.http.coding.Coder;
import buoy.lb.http.coding.GzipCoder;
import buoy.lb.http.coding.ZstdCoder;
import buoy.lb.http.head.Coding.Choice;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.route.RouteTable;
import buoy.lb.login.Logins;
import buoy.lb.pool.Opening;
import buoy.lb.worker.Deadlines.Deadline;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP connections of one worker share: tools that are borrowed and given back, idle
 * server connections. Touched on that worker alone.
 */
final class Workshop {
    /** Of each kind; so many streams of HTTP/2 are served at a time before objects are made. */
    private static final int MOST_SPARE = 1024;

    /** Most heads' size as blocks of HTTP/2. */
    static final int BLOCK = 384;

    /** A block that grew beyond is not kept. */
    private static final int MOST_KEPT = 4096;

    /** A client that connects does so to ask: for so long its first request is as good as here. */
    static final long FIRST_REQUEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** KiB, of all responses that are being compressed. */
    private static final int MOST_COMPRESSING = 64 << 10;

    private static final int SPARE_COMPRESSORS = 16;

    /** The limits of a response's head; the listener's are for requests. */
    private static final int RESPONSE_BYTES = 64 * 1024;

    private static final int RESPONSE_FIELDS = 256;

    /** The same as HTTP/2 counts: each field costs 32 beside its octets (RFC 9113 6.5.2). */
    static final long RESPONSE_LIST_SIZE = RESPONSE_BYTES + 32L * RESPONSE_FIELDS;

    final Worker worker;

    /** Those of the process. */
    final Logins logins;

    final Output output = new Output();

    /** For a line of an access log. */
    final Output line = new Output();

    final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    final IdleServers idle = new IdleServers();
    final SharedServers shared = new SharedServers();
    final Opening opening = new ServerOpening(this);
    final RouteTable.Scratch routing = new RouteTable.Scratch();
    final MirrorBounds mirrors = new MirrorBounds();

    private final ReadSizing sizing;
    private final Scratch toSend;
    private final ArrayDeque<ResponseHead> responseHeads = new ArrayDeque<>();
    private final ArrayDeque<Output> blocks = new ArrayDeque<>();
    private final Map<Choice, ArrayDeque<Compressor>> compressors = new EnumMap<>(Choice.class);
    private int compressing;

    Workshop(Worker worker, Logins logins) {
        this.worker = worker;
        this.logins = logins;
        this.sizing = new ReadSizing(new Scratch(worker.allocator()), worker.memory());
        this.toSend = new Scratch(worker.allocator());
    }

    /** Whether a client that came then, and has asked for nothing yet, is about to. */
    boolean expectsFirstRequest(long opened) {
        return worker.now() - opened < FIRST_REQUEST_NANOS;
    }

    void expire(Deadline deadline, long inNanos) {
        worker.expire(deadline, inNanos);
    }

    void off(Deadline deadline) {
        worker.off(deadline);
    }

    RequestHead requestHead(HttpFront front) {
        RequestHead head = front.spareHeads(worker).pollLast();
        return head == null
                ? new RequestHead(
                        front.limits().headerBytes(), front.limits().headers(), front.lenience)
                : head;
    }

    void giveBack(RequestHead head, HttpFront front) {
        head.clear();
        ArrayDeque<RequestHead> spare = front.spareHeads(worker);
        if (spare.size() < MOST_SPARE) {
            spare.addLast(head);
        }
    }

    /** To be given back; null if there is no memory left for one more. */
    @Nullable Compressor compressor(Choice choice) {
        if (compressing + size(choice) > MOST_COMPRESSING) {
            return null;
        }
        Compressor spare = spare(choice).pollLast();
        Compressor given =
                spare == null ? new Compressor(choice, coder(choice), worker.allocator()) : spare;
        // Not before it is there: a library may not be.
        compressing += size(choice);
        return given;
    }

    void giveBack(Compressor compressor) {
        compressing -= size(compressor.choice);
        ArrayDeque<Compressor> spare = spare(compressor.choice);
        if (spare.size() < SPARE_COMPRESSORS) {
            compressor.clear();
            spare.addLast(compressor);
        } else {
            compressor.discard();
        }
    }

    private ArrayDeque<Compressor> spare(Choice choice) {
        return compressors.computeIfAbsent(choice, _ -> new ArrayDeque<>());
    }

    private static Coder coder(Choice choice) {
        return switch (choice) {
            case GZIP -> new GzipCoder();
            case BR -> new BrotliCoder();
            case ZSTD -> new ZstdCoder();
            case NONE, NOT_WANTED -> throw new IllegalArgumentException(choice.toString());
        };
    }

    /** What a coder takes, in KiB. */
    private static int size(Choice choice) {
        return switch (choice) {
            case GZIP -> 256;
            case ZSTD -> 512;
            case BR -> 1024;
            case NONE, NOT_WANTED -> 0;
        };
    }

    ResponseHead responseHead() {
        ResponseHead head = responseHeads.pollLast();
        return head == null ? new ResponseHead(RESPONSE_BYTES, RESPONSE_FIELDS) : head;
    }

    void giveBack(ResponseHead head) {
        head.clear();
        if (responseHeads.size() < MOST_SPARE) {
            responseHeads.addLast(head);
        }
    }

    /** For a head's block; empty. To be given back. */
    Output block() {
        Output block = blocks.pollLast();
        return block == null ? new Output(BLOCK) : block;
    }

    void giveBackBlock(Output block) {
        block.clear();
        if (blocks.size() < MOST_SPARE && block.bytes().length <= MOST_KEPT) {
            blocks.addLast(block);
        }
    }

    /** What was put together, as a buffer to be written; the writer releases it. */
    ByteBuf outputBuffer() {
        int n = output.length();
        ByteBuf buffer = n <= Scratch.BYTES ? toSend.take(n) : worker.allocator().directBuffer(n);
        return buffer.writeBytes(output.bytes(), 0, n);
    }

    /**
     * The same octets, to be kept for long: in place of those given, if these take much more room.
     */
    ByteBuf kept(ByteBuf in) {
        int n = in.readableBytes();
        if (n > Scratch.BYTES / 2) {
            return in;
        }
        try {
            return worker.allocator().directBuffer(n, n).writeBytes(in);
        } finally {
            in.release();
        }
    }

    /** How connections of this worker size their reads. */
    ReadSizing readSizing() {
        return sizing;
    }

    /** Then nothing is read while what was read before is not sent. */
    boolean isMemoryScarce() {
        return worker.memory().isScarce();
    }
}
