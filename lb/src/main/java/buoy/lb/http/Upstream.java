package buoy.lb.http;

import buoy.config.model.Pool.Timeouts;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link Exchange}'s request goes and its response comes from: an HTTP/1.1 connection to a
 * server, which carries one exchange at a time, or one stream of an HTTP/2 connection. Heads and
 * content pass as HTTP/1.1 writes them, whatever the version.
 */
interface Upstream {
    /** Carries this exchange from now on. */
    void serve(Exchange next, Timeouts timeouts);

    /**
     * Sends what was put together in the workshop's output.
     *
     * @param head how many bytes of it are the request's head; content follows
     */
    void send(int head);

    /** More content, framed as the head says; taken over. */
    void write(ByteBuf content);

    /** The request's last byte was written, if not flushed: the time for the answer runs. */
    void expectAnswer();

    void flush();

    boolean isWritable();

    /** Whether something still waits behind a flush: the server takes slowly. */
    boolean lags();

    /** The client can take more of the response. */
    void resumeReading();

    /**
     * The exchange is over.
     *
     * @param whole whether request and response were both complete
     */
    void release(boolean whole);

    /** Whether a WebSocket's request can be sent; known before one is. */
    default boolean takesWebSockets() {
        return true;
    }

    /** The exchange has become a WebSocket, of which this is one end from now on. */
    TunnelEnd tunnelEnd();

    /** Itself, if it waits for the next exchange of this client alone. */
    default @Nullable ServerConnection personal() {
        return null;
    }
}
