// Longer than 200 lines: one exchange's life on a stream, every event of which depends on its
// state.
package buoy.lb.http;

import buoy.config.model.Pool.Timeouts;
import buoy.lb.http.h2.RequestBlock;
import buoy.lb.http.h2.ResponseBlock;
import buoy.lb.http.h2.ResponseText;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a server's connection: a request and its response (RFC 9113 8.1), or a WebSocket
 * (RFC 8441).
 */
final class ServerStream implements Upstream, TunnelEnd, StreamsHandler.Carried {
    /** Pieces of content below this are put together. */
    private static final int SMALL = 1024;

    private static final int PUT_TOGETHER = 16 * 1024;

    /** Most trailer sections' size when they are encoded. */
    private static final int BLOCK = 256;

    private static final int MOST_INTERIM = 100;

    private enum State {
        /** The request is under way, or was sent; no final response yet. */
        WAITING,
        /** The final response's head has come. */
        BODY,
        /** A WebSocket since the server has agreed to it. */
        TUNNEL,
        OVER
    }

    private final Workshop shop;
    private final ServerStreams connection;
    private final Deadline deadline = new Deadline(this::expired);

    private State state = State.WAITING;
    private @Nullable Exchange exchange;
    private @Nullable Http2Stream stream;
    private long responseNanos;
    private long responseIdleNanos;
    private boolean untouched = true;
    private int interims;

    // ---- the request ----

    /** Takes the framing of HTTP/1.1 off. */
    private final BodyReader request = new BodyReader();

    private boolean chunkedRequest;

    /** A WebSocket is asked for: the stream stays open behind the request's head. */
    private boolean upgrades;

    private StreamTunnel.@Nullable Side tunnel;

    /** What content was written last. */
    private @Nullable ChannelFuture last;

    private boolean requestSent;

    /** The head and the last of the content: held until it is known whether more comes. */
    private @Nullable Output block;

    private @Nullable ByteBuf held;

    /** What is held is a buffer of our own, to which small pieces are added. */
    private boolean gathers;

    // ---- the response ----

    private final BodyReader response = new BodyReader();

    /** The client gets the content in chunks of our making. */
    private boolean framed;

    /** Content still to come; -1 if only the end of the stream tells. */
    private long left = -1;

    /** The response has no content, whatever comes (RFC 9110 6.4.1). */
    private boolean bare;

    /** Whether the content gets a coding on its way. */
    private boolean coded;

    /** Content that came and keeps its place in the server's window. */
    private int unconsumed;

    /** Of a WebSocket: the server says no more. */
    private boolean inputEnded;

    /** Of a WebSocket: the server takes no more for now. */
    private boolean heldUp;

    ServerStream(Workshop shop, ServerStreams connection) {
        this.shop = shop;
        this.connection = connection;
    }

    private Exchange served() {
        Exchange served = exchange;
        if (served == null) {
            throw new IllegalStateException("no exchange");
        }
        return served;
    }

    // ---- what the exchange asks ----

    @Override
    public void serve(Exchange next, Timeouts timeouts) {
        exchange = next;
        responseNanos = timeouts.response().toNanos();
        responseIdleNanos = timeouts.responseIdle().toNanos();
        shop.expire(deadline, responseNanos);
    }

    @Override
    public void send(int head) {
        Output text = shop.output;
        Output fields = shop.block();
        upgrades = served().isWebSocket();
        if (upgrades) {
            RequestBlock.webSocket(text.bytes(), head, connection.isHttps(), fields);
        } else {
            RequestBlock.head(text.bytes(), head, connection.isHttps(), fields);
        }
        block = fields;
        chunkedRequest = served().sendsChunked();
        if (chunkedRequest) {
            request.chunked(true);
        }
        int content = text.length() - head;
        if (content > 0) {
            write(
                    shop.worker
                            .allocator()
                            .directBuffer(content)
                            .writeBytes(text.bytes(), head, content));
        }
    }

    @Override
    public void write(ByteBuf content) {
        if (state == State.OVER) {
            content.release();
        } else if (chunkedRequest) {
            try {
                if (request.read(content) == Parsed.REFUSED) {
                    throw new IllegalStateException("chunks that were judged already");
                }
                Runs.slices(request, content, this::hold);
            } finally {
                content.release();
            }
        } else {
            hold(content);
        }
    }

    /** Small pieces are put together: what each costs is not the client's to choose. */
    private void hold(ByteBuf content) {
        int n = content.readableBytes();
        ByteBuf before = held;
        if (n == 0) {
            content.release();
        } else if (gathers && before != null && before.readableBytes() + n <= PUT_TOGETHER) {
            before.writeBytes(content);
            content.release();
        } else {
            writeHeld(false);
            gathers = n < SMALL;
            if (gathers) {
                held = shop.worker.allocator().directBuffer(SMALL).writeBytes(content);
                content.release();
            } else {
                held = content;
            }
        }
    }

    private void writeHeld(boolean ends) {
        ByteBuf content = held;
        held = null;
        gathers = false;
        ChannelHandlerContext to = connection.context();
        Output head = block;
        if (head != null) {
            block = null;
            boolean alone = ends && content == null;
            stream = connection.begin(this, WrittenFields.request(head), alone);
            // Nothing of the stream is before it, so it has been encoded.
            shop.giveBackBlock(head);
            if (stream == null) {
                Runs.release(content);
                // Not at once: whoever sends does not expect its own end.
                connection.soon(() -> lost(Reason.SERVER_CLOSED, false));
                return;
            }
            if (alone) {
                return;
            }
        }
        Http2Stream begun = stream;
        if (begun == null || state == State.OVER) {
            Runs.release(content);
        } else if (content != null || ends) {
            last =
                    connection
                            .encoder()
                            .writeData(
                                    to,
                                    begun.id(),
                                    content == null ? Unpooled.EMPTY_BUFFER : content,
                                    0,
                                    ends,
                                    to.newPromise());
        }
    }

    @Override
    public void expectAnswer() {
        if (state == State.OVER) {
            return;
        }
        requestSent = true;
        TrailerSection section = chunkedRequest ? request.trailers() : null;
        if (section == null || !writeTrailers(section)) {
            writeHeld(!upgrades);
        }
        if (state == State.WAITING) {
            shop.expire(deadline, responseNanos);
        }
    }

    /** False if no field is left to be sent. */
    private boolean writeTrailers(TrailerSection section) {
        byte[] lines = section.rewritten();
        Output fields = new Output(BLOCK);
        ResponseBlock.trailers(lines, lines.length, fields);
        if (fields.length() == 0) {
            return false;
        }
        writeHeld(false);
        Http2Stream begun = stream;
        if (begun != null) {
            ChannelHandlerContext to = connection.context();
            var _ =
                    connection
                            .encoder()
                            .writeHeaders(
                                    to,
                                    begun.id(),
                                    WrittenFields.trailers(fields),
                                    0,
                                    true,
                                    to.newPromise());
        }
        return true;
    }

    @Override
    public void flush() {
        if (state != State.OVER) {
            writeHeld(false);
            connection.flush();
        }
    }

    @Override
    public boolean lags() {
        Http2Stream begun = stream;
        return state != State.OVER
                && begun != null
                && connection.connection().remote().flowController().hasFlowControlled(begun);
    }

    @Override
    public boolean isWritable() {
        Http2Stream begun = stream;
        return state == State.OVER
                || begun == null
                || connection.connection().remote().flowController().isWritable(begun);
    }

    @Override
    public void writabilityChanged() {
        StreamTunnel.Side through = tunnel;
        if (state == State.OVER) {
            return;
        }
        boolean writable = isWritable();
        heldUp(through != null && !writable);
        if (!writable) {
            return;
        }
        if (through != null) {
            through.canTakeMore();
        } else {
            served().serverCanTakeMore();
        }
    }

    private void heldUp(boolean now) {
        if (now != heldUp) {
            heldUp = now;
            connection.heldUp(now ? 1 : -1);
        }
    }

    @Override
    public void resumeReading() {
        if (unconsumed > 0) {
            consume();
            connection.flush();
        }
    }

    private void consume() {
        int n = unconsumed;
        unconsumed = 0;
        Http2Stream begun = stream;
        if (n > 0 && state != State.OVER && begun != null) {
            connection.consume(begun, n);
        }
    }

    /** RFC 9113 8.1: the server need not go on with what nobody waits for. */
    @Override
    public void release(boolean whole) {
        if (state != State.OVER) {
            Http2Stream begun = stream;
            leave();
            // The end of a request may wait for room that never comes.
            if (begun != null && !(whole && begun.state() == Http2Stream.State.HALF_CLOSED_LOCAL)) {
                connection.reset(begun, Http2Error.CANCEL);
            }
        }
    }

    // ---- the response ----

    /** A block of fields has come. */
    void fields(ResponseText text, boolean ends) {
        switch (state) {
            case WAITING -> head(text, ends);
            case BODY -> trailers(text, ends);
            // RFC 9113 8.5: but for content nothing comes on such a stream.
            case TUNNEL -> malformed();
            case OVER -> {}
        }
    }

    private void head(ResponseText text, boolean ends) {
        Exchange served = served();
        if (untouched) {
            untouched = false;
            served.firstByte();
        }
        int status = text.status();
        boolean agrees = upgrades && status >= 200 && status < 300;
        boolean content = !served.isHead() && status != 204 && status != 304;
        Refusal wrong = agrees ? text.switches(served.webSocketKey().proof()) : text.head(content);
        if (wrong != Refusal.NONE || (text.isInterim() && ends)) {
            malformed();
            return;
        }
        ResponseHead whole = shop.responseHead();
        try {
            Output lines = text.text();
            whole.add(lines.bytes(), 0, lines.length());
            if (whole.parse() != Parsed.COMPLETE) {
                refused(whole.refusal());
            } else if (agrees) {
                switches(whole, served, ends);
            } else if (whole.isInterim()) {
                interim(whole);
            } else {
                finalHead(whole, content, ends);
            }
        } finally {
            shop.giveBack(whole);
        }
    }

    /** The WebSocket stands: as HTTP/1.1 has it, with a proof that HTTP/2 does without. */
    private void switches(ResponseHead whole, Exchange served, boolean ends) {
        served.switchProtocols(whole, Unpooled.EMPTY_BUFFER);
        StreamTunnel.Side through = tunnel;
        if (ends && through != null) {
            inputEnded = true;
            through.ended();
        }
    }

    /** No window holds them back. */
    private void interim(ResponseHead whole) {
        if (++interims > MOST_INTERIM) {
            fail(Reason.SERVER_FLOOD, Http2Error.ENHANCE_YOUR_CALM);
        } else {
            served().interim(whole);
        }
    }

    private void refused(Refusal why) {
        boolean tooLarge = why == Refusal.HEADER_TOO_LARGE || why == Refusal.TOO_MANY_FIELDS;
        fail(
                tooLarge ? Reason.RESPONSE_HEADER_TOO_LARGE : Reason.BAD_RESPONSE,
                tooLarge ? Http2Error.CANCEL : Http2Error.PROTOCOL_ERROR);
    }

    private void finalHead(ResponseHead whole, boolean content, boolean ends) {
        Exchange served = served();
        if (served.isRepeatedFor(whole.status())) {
            int status = whole.status();
            release(false);
            served.repeatElsewhere(status);
            return;
        }
        // RFC 9110 15.3.6: a client may take what comes behind a 205 for its next answer.
        boolean reset = whole.status() == 205;
        if (!served.clientAccepts(whole.status())
                || (reset && content && whole.contentLength() > 0)
                || (ends && content && whole.contentLength() > 0)) {
            malformed();
            return;
        }
        coded = served.codes(whole);
        boolean chunked = (whole.isChunked() || coded) && served.clientTakesChunked();
        framed = content && chunked && !coded;
        bare = !content;
        if (bare) {
            left = 0;
            response.none();
        } else if (whole.contentLength() >= 0) {
            left = whole.contentLength();
            response.length(left);
        } else {
            response.chunked(true);
        }
        if (reset) {
            left = 0;
        }
        state = State.BODY;
        served.response(whole, chunked && whole.status() != 204, response, Unpooled.EMPTY_BUFFER);
        if (state == State.OVER) {
            return;
        }
        // From here on it finds all of a buffer.
        response.untilClose();
        if (ends) {
            ended(null);
        } else {
            shop.expire(deadline, responseIdleNanos);
        }
    }

    /**
     * Content has come.
     *
     * @param data not taken over
     * @return whether it is used, and its room given back to the server later
     */
    boolean data(ByteBuf data, boolean ends) {
        int n = data.readableBytes();
        StreamTunnel.Side through = tunnel;
        if (state == State.OVER) {
            return false;
        }
        if (through != null) {
            tunnelled(through, data, ends);
            return true;
        }
        if (bare && n > 0) {
            // The head said all there is; that of HTTP/1.1 is whole then too.
            Exchange done = served();
            release(ends);
            done.finished(true);
            return false;
        }
        if (state == State.WAITING || (left >= 0 && (n > left || (ends && n < left)))) {
            malformed();
            return false;
        }
        if (left >= 0) {
            left -= n;
        }
        unconsumed += n;
        if (n > 0) {
            content(data, n);
        }
        if (ends) {
            ended(null);
        } else {
            shop.expire(deadline, responseIdleNanos);
        }
        return true;
    }

    private void content(ByteBuf data, int n) {
        Exchange served = served();
        if (!framed) {
            if (!coded && n < SMALL) {
                // A slice would keep the whole buffer that it was read into.
                served.pass(shop.worker.allocator().directBuffer(n).writeBytes(data));
                return;
            }
            response.read(data);
            served.responseBody(response, data);
            return;
        }
        byte[] size = ascii(Integer.toHexString(n) + "\r\n");
        if (n < SMALL) {
            served.pass(
                    shop.worker
                            .allocator()
                            .directBuffer(size.length + n + 2)
                            .writeBytes(size)
                            .writeBytes(data)
                            .writeBytes(CRLF));
        } else {
            served.pass(Unpooled.wrappedBuffer(size));
            served.pass(data.retainedSlice());
            served.pass(Unpooled.wrappedBuffer(CRLF));
        }
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The fields behind the content, which end the response. */
    private void trailers(ResponseText text, boolean ends) {
        TrailerSection section = new TrailerSection();
        boolean sound = ends && left <= 0 && text.trailers() == Refusal.NONE;
        if (sound) {
            Output lines = text.text();
            section.add(lines.bytes(), 0, lines.length());
            sound = section.parse() == Parsed.COMPLETE;
        }
        if (sound) {
            ended(section);
        } else {
            malformed();
        }
    }

    private void ended(@Nullable TrailerSection section) {
        Exchange done = served();
        if (framed) {
            byte[] lines = section == null ? CRLF : section.rewritten();
            done.pass(Unpooled.wrappedBuffer(ascii("0\r\n"), lines));
        } else if (section != null) {
            done.trailers(section);
        }
        if (state == State.OVER) {
            // The client was lost with it.
            return;
        }
        done.finished(true);
    }

    @Override
    public void batchRead() {
        StreamTunnel.Side through = tunnel;
        if (state == State.TUNNEL && through != null) {
            if (through.batchRead()) {
                consume();
            }
            return;
        }
        // Interim responses are flushed together too.
        if (state == State.BODY || (state == State.WAITING && !untouched)) {
            Exchange served = served();
            served.flushClient();
            if (served.clientIsWritable()) {
                consume();
            }
        }
    }

    // ---- the end ----

    private void leave() {
        state = State.OVER;
        heldUp(false);
        tunnel = null;
        exchange = null;
        shop.off(deadline);
        Output unsent = block;
        if (unsent != null) {
            block = null;
            shop.giveBackBlock(unsent);
        }
        Runs.release(held);
        held = null;
    }

    private void malformed() {
        fail(Reason.BAD_RESPONSE, Http2Error.PROTOCOL_ERROR);
    }

    /** Ends the exchange; the connection lives on. */
    void fail(Reason reason, Http2Error code) {
        if (state == State.OVER) {
            return;
        }
        Http2Stream begun = stream;
        StreamTunnel.Side through = tunnel;
        Exchange served = exchange;
        leave();
        if (begun != null) {
            connection.reset(begun, code);
        }
        if (through != null) {
            through.cut(reason);
        } else if (served != null) {
            served.fail(reason);
        }
    }

    /**
     * The stream is gone.
     *
     * @param taken whether the server may have acted on it
     */
    void lost(Reason reason, boolean taken) {
        if (state == State.OVER) {
            return;
        }
        StreamTunnel.Side through = tunnel;
        if (through != null) {
            leave();
            through.lost(reason);
            return;
        }
        Exchange served = served();
        boolean answering = state == State.BODY;
        leave();
        if (answering) {
            served.fail(reason);
        } else if (!taken && untouched) {
            served.notBegun(reason);
        } else {
            served.serverLost(reason, untouched);
        }
    }

    /**
     * The server has ended the stream and goes on with others.
     *
     * @param code RFC 9113 7: of one that is refused it has not begun on the request (8.7); without
     *     an error behind its own end it does not want to hear the rest (8.1)
     */
    void reset(long code) {
        boolean refused = code == Http2Error.REFUSED_STREAM.code();
        StreamTunnel.Side through = tunnel;
        if (through != null && inputEnded && code == Http2Error.NO_ERROR.code()) {
            leave();
            through.left();
        } else if (state == State.WAITING && untouched && !refused) {
            Exchange served = served();
            leave();
            served.answerLost(Reason.SERVER_RESET, true);
        } else {
            lost(Reason.SERVER_RESET, !refused);
        }
    }

    private void expired() {
        switch (state) {
            case WAITING -> {
                if (requestSent || !isWritable()) {
                    fail(Reason.RESPONSE_TIMEOUT, Http2Error.CANCEL);
                } else {
                    // The request's body is still coming; the listener's timeouts watch it.
                    shop.expire(deadline, responseNanos);
                }
            }
            case BODY -> {
                if (unconsumed == 0) {
                    fail(Reason.RESPONSE_IDLE, Http2Error.CANCEL);
                } else {
                    // The client is the slow one.
                    shop.expire(deadline, responseIdleNanos);
                }
            }
            case TUNNEL, OVER -> {}
        }
    }

    // ---- WebSocket (RFC 8441) ----

    @Override
    public boolean takesWebSockets() {
        return connection.takesWebSockets();
    }

    @Override
    public TunnelEnd tunnelEnd() {
        return this;
    }

    @Override
    public void joined(StreamTunnel.Side to) {
        state = State.TUNNEL;
        tunnel = to;
        exchange = null;
        shop.off(deadline);
    }

    private void tunnelled(StreamTunnel.Side through, ByteBuf data, boolean ends) {
        int n = data.readableBytes();
        unconsumed += n;
        if (n >= SMALL) {
            through.came(data.retainedSlice());
        } else if (n > 0) {
            through.came(shop.worker.allocator().directBuffer(n).writeBytes(data));
        }
        if (ends) {
            inputEnded = true;
            through.ended();
        }
    }

    @Override
    public void endOutput(Runnable told) {
        writeHeld(true);
        TunnelEnd.whenWritten(last, told);
        // At once: the client may close next, which is no loss when this was said.
        connection.flushNow();
    }

    @Override
    public boolean halfCloses() {
        return true;
    }

    @Override
    public void close() {
        Http2Stream begun = stream;
        if (state != State.OVER && begun != null) {
            leave();
            // Our end too may wait for room that never comes.
            if (!inputEnded || begun.state().localSideOpen()) {
                connection.reset(begun, Http2Error.CANCEL);
            }
        }
    }

    @Override
    public void abort() {
        release(false);
    }
}
