// Longer than 200 lines: one connection's life, every event of which depends on its state.
package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.Method;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.head.RequestId;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.ResponseRewrite.Persistence;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.listen.Client;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Busy;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: reads requests one after the other, has each served by its {@link
 * Exchange}, and decides whether the connection lives on. Requests that come while one is served
 * wait in {@code pending}, and reading stops.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Client, Downstream {
    /** Copied into the head at once; more only if the head is not whole then. */
    private static final int HEAD_STEP = 2048;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** {@code PRI }. */
    private static final int PREFACE = 0x50524920;

    private enum State {
        /** Nothing of the next request has come. */
        IDLE,
        /** A part of its head has. */
        HEAD,
        /** It is being served. */
        EXCHANGE,
        /** The last answer was written; what still comes is thrown away so that it is not reset. */
        LINGER,
        /** A relay has taken the connection over. */
        TUNNEL,
        CLOSED
    }

    private final Workshop shop;
    private final Listening listening;
    private final DuplexChannel channel;
    private final ClientFacts facts;
    private final Exchange exchange;
    private final Dispatch dispatch;
    private final Answers answers;
    private final RequestId id;
    private final BodyReader body = new BodyReader();
    private final Deadline deadline = new Deadline(this::expired);

    private State state = State.IDLE;

    /** What came first and is too little to tell which HTTP it is. */
    private @Nullable ByteBuf opening;

    private HttpFront front;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestHead head;
    private @Nullable ByteBuf pending;

    /** What the connection has become. */
    private @Nullable Busy tunnel;

    /** The same. */
    private @Nullable ClientStreams streams;

    private boolean reading;

    /** What is read now may have to be kept for long. */
    private boolean serverLags;

    private boolean draining;
    private boolean asked;
    private boolean inputEnded;
    private long unsentBefore;

    /** The longest pause in the present request's body. */
    private long bodyNanos;

    private final long opened;

    /** Made with the first request that is logged. */
    private @Nullable Entry entries;

    /** Of the present exchange, if it is logged. */
    private @Nullable Entry entry;

    private final String tlsVersion;

    ClientConnection(
            Workshop shop,
            Listening listening,
            HttpFront front,
            DuplexChannel channel,
            ClientFacts facts,
            String tlsVersion) {
        this.shop = shop;
        this.listening = listening;
        this.front = front;
        this.channel = channel;
        this.facts = facts;
        this.tlsVersion = tlsVersion;
        this.exchange = new Exchange(shop, this, listening);
        this.dispatch = new Dispatch(shop, this, exchange);
        this.answers = new Answers(shop, this, listening.tally(shop.worker));
        this.id = new RequestId(shop.random);
        this.opened = shop.worker.now();
    }

    void start() {
        shop.worker.letLittleWait(channel);
        channel.config().setRecvByteBufAllocator(shop.readSizing());
        shop.expire(deadline, front.idleNanos);
        channel.config().setAutoRead(true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return added;
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = serverLags ? shop.kept((ByteBuf) message) : (ByteBuf) message;
        switch (state) {
            case IDLE, HEAD -> {
                if (asked || head != null) {
                    requests(in);
                } else {
                    first(in);
                }
            }
            case EXCHANGE -> {
                whileServing(in);
                if (shop.isMemoryScarce()) {
                    passOn();
                }
            }
            case LINGER, TUNNEL, CLOSED -> in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        passOn();
    }

    private void passOn() {
        if (state == State.EXCHANGE) {
            if (!exchange.flushed()) {
                setReading(false);
            }
            serverLags = exchange.serverLags();
        } else {
            serverLags = false;
        }
    }

    /** RFC 9113 3.3: a client that knows beforehand begins with the preface, and never upgrades. */
    private static boolean isHttp2(ByteBuf in) {
        return in.readableBytes() >= 4 && in.getInt(in.readerIndex()) == PREFACE;
    }

    /** Whether it is too short to tell, and may become HTTP/2's preface. */
    private static boolean maybeHttp2(ByteBuf in) {
        int n = in.readableBytes();
        for (int i = 0; i < n; i++) {
            if (i == Integer.BYTES
                    || in.getByte(in.readerIndex() + i)
                            != (byte) (PREFACE >> (8 * (Integer.BYTES - 1 - i)))) {
                return false;
            }
        }
        return true;
    }

    /** The first bytes decide what is spoken; they may come in pieces. */
    private void first(ByteBuf in) {
        ByteBuf before = opening;
        ByteBuf all = before == null ? in : Unpooled.wrappedBuffer(before, in);
        opening = null;
        if (isHttp2(all)) {
            becomeStreams(all);
        } else if (maybeHttp2(all)) {
            // A few bytes; what they were read into is not kept for them.
            opening = Unpooled.copiedBuffer(all);
            all.release();
            if (state == State.IDLE) {
                state = State.HEAD;
                shop.expire(deadline, front.headersNanos);
            }
        } else {
            requests(all);
        }
    }

    private void becomeStreams(ByteBuf in) {
        ClientStreams next = front.streams(shop, listening, channel, facts, tlsVersion);
        streams = next;
        state = State.CLOSED;
        shop.off(deadline);
        ChannelHandlerContext from = context();
        channel.pipeline().addLast(next).remove(this);
        from.fireChannelRead(in);
        if (draining) {
            next.endWithNextAnswer();
        }
    }

    /** Reads and serves requests until the bytes are used up or one has to wait for its answer. */
    private void requests(ByteBuf in) {
        reading = true;
        while (in.isReadable() && (state == State.IDLE || state == State.HEAD)) {
            RequestHead whole = readHead(in);
            if (whole != null) {
                serve(whole, in);
            }
        }
        reading = false;
        keepOrRelease(in);
    }

    private void keepOrRelease(ByteBuf in) {
        if (in.isReadable() && state == State.EXCHANGE) {
            pend(in);
        } else {
            in.release();
        }
    }

    /** The next head, when it is whole; null if more is needed or it was refused. */
    private @Nullable RequestHead readHead(ByteBuf in) {
        RequestHead into = head;
        if (into == null) {
            // A reload holds from the next request on.
            if (listening.front() instanceof HttpFront now) {
                front = now;
            }
            into = shop.requestHead(front);
            head = into;
            if (front.accessLines != null) {
                entry = begunEntry();
            }
        }
        while (in.isReadable()) {
            int before = into.filled();
            int wanted = Math.min(in.readableBytes(), HEAD_STEP);
            byte[] room = into.room(wanted);
            int n = Math.min(wanted, room.length - before);
            in.getBytes(in.readerIndex(), room, before, n);
            into.added(n);
            Parsed parsed = into.parse();
            switch (parsed) {
                case NEED_MORE -> in.skipBytes(n);
                case COMPLETE -> {
                    // What is behind it is not the head's.
                    in.skipBytes(n - (into.filled() - into.end()));
                    return into;
                }
                case REFUSED -> {
                    answers.refused(into.refusal());
                    return null;
                }
            }
        }
        if (state == State.IDLE) {
            state = State.HEAD;
            shop.expire(deadline, front.headersNanos);
        }
        return null;
    }

    private void serve(RequestHead request, ByteBuf in) {
        state = State.EXCHANGE;
        asked = true;
        bodyNanos = front.bodyNanos;
        id.next();
        Entry logged = entry;
        if (logged != null) {
            logged.request(request, facts, id.text(), System.nanoTime());
        }
        ByteBuf early = null;
        if (request.hasBody()) {
            shop.expire(deadline, front.bodyNanos);
            if (request.isChunked()) {
                body.chunked(false);
            } else {
                body.length(request.contentLength());
            }
            body.atMost(front.bodyBytes);
            if (body.read(in) == Parsed.REFUSED) {
                answers.refused(body.refusal());
                return;
            }
            bodyReceived();
            early = Runs.copy(body, in, shop.worker.allocator());
        } else {
            body.none();
        }
        dispatch.request(request, early);
    }

    @Override
    public void bodyPause(long nanos) {
        if (nanos != bodyNanos) {
            bodyNanos = nanos;
            if (head().hasBody()) {
                shop.expire(deadline, nanos);
            }
        }
    }

    private void whileServing(ByteBuf in) {
        if (body.isComplete()) {
            pend(in);
            return;
        }
        shop.expire(deadline, bodyNanos);
        if (body.read(in) == Parsed.REFUSED) {
            in.release();
            exchange.refused(body.refusal());
            return;
        }
        bodyReceived();
        exchange.requestBody(body, in);
        keepOrRelease(in);
    }

    // ---- the access log ----

    private Entry begunEntry() {
        Entry of = entries;
        if (of == null) {
            of = new Entry(listening.name(), facts.ends().client().getPort());
            entries = of;
        }
        of.begin(System.nanoTime(), System.currentTimeMillis(), facts, tlsVersion);
        return of;
    }

    private void bodyReceived() {
        Entry logged = entry;
        if (logged != null) {
            logged.received(body.size());
        }
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

    private void writeEntry() {
        Entry over = entry;
        AccessLines lines = front.accessLines;
        if (over != null && lines != null) {
            entry = null;
            over.end(System.nanoTime());
            lines.write(shop, over);
        }
    }

    /** What came too early waits; and what is small does so without the large buffer it came in. */
    private void pend(ByteBuf in) {
        ByteBuf before = pending;
        if (before == null) {
            pending = shop.kept(in);
        } else {
            pending = Unpooled.wrappedBuffer(before, in);
        }
        setReading(false);
    }

    @Override
    public void resumeReading() {
        if (pending == null) {
            setReading(true);
        }
    }

    private void setReading(boolean on) {
        if (!inputEnded) {
            channel.config().setAutoRead(on);
        }
    }

    // ---- what the exchange asks ----

    @Override
    public RequestHead head() {
        RequestHead request = head;
        if (request == null) {
            throw new IllegalStateException("no request is being served");
        }
        return request;
    }

    @Override
    public HttpFront front() {
        return front;
    }

    @Override
    public RequestId id() {
        return id;
    }

    @Override
    public @Nullable RequestHead wholeHead() {
        RequestHead request = head;
        return request != null && request.parse() == Parsed.COMPLETE ? request : null;
    }

    @Override
    public ClientFacts facts() {
        return facts;
    }

    @Override
    public boolean requestIsComplete() {
        return body.isComplete();
    }

    @Override
    public boolean keepsAlive() {
        return head().keepAlive()
                && !draining
                && body.isComplete()
                && !(inputEnded && pending == null);
    }

    @Override
    public boolean accepts(int status) {
        return true;
    }

    @Override
    public boolean takesChunked() {
        return !head().isHttp10();
    }

    @Override
    public void write(int ofHead) {
        write(shop.outputBuffer());
    }

    @Override
    public void write(ByteBuf out) {
        ChannelHandlerContext to = context();
        var _ = to.write(out, to.channel().voidPromise());
    }

    /** HTTP/1.0 has no place for them, and HTTP/1.1 had them chunked. */
    @Override
    public void trailers(TrailerSection section) {}

    @Override
    public void flush() {
        context().flush();
    }

    @Override
    public boolean lags() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() > 0;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    boolean isOpen() {
        return state == State.EXCHANGE;
    }

    @Override
    public void answered(boolean keep) {
        flush();
        giveHeadBack();
        if (!keep || (draining && pending == null)) {
            end();
            return;
        }
        state = State.IDLE;
        shop.expire(deadline, front.idleNanos);
        if (!channel.config().isAutoRead()) {
            setReading(true);
        }
        ByteBuf more = pending;
        if (more != null) {
            pending = null;
            if (reading) {
                throw new IllegalStateException("pending bytes while a buffer is read");
            }
            requests(more);
        }
        if (inputEnded && (state == State.IDLE || state == State.HEAD)) {
            close();
        }
    }

    // ---- answers of our own ----

    @Override
    public Answers answers() {
        return answers;
    }

    @Override
    public boolean isHeadRequest() {
        RequestHead request = head;
        return request != null && request.method() == Method.HEAD;
    }

    @Override
    public void sendAnswer(int ofHead, boolean keep) {
        state = State.EXCHANGE;
        write(ofHead);
        if (keep) {
            answered(true);
        } else {
            flush();
            giveHeadBack();
            linger();
        }
    }

    // ---- the end ----

    /** Every exchange ends here, however it ends. */
    private void giveHeadBack() {
        writeEntry();
        RequestHead used = head;
        if (used != null) {
            head = null;
            shop.giveBack(used, front);
        }
    }

    /** Ends the connection behind what was written. */
    private void end() {
        if (body.isComplete() && pending == null) {
            state = State.CLOSED;
            releasePending();
            shop.off(deadline);
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            linger();
        }
    }

    /**
     * RFC 9112 9.6: closing while the client still sends would reset the connection and may take
     * the answer with it. So only our half is closed, and the client's is read to its end for a
     * while.
     */
    private void linger() {
        releasePending();
        if (inputEnded) {
            state = State.CLOSED;
            shop.off(deadline);
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        state = State.LINGER;
        setReading(true);
        shop.off(deadline);
        shop.expire(deadline, LINGER_NANOS);
        context()
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        written -> {
                            if (written.isSuccess() && channel.isActive()) {
                                closeOurHalf();
                            }
                        });
    }

    private void closeOurHalf() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            var _ = channel.shutdownOutput();
        } else {
            // RFC 8446 6.1: close_notify ends what we send, and no more.
            var _ = tls.closeOutbound();
        }
    }

    private void close() {
        state = State.CLOSED;
        releasePending();
        giveHeadBack();
        shop.off(deadline);
        var _ = context().close();
    }

    /** Closes with a reset. */
    @Override
    public void abort() {
        state = State.CLOSED;
        releasePending();
        giveHeadBack();
        shop.off(deadline);
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }

    private void releasePending() {
        ByteBuf begun = opening;
        if (begun != null) {
            opening = null;
            begun.release();
        }
        ByteBuf waiting = pending;
        if (waiting != null) {
            pending = null;
            waiting.release();
        }
    }

    /** Leaves the pipeline. */
    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in) {
        Exchange.Switched switched =
                exchange.switched(response, Persistence.UPGRADE, in.readableBytes());
        write(shop.output.length());
        if (in.isReadable()) {
            write(in.retainedSlice());
        }
        flush();
        TunnelAccounts accounts =
                new TunnelAccounts(shop, listening, switched.by(), entry, front.accessLines);
        entry = null;
        entries = null;
        state = State.TUNNEL;
        shop.off(deadline);
        giveHeadBack();
        ByteBuf early = pending;
        pending = null;
        channel.pipeline().remove(this);
        if (switched.from() instanceof ServerConnection server) {
            Tunnel through =
                    new Tunnel(
                            shop.worker,
                            accounts,
                            switched.silence(),
                            channel,
                            server.becomeTunnel());
            tunnel = through;
            through.start(early, inputEnded);
        } else {
            ChannelEnd own = ChannelEnd.ofClient(channel);
            StreamTunnel through =
                    new StreamTunnel(
                            shop, accounts, switched.silence(), own, switched.from().tunnelEnd());
            tunnel = through;
            through.start();
            own.said(early, inputEnded);
        }
    }

    private void expired() {
        switch (state) {
            case IDLE, LINGER -> close();
            case HEAD -> {
                ByteBuf begun = opening;
                if (begun != null) {
                    opening = null;
                    requests(begun);
                }
                state = State.EXCHANGE;
                body.none();
                draining = true;
                answers.failed(Reason.HEADER_TIMEOUT);
            }
            case EXCHANGE -> expiredWhileServing();
            case TUNNEL, CLOSED -> {}
        }
    }

    private void expiredWhileServing() {
        long unsent = channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        boolean stalled = unsent > 0 && unsent == unsentBefore;
        unsentBefore = unsent;
        shop.expire(deadline, bodyNanos);
        if (stalled) {
            exchange.clientLost(Reason.CLIENT_STALLED);
            abort();
        } else if (!body.isComplete() && channel.config().isAutoRead()) {
            exchange.bodyTimedOut();
        }
    }

    // ---- events ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (state == State.EXCHANGE && channel.isWritable()) {
            exchange.clientCanTakeMore();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            switch (state) {
                case IDLE, LINGER -> close();
                case HEAD -> {
                    listening.tally(shop.worker).failed(Reason.CLIENT_CLOSED);
                    noteFailure(Reason.CLIENT_CLOSED);
                    close();
                }
                case EXCHANGE -> {
                    if (!body.isComplete()) {
                        gone(Reason.CLIENT_CLOSED);
                    }
                }
                case TUNNEL, CLOSED -> {}
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        gone(Reason.CLIENT_CLOSED);
        exchange.forget();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            // A broken record: the handshake was done before.
            gone(Reason.TLS_FAILED);
        } else if (cause instanceof IOException) {
            gone(Reason.CLIENT_RESET);
        } else {
            gone(Reason.INTERNAL);
            // A fault of ours: Netty's last handler reports it.
            from.fireExceptionCaught(cause);
        }
    }

    private void gone(Reason reason) {
        if (state == State.EXCHANGE) {
            exchange.clientLost(reason);
        } else if (state == State.HEAD) {
            listening.tally(shop.worker).failed(reason);
            noteFailure(reason);
        }
        if (state != State.CLOSED) {
            close();
        }
    }

    // ---- control ----

    @Override
    public Activity activity() {
        if (streams != null) {
            return streams.activity();
        }
        return switch (state) {
            case IDLE -> expectsFirstRequest() ? Activity.EXCHANGE : Activity.IDLE;
            case HEAD, EXCHANGE -> Activity.EXCHANGE;
            // Answered; but the client may not have got all of it.
            case LINGER, CLOSED ->
                    channel.unsafe().outboundBuffer() != null
                                    && channel.unsafe().outboundBuffer().totalPendingWriteBytes()
                                            > 0
                            ? Activity.EXCHANGE
                            : Activity.IDLE;
            case TUNNEL -> Activity.SESSION;
        };
    }

    @Override
    public Doing doing() {
        if (streams != null) {
            return streams.doing();
        }
        Busy through = tunnel;
        Doing now =
                switch (state) {
                    case IDLE -> exchange.bytes(Doing.of(Doing.State.IDLE));
                    case HEAD -> exchange.bytes(Doing.of(Doing.State.BEGINNING));
                    case EXCHANGE -> exchange.doing();
                    case TUNNEL, LINGER, CLOSED ->
                            exchange.bytes(
                                    through == null
                                            ? Doing.of(Doing.State.ENDING)
                                            : through.doing());
                };
        return now.version("1");
    }

    private boolean expectsFirstRequest() {
        return !asked && shop.expectsFirstRequest(opened);
    }

    @Override
    public void endWithNextAnswer() {
        draining = true;
        if (streams != null) {
            streams.endWithNextAnswer();
        }
    }

    @Override
    public void drain() {
        draining = true;
        if (streams != null) {
            streams.drain();
        }
        if (state != State.IDLE) {
            return;
        }
        if (expectsFirstRequest()) {
            shop.expire(deadline, Workshop.FIRST_REQUEST_NANOS);
        } else {
            close();
        }
    }

    @Override
    public void cut(Reason reason) {
        draining = true;
        if (streams != null) {
            streams.cut(reason);
        }
        switch (state) {
            case EXCHANGE -> exchange.fail(reason);
            case TUNNEL -> {
                Busy through = tunnel;
                if (through != null) {
                    through.cut(reason);
                }
            }
            case IDLE, HEAD, LINGER -> {
                noteFailure(reason);
                close();
            }
            case CLOSED -> {}
        }
    }
}
