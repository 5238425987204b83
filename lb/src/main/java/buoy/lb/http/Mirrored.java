package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Method;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestId;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Tally;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request that goes to another pool, whose answer nobody gets. The client waits for
 * nothing of it and may be gone before it ends; so it has all it needs by itself. It has the id of
 * the request it is made of.
 */
final class Mirrored implements Downstream {
    /** As much of a body may wait for a server that is slower than the client's. */
    private static final int MOST_WAITING = 1 << 20;

    /** What is smaller is copied: a slice would keep the whole buffer that it was read into. */
    private static final int SMALL = 4096;

    /** What a piece costs beside its octets. */
    private static final int OVERHEAD = 128;

    /** An answer that goes on for so long behind the time that its beginning may take is cut. */
    private static final long LONGEST_ANSWER = TimeUnit.MINUTES.toNanos(1);

    private final Workshop shop;
    private final HttpFront front;
    private final ClientFacts facts;
    private final RequestId id;
    private final Exchange exchange;
    private final Answers answers;

    private final Deadline deadline = new Deadline(() -> cut(Reason.MIRROR_LIMIT));

    /** Null when it is over. */
    private @Nullable RequestHead head;

    private boolean complete;

    /** Behind the end of the request, in nanoseconds. */
    private long longest;

    /** What pieces cost that were passed on since the server last could take more. */
    private int waiting;

    private Mirrored(
            Workshop shop, Downstream of, RequestHead copy, Listening listening, Tally tally) {
        this.shop = shop;
        this.front = of.front();
        this.facts = of.facts();
        this.id = of.id().copy();
        this.head = copy;
        this.complete = of.requestIsComplete();
        this.exchange = new Exchange(shop, this, listening, tally);
        this.answers = new Answers(shop, this, tally);
    }

    /**
     * A copy of the client's present request; null if there are too many of them already.
     *
     * @param listening counts what becomes of it
     */
    static @Nullable Mirrored of(Downstream client, Workshop shop, Listening listening) {
        Tally tally = listening.mirrored(shop.worker);
        if (!shop.mirrors.begins()) {
            tally.failed(Reason.MIRROR_LIMIT);
            return null;
        }
        RequestHead copy = shop.requestHead(client.front());
        copy.copy(client.head());
        return new Mirrored(shop, client, copy, listening, tally);
    }

    /**
     * Sends it, unless it is over already: the request may have ended the moment it began.
     *
     * @param early what has come of the body; taken over
     */
    void begin(Pool to, Target.Passage how, @Nullable ByteBuf early) {
        RequestHead request = head;
        if (request == null) {
            Runs.release(early);
            return;
        }
        longest = how.timeouts(to).response().toNanos() + LONGEST_ANSWER;
        if (complete) {
            shop.expire(deadline, longest);
        }
        exchange.begin(request, to, how, early);
    }

    /**
     * More of the request's content.
     *
     * @param more taken over
     */
    void requestBody(ByteBuf more) {
        if (head == null) {
            more.release();
            return;
        }
        int cost = more.readableBytes() + OVERHEAD;
        if (waiting + cost > MOST_WAITING || !shop.mirrors.keeps(cost)) {
            more.release();
            cut(Reason.MIRROR_LIMIT);
            return;
        }
        waiting += cost;
        if (more.readableBytes() >= SMALL) {
            exchange.requestBody(more);
        } else {
            ByteBuf copied = shop.worker.allocator().directBuffer(more.readableBytes());
            copied.writeBytes(more);
            more.release();
            exchange.requestBody(copied);
        }
    }

    /** The request is complete. */
    void requestSent() {
        complete = true;
        if (head != null) {
            shop.expire(deadline, longest);
            exchange.requestSent();
        }
    }

    private void taken() {
        shop.mirrors.gone(waiting);
        waiting = 0;
    }

    /** The client's batch of reads is over. */
    void batchRead() {
        if (head != null && exchange.flushed()) {
            taken();
        }
    }

    /** Ends it, for the reason that ended its request or one of its own. */
    void cut(Reason why) {
        if (head != null) {
            exchange.clientLost(why);
            over();
        }
    }

    private void over() {
        RequestHead done = head;
        if (done != null) {
            head = null;
            shop.off(deadline);
            taken();
            exchange.forget();
            shop.giveBack(done, front);
            shop.mirrors.over();
        }
    }

    // ---- the request ----

    @Override
    public RequestHead head() {
        RequestHead request = head;
        if (request == null) {
            throw new IllegalStateException("the copy is over");
        }
        return request;
    }

    @Override
    public @Nullable RequestHead wholeHead() {
        return head;
    }

    @Override
    public boolean isHeadRequest() {
        return head().method() == Method.HEAD;
    }

    @Override
    public RequestId id() {
        return id;
    }

    @Override
    public ClientFacts facts() {
        return facts;
    }

    @Override
    public HttpFront front() {
        return front;
    }

    @Override
    public void bodyPause(long nanos) {
        // The client's own clock runs.
    }

    @Override
    public boolean requestIsComplete() {
        return complete;
    }

    @Override
    public void resumeReading() {
        taken();
    }

    // ---- the response ----

    @Override
    public boolean accepts(int status) {
        return true;
    }

    @Override
    public boolean takesChunked() {
        return true;
    }

    @Override
    public boolean takesCodings() {
        return false;
    }

    @Override
    public boolean keepsAlive() {
        return false;
    }

    @Override
    public void write(int headBytes) {
        // Nobody reads it.
    }

    @Override
    public void write(ByteBuf content) {
        content.release();
    }

    @Override
    public void trailers(TrailerSection section) {
        // Nobody reads them.
    }

    @Override
    public void flush() {
        // Nothing was kept.
    }

    @Override
    public boolean lags() {
        return false;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void answered(boolean keep) {
        over();
    }

    @Override
    public void sendAnswer(int headBytes, boolean keep) {
        over();
    }

    @Override
    public Answers answers() {
        return answers;
    }

    @Override
    public void abort() {
        over();
    }

    @Override
    public @Nullable Entry entry() {
        return null;
    }

    @Override
    public void noteFailure(Reason reason) {
        // The tally has it.
    }

    @Override
    public void switchProtocols(ResponseHead answer, ByteBuf in) {
        throw new IllegalStateException("a WebSocket is not mirrored");
    }
}
