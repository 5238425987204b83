// Longer than 200 lines: one request's life on a stream, every event of which depends on its state.
package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.http.h2.RequestText;
import buoy.lb.http.h2.ResponseBlock;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Method;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestId;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.ResponseRewrite.Persistence;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One stream of a client's connection: a request and its response (RFC 9113 8.1). */
final class ClientStream implements Downstream, TunnelEnd, StreamsHandler.Carried {
    private static final byte[] NO_KEY = {};

    /** Pieces of content below this are put together. */
    private static final int SMALL = 1024;

    private enum State {
        /** Being served. */
        EXCHANGE,
        /** A WebSocket since the server's 101. */
        TUNNEL,
        /** The whole answer was handed over; not all of it may have been sent. */
        ANSWERED,
        OVER
    }

    private final Workshop shop;
    private final ClientStreams connection;
    private final Listening listening;
    private final HttpFront front;
    private final Http2Stream stream;
    private final Exchange exchange;
    private final Answers answers;
    private final RequestId id;
    private final Deadline deadline = new Deadline(this::expired);
    private final ChannelFutureListener written = this::written;

    private State state = State.EXCHANGE;
    private @Nullable RequestHead head;
    private @Nullable Entry entry;
    private StreamTunnel.@Nullable Side tunnel;

    /** Of a request to upgrade. */
    private @Nullable WebSocketKey key;

    private boolean requestComplete;
    private boolean chunked;
    private boolean chunkSent;

    /** Content still to come; -1 if only the end of the stream tells. */
    private long left = -1;

    private long allowed;

    /** Small pieces of content, or what a client says before its WebSocket stands. */
    private @Nullable ByteBuf gathered;

    /** Content that came and keeps its place in the client's window. */
    private int unconsumed;

    private long bodyNanos;

    /** The answer's head and the last of its content: held until it is known whether more comes. */
    private @Nullable Output block;

    private int status;
    private @Nullable ByteBuf held;

    /** Its trailers, with which the stream ends. */
    private @Nullable Output trailing;

    /** The last of the answer was written. */
    private boolean ended;

    /** What was written last. */
    private @Nullable ChannelFuture last;

    /** What the stream ends with if the client goes on sending. */
    private Http2Error resetWith = Http2Error.NO_ERROR;

    private boolean resets;
    private int unsent;
    private boolean progressed;

    ClientStream(
            Workshop shop,
            ClientStreams connection,
            Listening listening,
            HttpFront front,
            Http2Stream stream) {
        this.shop = shop;
        this.connection = connection;
        this.listening = listening;
        this.front = front;
        this.stream = stream;
        this.exchange = new Exchange(shop, this, listening);
        this.answers = new Answers(shop, this, listening.tally(shop.worker));
        this.id = new RequestId(shop.random);
        this.bodyNanos = front.bodyNanos;
        this.allowed = front.bodyBytes;
        if (front.accessLines != null) {
            Entry begun = new Entry(listening.name(), connection.facts().ends().client().getPort());
            begun.begin(
                    System.nanoTime(),
                    System.currentTimeMillis(),
                    connection.facts(),
                    connection.tlsVersion());
            entry = begun;
        }
    }

    // ---- the request ----

    /**
     * Its fields have come.
     *
     * @param ends whether there is no content
     */
    void head(RequestText text, boolean ends) {
        requestComplete = ends;
        shop.expire(deadline, bodyNanos);
        RequestHead request = shop.requestHead(front);
        request.ofHttp2();
        head = request;
        WebSocketKey made = text.upgrades() ? WebSocketKey.random(shop.random) : null;
        key = made;
        Refusal wrong = text.head(ends, made == null ? NO_KEY : made.text());
        if (wrong == Refusal.NONE) {
            Output lines = text.text();
            request.add(lines.bytes(), 0, lines.length());
            wrong = request.parse() == Parsed.COMPLETE ? Refusal.NONE : request.refusal();
        }
        if (wrong == Refusal.NONE && request.contentLength() > 0 && ends) {
            wrong = Refusal.LENGTH_MISMATCH;
        }
        if (wrong != Refusal.NONE) {
            malformed(wrong);
            answers.refused(wrong);
            return;
        }
        id.next();
        Entry logged = entry;
        if (logged != null) {
            logged.request(request, facts(), id.text(), System.nanoTime());
        }
        chunked = request.isChunked();
        left = request.contentLength();
        if (left > allowed) {
            answers.refused(Refusal.BODY_TOO_LARGE);
            return;
        }
        new Dispatch(shop, this, exchange).request(request, null);
    }

    /** Its fields are over the limit, and nobody kept them. */
    void tooLarge() {
        requestComplete = true;
        answers.refused(Refusal.HEADER_TOO_LARGE);
    }

    /** RFC 9113 8.1.1: a malformed request is a stream error, said after the answer. */
    private void malformed(Refusal why) {
        if (why.status() == 400) {
            resets = true;
            resetWith = Http2Error.PROTOCOL_ERROR;
        }
    }

    /**
     * Content has come.
     *
     * @param data not taken over
     * @return whether it is used, and its room given back to the client later
     */
    boolean data(ByteBuf data, boolean ends) {
        int n = data.readableBytes();
        if (!isServed() || requestComplete) {
            return false;
        }
        if (key != null) {
            unconsumed += n;
            gather(data);
            if (ends) {
                tunnelInputEnds();
            }
            return true;
        }
        Entry logged = entry;
        if (logged != null) {
            logged.received(n);
        }
        boolean mismatch = left >= 0 && (n > left || (ends && n < left));
        allowed -= n;
        if (left >= 0) {
            left -= n;
        }
        if (mismatch || allowed < 0) {
            refused(mismatch ? Refusal.LENGTH_MISMATCH : Refusal.BODY_TOO_LARGE);
            return false;
        }
        shop.expire(deadline, bodyNanos);
        unconsumed += n;
        if (n > 0) {
            content(data, n);
        }
        if (ends) {
            requestEnds(null);
        }
        return true;
    }

    private void refused(Refusal why) {
        malformed(why);
        exchange.refused(why);
    }

    private void content(ByteBuf data, int n) {
        if (n < SMALL) {
            gather(data);
        } else {
            pour();
            frame(data.retainedSlice());
        }
    }

    /** Small pieces are put together: what each costs is not the client's to choose. */
    private void gather(ByteBuf data) {
        ByteBuf to = gathered;
        if (to == null) {
            to = shop.worker.allocator().directBuffer(Math.max(SMALL, data.readableBytes()));
            gathered = to;
        }
        to.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    /** Hands on what was put together; what waits for an upgrade goes on waiting. */
    private void pour() {
        ByteBuf some = gathered;
        StreamTunnel.Side through = tunnel;
        if (some == null || !isServed() || (key != null && through == null)) {
            return;
        }
        gathered = null;
        if (through != null) {
            through.came(some);
        } else {
            frame(some);
        }
    }

    private void frame(ByteBuf data) {
        if (chunked) {
            String size =
                    (chunkSent ? "\r\n" : "") + Integer.toHexString(data.readableBytes()) + "\r\n";
            chunkSent = true;
            exchange.requestBody(ascii(size));
        }
        exchange.requestBody(data);
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void requestEnds(byte @Nullable [] trailers) {
        pour();
        requestComplete = true;
        if (chunked) {
            exchange.requestBody(ascii(chunkSent ? "\r\n0\r\n" : "0\r\n"));
            exchange.requestBody(
                    trailers == null ? ascii("\r\n") : Unpooled.wrappedBuffer(trailers));
        }
        exchange.requestSent();
    }

    /** The fields behind the content have come (RFC 9113 8.1), which end the request. */
    void trailers(RequestText text) {
        if (!isServed() || requestComplete) {
            return;
        }
        if (key != null) {
            tunnelInputEnds();
            return;
        }
        TrailerSection section = new TrailerSection();
        boolean sound = text.trailers() == Refusal.NONE;
        if (sound) {
            Output lines = text.text();
            section.add(lines.bytes(), 0, lines.length());
            sound = section.parse() == Parsed.COMPLETE;
        }
        if (!sound) {
            refused(Refusal.BAD_TRAILER);
        } else if (left > 0) {
            refused(Refusal.LENGTH_MISMATCH);
        } else {
            requestEnds(section.rewritten());
            batchRead();
            connection.flush();
        }
    }

    @Override
    public void batchRead() {
        pour();
        StreamTunnel.Side through = tunnel;
        boolean goesOn =
                switch (state) {
                    case EXCHANGE -> key == null && exchange.flushed();
                    case TUNNEL -> through != null && through.batchRead();
                    case ANSWERED, OVER -> true;
                };
        // Behind its end no more comes, and the other streams want the room.
        if (goesOn || requestComplete) {
            consume();
        }
    }

    private void consume() {
        int n = unconsumed;
        unconsumed = 0;
        if (n > 0 && state != State.OVER) {
            connection.consume(stream, n);
        }
    }

    @Override
    public void resumeReading() {
        if (unconsumed > 0 && (key == null || state == State.TUNNEL)) {
            consume();
            connection.flush();
        }
    }

    @Override
    public boolean requestIsComplete() {
        return requestComplete;
    }

    @Override
    public void bodyPause(long nanos) {
        if (nanos != bodyNanos) {
            bodyNanos = nanos;
            shop.expire(deadline, nanos);
        }
    }

    /** Its bytes are those of its own exchange. */
    Doing doing() {
        StreamTunnel.Side through = tunnel;
        return switch (state) {
            case EXCHANGE -> exchange.doing();
            case TUNNEL, ANSWERED, OVER ->
                    exchange.bytes(
                            through == null ? Doing.of(Doing.State.ENDING) : through.doing());
        };
    }

    // ---- of the request ----

    @Override
    public RequestHead head() {
        RequestHead request = head;
        if (request == null) {
            throw new IllegalStateException("no request is being served");
        }
        return request;
    }

    @Override
    public @Nullable RequestHead wholeHead() {
        RequestHead request = head;
        return request != null && request.parse() == Parsed.COMPLETE ? request : null;
    }

    @Override
    public boolean isHeadRequest() {
        RequestHead request = head;
        return request != null && request.method() == Method.HEAD;
    }

    @Override
    public RequestId id() {
        return id;
    }

    @Override
    public ClientFacts facts() {
        return connection.facts();
    }

    @Override
    public HttpFront front() {
        return front;
    }

    @Override
    public @Nullable Entry entry() {
        return entry;
    }

    @Override
    public void noteFailure(Reason reason) {
        Entry logged = entry;
        if (logged != null) {
            logged.failed(reason);
        }
    }

    @Override
    public Answers answers() {
        return answers;
    }

    // ---- the response ----

    /** RFC 8441 4: to a client that asks for a WebSocket, 2xx says that it stands. */
    @Override
    public boolean accepts(int code) {
        return key == null || code >= 300;
    }

    /** RFC 9113 8.2.2: frames tell where content ends. */
    @Override
    public boolean takesChunked() {
        return false;
    }

    /** A stream's end is not the connection's. */
    @Override
    public boolean keepsAlive() {
        return true;
    }

    @Override
    public void write(int ofHead) {
        writeHeld(false);
        Output text = shop.output;
        Output encoded = shop.block();
        ResponseBlock.head(text.bytes(), ofHead, encoded);
        block = encoded;
        status = ResponseBlock.status(text.bytes());
        int content = text.length() - ofHead;
        if (content > 0) {
            held =
                    shop.worker
                            .allocator()
                            .directBuffer(content)
                            .writeBytes(text.bytes(), ofHead, content);
        }
    }

    @Override
    public void write(ByteBuf content) {
        if (state == State.OVER) {
            content.release();
            return;
        }
        writeHeld(false);
        held = content;
    }

    @Override
    public void trailers(TrailerSection section) {
        byte[] lines = section.rewritten();
        Output fields = new Output(Workshop.BLOCK);
        ResponseBlock.trailers(lines, lines.length, fields);
        if (fields.length() == 0 || state == State.OVER) {
            return;
        }
        trailing = fields;
    }

    /**
     * @param ends whether it is the last of the answer: the stream may be closed when this returns
     */
    private void writeHeld(boolean ends) {
        if (state == State.OVER) {
            Runs.release(held);
            held = null;
            return;
        }
        ByteBuf content = held;
        held = null;
        Output head = block;
        boolean isLast = ends && !ended;
        ended |= ends;
        Output trailers = isLast ? trailing : null;
        boolean endsBefore = isLast && trailers == null;
        if (head != null) {
            block = null;
            writeFields(WrittenFields.head(head, status), endsBefore && content == null);
            // Nothing of the stream is before it, so it has been encoded.
            shop.giveBackBlock(head);
            endsBefore &= content != null;
        }
        if (content != null || endsBefore) {
            writeContent(content == null ? Unpooled.EMPTY_BUFFER : content, endsBefore);
        }
        if (trailers != null) {
            writeFields(WrittenFields.trailers(trailers), true);
        }
    }

    private void writeFields(WrittenFields fields, boolean ends) {
        ChannelHandlerContext to = connection.context();
        last = connection.encoder().writeHeaders(to, stream.id(), fields, 0, ends, to.newPromise());
    }

    private void writeContent(ByteBuf content, boolean ends) {
        ChannelHandlerContext to = connection.context();
        ChannelFuture sent =
                connection.encoder().writeData(to, stream.id(), content, 0, ends, to.newPromise());
        last = sent;
        progressed |= unsent++ == 0;
        sent.addListener(written);
    }

    private void written(ChannelFuture done) {
        unsent--;
        progressed = true;
    }

    @Override
    public void flush() {
        writeHeld(false);
        connection.flush();
    }

    @Override
    public boolean lags() {
        return state != State.OVER
                && connection.connection().remote().flowController().hasFlowControlled(stream);
    }

    @Override
    public boolean isWritable() {
        return state == State.OVER
                || connection.connection().remote().flowController().isWritable(stream);
    }

    @Override
    public boolean takesHeads() {
        return state == State.OVER || connection.takesMore();
    }

    /** The connection takes more, be it for the heads of a stream without a window alone. */
    void connectionTakesMore() {
        if (state == State.EXCHANGE) {
            exchange.clientCanTakeMore();
        }
    }

    @Override
    public void writabilityChanged() {
        StreamTunnel.Side through = tunnel;
        if (!isWritable()) {
            return;
        }
        if (state == State.EXCHANGE) {
            exchange.clientCanTakeMore();
        } else if (state == State.TUNNEL && through != null) {
            through.canTakeMore();
        }
    }

    @Override
    public void answered(boolean keep) {
        if (state != State.EXCHANGE) {
            return;
        }
        end();
    }

    /** Writes the last of the answer, with which the stream may end. */
    private void end() {
        over(State.ANSWERED);
        writeHeld(true);
        consume();
        ChannelFuture sent = last;
        if ((resets || !requestComplete) && sent != null) {
            // RFC 9113 8.1: the client need not send what nobody reads. Not before it was told.
            sent.addListener(
                    done -> {
                        if (done.isSuccess()) {
                            connection.reset(stream.id(), resetWith);
                            connection.flush();
                        }
                    });
        }
        connection.flush();
    }

    @Override
    public void sendAnswer(int ofHead, boolean keep) {
        write(ofHead);
        answered(keep);
    }

    // ---- the end ----

    /** Ends the exchange, as every one does. */
    private void over(State next) {
        State before = state;
        state = next;
        if (next == State.OVER) {
            shop.off(deadline);
            Runs.release(held);
            held = null;
            giveBlockBack();
        }
        Runs.release(gathered);
        gathered = null;
        if (before == State.EXCHANGE || before == State.TUNNEL) {
            log();
            giveHeadBack();
            exchange.forget();
        }
    }

    private void log() {
        Entry logged = entry;
        AccessLines lines = front.accessLines;
        if (logged != null && lines != null) {
            entry = null;
            logged.end(System.nanoTime());
            lines.write(shop, logged);
        }
    }

    private void giveBlockBack() {
        Output unsentHead = block;
        if (unsentHead != null) {
            block = null;
            shop.giveBackBlock(unsentHead);
        }
    }

    private void giveHeadBack() {
        RequestHead used = head;
        if (used != null) {
            head = null;
            shop.giveBack(used, front);
        }
    }

    @Override
    public void abort() {
        if (state != State.OVER) {
            over(State.OVER);
            connection.reset(stream.id(), resets ? resetWith : Http2Error.INTERNAL_ERROR);
            connection.flush();
        }
    }

    /** The stream is gone, or is going. */
    void lost(Reason reason) {
        StreamTunnel.Side through = tunnel;
        boolean tunnelled = state == State.TUNNEL;
        if (state == State.EXCHANGE) {
            exchange.clientLost(reason);
        }
        over(State.OVER);
        if (tunnelled && through != null) {
            through.lost(reason);
        }
    }

    private void expired() {
        boolean stalled = unsent > 0 && !progressed;
        progressed = false;
        shop.expire(deadline, bodyNanos);
        if (stalled) {
            lost(Reason.CLIENT_STALLED);
            connection.reset(stream.id(), Http2Error.CANCEL);
            connection.flush();
            connection.watch();
        } else if (state == State.EXCHANGE && !requestComplete && unconsumed == 0 && key == null) {
            exchange.bodyTimedOut();
        }
    }

    void cut(Reason reason) {
        StreamTunnel.Side through = tunnel;
        if (state == State.EXCHANGE) {
            exchange.fail(reason);
        } else if (through != null) {
            through.cut(reason);
        }
    }

    // ---- WebSocket (RFC 8441) ----

    /** 101 of HTTP/1.1 is 200 here, and its handshake's fields are not part of the answer. */
    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in) {
        WebSocketKey made = key;
        if (made == null || !response.acceptsWebSocket(made.proof())) {
            exchange.fail(Reason.BAD_RESPONSE);
            return;
        }
        Exchange.Switched switched =
                exchange.switched(response, Persistence.IMPLIED, in.readableBytes());
        Output text = shop.output;
        Output encoded = shop.block();
        ResponseBlock.head(text.bytes(), text.length(), 200, encoded);
        block = encoded;
        status = 200;
        giveHeadBack();
        state = State.TUNNEL;
        TunnelAccounts accounts =
                new TunnelAccounts(shop, listening, switched.by(), entry, front.accessLines);
        entry = null;
        StreamTunnel through =
                new StreamTunnel(
                        shop, accounts, switched.silence(), this, switched.from().tunnelEnd());
        through.start();
        if (in.isReadable()) {
            write(in.retainedSlice());
        }
        flush();
        batchRead();
        if (requestComplete) {
            tunnelInputEnds();
        }
    }

    @Override
    public void joined(StreamTunnel.Side to) {
        tunnel = to;
    }

    /** The client says nothing more, be it before the WebSocket stands. */
    private void tunnelInputEnds() {
        pour();
        requestComplete = true;
        StreamTunnel.Side through = tunnel;
        if (through != null) {
            through.ended();
        }
    }

    @Override
    public void endOutput(Runnable told) {
        writeHeld(true);
        TunnelEnd.whenWritten(last, told);
        connection.flushNow();
    }

    @Override
    public boolean halfCloses() {
        return true;
    }

    @Override
    public void close() {
        if (state == State.TUNNEL) {
            end();
        }
    }

    /** Whether its end is the end of an exchange or a tunnel. */
    boolean isServed() {
        return state == State.EXCHANGE || state == State.TUNNEL;
    }

    boolean isTunnel() {
        return state == State.TUNNEL;
    }
}
