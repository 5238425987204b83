// Longer than 200 lines: one connection's life, every event of which depends on its state.
package buoy.lb.http;

import buoy.config.model.Pool.Timeouts;
import buoy.lb.http.head.Parsed;
import buoy.lb.http.head.Refusal;
import buoy.lb.http.head.ResponseHead;
import buoy.lb.http.head.TrailerSection;
import buoy.lb.pool.Live;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.worker.Deadlines.Deadline;
import buoy.lb.worker.EndOfInput;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server: carries one exchange at a time, and waits among the idle ones in
 * between. Reads responses and frames them (RFC 9112 6.3); anything a server sends that no exchange
 * asked for closes the connection, so that it can never be taken for somebody else's answer.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements Upstream, Live {
    /** Copied into the head at once; more only if the head is not whole then. */
    private static final int HEAD_STEP = 2048;

    /** Shorter than the keep-alive timeouts servers come with (5 s and more). */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long PERSONAL_NANOS = TimeUnit.SECONDS.toNanos(60);

    private enum State {
        IDLE,
        /** The request is under way, or was sent; no final response yet. */
        WAITING,
        /** The final response's body is coming. */
        BODY,
        CLOSED
    }

    private final Workshop shop;
    private final Server server;
    private final DuplexChannel channel;
    private final BodyReader body = new BodyReader();
    private final Deadline deadline = new Deadline(this::expired);

    private State state = State.IDLE;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private @Nullable ResponseHead head;
    private long responseNanos;
    private long responseIdleNanos;
    private boolean untouched;
    private boolean requestSent;
    private boolean reusable;

    /** What is read now may have to be kept for long. */
    private boolean clientLags;

    private boolean draining;

    /** An end of the connection is an end of what the server has to say (RFC 9112 9.8). */
    private boolean endCounts;

    /** The server was told whose it is. */
    private final boolean introduced;

    /** By NTLM or Negotiate. */
    private boolean authenticated;

    /** Takes over a channel that just connected. */
    ServerConnection(Workshop shop, Server server, DuplexChannel channel) {
        this.shop = shop;
        this.server = server;
        this.channel = channel;
        this.introduced = server.sendProxy().isPresent();
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        shop.worker.letLittleWait(channel);
        channel.config().setRecvByteBufAllocator(shop.readSizing());
        endCounts = channel.pipeline().get(SslHandler.class) == null;
        channel.pipeline().addLast(this);
        channel.config().setAutoRead(true);
        server.roster(shop.worker).add(this);
    }

    Server server() {
        return server;
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

    // ---- what the exchange asks ----

    @Override
    public void serve(Exchange next, Timeouts timeouts) {
        exchange = next;
        clientLags = false;
        state = State.WAITING;
        untouched = true;
        requestSent = false;
        responseNanos = timeouts.response().toNanos();
        responseIdleNanos = timeouts.responseIdle().toNanos();
        shop.expire(deadline, responseNanos);
    }

    @Override
    public void send(int headBytes) {
        write(shop.outputBuffer());
    }

    @Override
    public void expectAnswer() {
        requestSent = true;
        shop.expire(deadline, responseNanos);
    }

    @Override
    public void write(ByteBuf out) {
        ChannelHandlerContext to = context();
        var _ = to.write(out, to.channel().voidPromise());
    }

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

    @Override
    public void resumeReading() {
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    /** The connection is kept for the next exchange, or closed. */
    @Override
    public void release(boolean keep) {
        exchange = null;
        giveHeadBack();
        if (state == State.CLOSED) {
            return;
        }
        state = State.IDLE;
        if (keep && !draining && (isPersonal() || shop.idle.put(this))) {
            resumeReading();
            shop.expire(deadline, isPersonal() ? PERSONAL_NANOS : IDLE_NANOS);
        } else {
            close();
        }
    }

    @Override
    public @Nullable ServerConnection personal() {
        return isPersonal() && isIdle() ? this : null;
    }

    /** Whether it serves no other client. */
    private boolean isPersonal() {
        return introduced || authenticated;
    }

    /** Whether the server may know the client by this connection alone. */
    boolean isAuthenticated() {
        return authenticated;
    }

    /** Whether it waits for the next exchange. */
    boolean isIdle() {
        return state == State.IDLE;
    }

    /** The client a personal connection belongs to is gone. */
    void closeIfIdle() {
        if (state == State.IDLE) {
            close();
        }
    }

    /** Leaves the pipeline. */
    DuplexChannel becomeTunnel() {
        state = State.CLOSED;
        exchange = null;
        giveHeadBack();
        shop.off(deadline);
        server.roster(shop.worker).remove(this);
        channel.pipeline().remove(this);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        return channel;
    }

    @Override
    public TunnelEnd tunnelEnd() {
        return ChannelEnd.ofServer(becomeTunnel());
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = clientLags ? shop.kept((ByteBuf) message) : (ByteBuf) message;
        try {
            switch (state) {
                case IDLE -> {
                    // Nobody asked: it must never meet the next request.
                    shop.idle.remove(this);
                    close();
                }
                case WAITING -> heads(in);
                case BODY -> body(in);
                case CLOSED -> {}
            }
        } finally {
            in.release();
        }
        if (shop.isMemoryScarce()) {
            passOn();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        passOn();
    }

    private void passOn() {
        Exchange served = exchange;
        if (served == null) {
            return;
        }
        // Of interim responses there may be no end either.
        boolean interim = state == State.WAITING && !untouched;
        if (state == State.BODY || interim) {
            served.flushClient();
            clientLags = served.clientLags();
            if (interim ? !served.clientTakesHeads() : !served.clientIsWritable()) {
                channel.config().setAutoRead(false);
            }
        }
    }

    private Exchange served() {
        Exchange served = exchange;
        if (served == null) {
            throw new IllegalStateException("no exchange");
        }
        return served;
    }

    /** Interim heads, and the final one. */
    private void heads(ByteBuf in) {
        if (untouched && in.isReadable()) {
            untouched = false;
            served().firstByte();
        }
        while (in.isReadable() && state == State.WAITING) {
            ResponseHead into = head;
            if (into == null) {
                into = shop.responseHead();
                head = into;
            }
            int before = into.filled();
            int wanted = Math.min(in.readableBytes(), HEAD_STEP);
            byte[] room = into.room(wanted);
            int n = Math.min(wanted, room.length - before);
            in.getBytes(in.readerIndex(), room, before, n);
            into.added(n);
            switch (into.parse()) {
                case NEED_MORE -> in.skipBytes(n);
                case REFUSED -> {
                    fail(
                            into.refusal() == Refusal.HEADER_TOO_LARGE
                                            || into.refusal() == Refusal.TOO_MANY_FIELDS
                                    ? Reason.RESPONSE_HEADER_TOO_LARGE
                                    : Reason.BAD_RESPONSE);
                    return;
                }
                case COMPLETE -> {
                    in.skipBytes(into.end() - before);
                    head(into, in);
                }
            }
        }
    }

    private void head(ResponseHead whole, ByteBuf in) {
        if (whole.status() == 101) {
            if (served().isWebSocket() && whole.switchesToWebSocket()) {
                served().switchProtocols(whole, in);
            } else {
                fail(Reason.BAD_RESPONSE);
            }
        } else if (whole.isInterim()) {
            served().interim(whole);
            giveHeadBack();
        } else {
            finalHead(whole, in);
        }
    }

    /** RFC 9112 6.3: what ends the response. */
    private void finalHead(ResponseHead whole, ByteBuf in) {
        if (served().isRepeatedFor(whole.status())) {
            Exchange repeated = served();
            int status = whole.status();
            // What still comes of this answer is nobody's.
            close();
            exchange = null;
            repeated.repeatElsewhere(status);
            return;
        }
        if (!served().clientAccepts(whole.status())) {
            fail(Reason.BAD_RESPONSE);
            return;
        }
        reusable = whole.keepAlive() && !whole.isAmbiguous();
        authenticated |= whole.authenticatesConnection();
        boolean coded = served().codes(whole);
        boolean chunked = (whole.isChunked() || coded) && served().clientTakesChunked();
        if (served().isHead() || whole.status() == 204 || whole.status() == 304) {
            body.none();
        } else if (whole.isChunked()) {
            body.chunked(coded || !chunked);
        } else if (whole.contentLength() >= 0) {
            body.length(whole.contentLength());
        } else {
            body.untilClose();
            reusable = false;
        }
        if (whole.status() == 205) {
            // RFC 9110 15.3.6: a client may take what comes behind it for its next answer.
            body.atMost(0);
        }
        boolean sound = body.read(in) != Parsed.REFUSED;
        if (!sound) {
            fail(Reason.BAD_RESPONSE);
            return;
        }
        state = State.BODY;
        served().response(whole, chunked && whole.status() != 204, body, in);
        giveHeadBack();
        afterBody(in);
    }

    private void body(ByteBuf in) {
        if (body.read(in) == Parsed.REFUSED) {
            fail(Reason.BAD_RESPONSE);
            return;
        }
        served().responseBody(body, in);
        afterBody(in);
    }

    private void afterBody(ByteBuf in) {
        if (body.isComplete()) {
            TrailerSection trailers = body.trailers();
            if (trailers != null) {
                served().trailers(trailers);
            }
            // Bytes behind the response are nobody's: the connection is not used again.
            Exchange done = served();
            state = State.IDLE;
            done.finished(reusable && !in.isReadable());
        } else {
            shop.expire(deadline, responseIdleNanos);
        }
    }

    private void giveHeadBack() {
        ResponseHead used = head;
        if (used != null) {
            head = null;
            shop.giveBack(used);
        }
    }

    // ---- the end ----

    private void fail(Reason reason) {
        Exchange served = served();
        close();
        served.fail(reason);
    }

    private void close() {
        state = State.CLOSED;
        giveHeadBack();
        shop.off(deadline);
        server.roster(shop.worker).remove(this);
        var _ = channel.close();
    }

    private void expired() {
        switch (state) {
            case IDLE -> {
                shop.idle.remove(this);
                close();
            }
            case WAITING -> {
                if (requestSent) {
                    fail(Reason.RESPONSE_TIMEOUT);
                } else {
                    // The request's body is still coming; the listener's timeouts watch it.
                    shop.expire(deadline, responseNanos);
                }
            }
            case BODY -> {
                if (channel.config().isAutoRead()) {
                    fail(Reason.RESPONSE_IDLE);
                } else {
                    // The client is the slow one.
                    shop.expire(deadline, responseIdleNanos);
                }
            }
            case CLOSED -> {}
        }
    }

    /** The server ended the connection, or it is broken. */
    private void lost(Reason reason) {
        switch (state) {
            case IDLE -> {
                shop.idle.remove(this);
                close();
            }
            case WAITING -> {
                Exchange served = served();
                close();
                served.serverLost(reason, untouched);
            }
            case BODY -> {
                if (body.endsAtClose() && endCounts && reason == Reason.SERVER_CLOSED) {
                    Exchange done = served();
                    close();
                    done.finished(false);
                } else {
                    fail(reason);
                }
            }
            case CLOSED -> {}
        }
    }

    // ---- events ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        Exchange served = exchange;
        if (served != null && channel.isWritable()) {
            served.serverCanTakeMore();
        }
    }

    /** Within TLS a server says that it was all before it closes; somebody on the way cannot. */
    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (EndOfInput.is(event)) {
            endCounts = true;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        lost(Reason.SERVER_CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof IOException) {
            lost(Reason.SERVER_RESET);
        } else {
            lost(Reason.INTERNAL);
            // A fault of ours: Netty's last handler reports it.
            from.fireExceptionCaught(cause);
        }
    }

    // ---- control ----

    @Override
    public void drain() {
        draining = true;
        if (state == State.IDLE) {
            shop.idle.remove(this);
            close();
        }
    }

    @Override
    public void moved() {
        drain();
    }

    @Override
    public void cut(Reason reason) {
        switch (state) {
            case IDLE -> drain();
            case WAITING, BODY -> fail(reason);
            case CLOSED -> {}
        }
    }
}
