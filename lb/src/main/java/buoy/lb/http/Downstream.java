package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestId;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.pool.Reason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link Exchange}'s request comes from and its response goes (RFC 9110 3.7): an HTTP/1.1
 * connection, which carries one exchange at a time, or one stream of an HTTP/2 connection. Heads
 * pass as HTTP/1.1 writes them, whatever the version.
 */
interface Downstream {
    // ---- the request ----

    /** Of the present request; it is an error to ask when there is none. */
    RequestHead head();

    /** The present request's head, if it was read to its end. */
    @Nullable RequestHead wholeHead();

    /** HEAD, as far as one can tell: its answers have no content. */
    boolean isHeadRequest();

    /** Of the present request. */
    RequestId id();

    ClientFacts facts();

    HttpFront front();

    /** The longest pause in the present request's body. */
    void bodyPause(long nanos);

    boolean requestIsComplete();

    /** The server can take more of the request. */
    void resumeReading();

    // ---- the response ----

    /** Whether a final answer with this status means here what it means in HTTP/1.1. */
    boolean accepts(int status);

    /** Whether a body can go chunked (RFC 9112 7.1). */
    boolean takesChunked();

    /** Whether content may get a coding on its way (RFC 9110 8.4). */
    default boolean takesCodings() {
        return !head().isHttp10();
    }

    /** Whether the connection may live on behind the answer to the present request. */
    boolean keepsAlive();

    /**
     * Sends what was put together in the workshop's output.
     *
     * @param head how many bytes of it are a head; content follows
     */
    void write(int head);

    /** More content, as {@link #takesChunked} has it; taken over. */
    void write(ByteBuf content);

    /** The fields behind the content, for who cannot take them chunked. */
    void trailers(TrailerSection section);

    void flush();

    boolean isWritable();

    /** Whether something still waits behind a flush: the client takes slowly. */
    boolean lags();

    /** Whether heads can be sent, for which HTTP/2 has no window (RFC 9113 5.2.1). */
    default boolean takesHeads() {
        return isWritable();
    }

    /** The answer is complete; what was written is still to be flushed. */
    void answered(boolean keep);

    /**
     * Sends what was put together as the whole answer to the present request.
     *
     * @param head how many bytes of it are a head
     */
    void sendAnswer(int head, boolean keep);

    Answers answers();

    /** Ends in a way that what the client got cannot be taken for a whole answer. */
    void abort();

    // ---- the rest ----

    /** Of the present exchange; null if nothing is logged. */
    @Nullable Entry entry();

    /** Why the present exchange, or what has come of one, fails. */
    void noteFailure(Reason reason);

    /**
     * The server has switched to the WebSocket protocol.
     *
     * @param in what it sent behind its 101; not taken over
     */
    void switchProtocols(ResponseHead head, ByteBuf in);
}
