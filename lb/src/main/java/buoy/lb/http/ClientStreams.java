// Longer than 200 lines: one connection's life, every event of which concerns its streams.
package buoy.lb.http;

import buoy.lb.http.h2.RequestText;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.listen.Client;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Floods;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/2 (RFC 9113): its frames are Netty's business, each of its
 * streams that of a {@link ClientStream}.
 */
final class ClientStreams extends StreamsHandler<ClientStream> implements Client {
    /** RFC 9113 6.5.2 recommends no fewer. */
    private static final int MOST_STREAMS = 100;

    /** What a stream may have sent that no server has taken yet. */
    private static final int STREAM_WINDOW = 65_535;

    /** The same for all streams of the connection together. */
    private static final int CONNECTION_WINDOW = 512 * 1024;

    /** What a field costs of the size of a list, beside its octets (RFC 9113 6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Listening listening;
    private final ClientFacts facts;
    private final String tlsVersion;
    private final ReadFields<RequestText> read;
    private final OrderedFrames ordered;
    private final Deadline deadline = new Deadline(this::expired);
    private final Deadline ofFields = new Deadline(this::fieldsTimedOut);
    private final long opened;

    private HttpFront front;
    private boolean draining;
    private boolean asked;
    private boolean closing;

    /** Whether the heads of a stream wait for room in the connection. */
    private boolean headsWait;

    /** Whether it is looked at because a stream stalled, or the connection should have ended. */
    private boolean watched;

    private long unsentBefore;

    /** Bytes of streams that have ended. */
    private long bytesFromClient;

    private long bytesToClient;

    /** The block of fields that is waited for; 0 if none is. */
    private int awaited;

    /** Why streams end that nobody ended. */
    private Reason lost = Reason.CLIENT_CLOSED;

    static ClientStreams of(
            Workshop shop,
            Listening listening,
            HttpFront front,
            DuplexChannel channel,
            ClientFacts facts,
            String tlsVersion) {
        ReadFields<RequestText> read = new ReadFields<>(new RequestText());
        Http2Connection connection = new DefaultHttp2Connection(true);
        long listSize =
                front.limits().headerBytes() + (long) FIELD_OVERHEAD * front.limits().headers();
        Http2Settings settings =
                new Http2Settings()
                        .maxConcurrentStreams(MOST_STREAMS)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(listSize)
                        .connectProtocolEnabled(true);
        connection.remote().maxActiveStreams(MOST_STREAMS);
        FrameBudget budget = new FrameBudget(shop.worker.now());
        Http2ConnectionEncoder encoder =
                Floods.guarded(
                        new StreamsEncoder(connection, new GatheredFrames()) {
                            @Override
                            public ChannelFuture writeData(
                                    ChannelHandlerContext to,
                                    int stream,
                                    ByteBuf data,
                                    int padding,
                                    boolean ends,
                                    ChannelPromise promise) {
                                budget.sent(data.readableBytes());
                                return super.writeData(to, stream, data, padding, ends, promise);
                            }
                        });
        OrderedFrames ordered =
                new OrderedFrames(reader(read, listSize), connection, budget, shop.worker::now);
        Http2ConnectionDecoder decoder =
                Floods.guarded(
                        new DefaultHttp2ConnectionDecoder(
                                connection,
                                encoder,
                                ordered,
                                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                                true,
                                true,
                                false));
        return new ClientStreams(
                shop,
                listening,
                front,
                channel,
                facts,
                tlsVersion,
                read,
                ordered,
                connection,
                decoder,
                encoder,
                settings);
    }

    private ClientStreams(
            Workshop shop,
            Listening listening,
            HttpFront front,
            DuplexChannel channel,
            ClientFacts facts,
            String tlsVersion,
            ReadFields<RequestText> read,
            OrderedFrames ordered,
            Http2Connection connection,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(shop, channel, decoder, encoder, settings);
        this.listening = listening;
        this.front = front;
        this.facts = facts;
        this.tlsVersion = tlsVersion;
        this.read = read;
        this.ordered = ordered;
        this.opened = shop.worker.now();
        decoder.frameListener(new Frames());
        connection.addListener(new Ends());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        Http2Connection connection = connection();
        connection
                .local()
                .flowController()
                .incrementWindowSize(
                        connection.connectionStream(), CONNECTION_WINDOW - STREAM_WINDOW);
        shop.expire(deadline, front.idleNanos);
    }

    // ---- what streams ask ----

    ClientFacts facts() {
        return facts;
    }

    String tlsVersion() {
        return tlsVersion;
    }

    DuplexChannel channel() {
        return channel;
    }

    /** Whether the connection takes more; if not, its streams hear of it when it does. */
    boolean takesMore() {
        boolean takes = channel.isWritable();
        headsWait |= !takes;
        return takes;
    }

    void reset(int stream, Http2Error why) {
        ordered.resetByUs(stream);
        ChannelHandlerContext to = context();
        // Those that the client provoked are counted by the guard before the encoder.
        var _ =
                why == Http2Error.PROTOCOL_ERROR
                        ? encoder().writeRstStream(to, stream, why.code(), to.newPromise())
                        : resetStream(to, stream, why.code(), to.newPromise());
    }

    // ---- frames ----

    private ClientStream begun(Http2Stream stream) {
        asked = true;
        if (!draining && !watched) {
            shop.off(deadline);
        }
        // A reload holds from the next request on.
        if (listening.front() instanceof HttpFront now) {
            front = now;
        }
        ClientStream begun = new ClientStream(shop, this, listening, front, stream);
        put(stream, begun);
        return begun;
    }

    private final class Frames extends Http2EventAdapter {
        @Override
        public void onHeadersRead(
                ChannelHandlerContext from,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean ends) {
            onHeadersRead(from, id, headers, padding, ends);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from,
                int id,
                Http2Headers headers,
                int padding,
                boolean ends) {
            Http2Stream stream = connection().stream(id);
            ClientStream known = of(stream);
            if (known != null) {
                known.trailers(read.text());
                return;
            }
            if (stream.isHeadersSent()) {
                // Trailers of a request that was answered before its end.
                return;
            }
            begun(stream).head(read.text(), ends);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean ends) {
            ClientStream stream = at(id);
            int n = data.readableBytes();
            if (stream == null || !stream.data(data, ends)) {
                return n + padding;
            }
            feed(stream);
            return padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
            ClientStream stream = at(id);
            if (stream != null) {
                stream.lost(Reason.CLIENT_RESET);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) throws Exception {
        super.channelReadComplete(from);
        awaitFields();
    }

    /** A block of fields has to come as soon as a head of HTTP/1.1 has. */
    private void awaitFields() {
        int open = closing ? 0 : ordered.openBlock();
        if (open == awaited) {
            return;
        }
        awaited = open;
        if (open == 0) {
            shop.off(ofFields);
        } else {
            shop.expire(ofFields, front.headersNanos);
        }
    }

    private void fieldsTimedOut() {
        if (closing) {
            return;
        }
        lost = Reason.HEADER_TIMEOUT;
        if (!any(ClientStream::isServed)) {
            listening.tally(shop.worker).failed(lost);
        }
        end(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) throws Exception {
        super.channelWritabilityChanged(from);
        if (headsWait && channel.isWritable()) {
            headsWait = false;
            each(ClientStream::connectionTakesMore);
        }
    }

    // ---- the end ----

    /** However a stream ends, it ends here. */
    private final class Ends extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            ClientStream known = take(stream);
            if (known != null) {
                known.lost(lost);
                Doing was = known.doing();
                bytesFromClient += was.fromClient();
                bytesToClient += was.toClient();
            }
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            if (connection().numActiveStreams() > 0 || closing) {
                return;
            }
            if (draining) {
                end();
            } else {
                watched = false;
                shop.expire(deadline, front.idleNanos);
            }
        }
    }

    /** Ends the connection, on which no stream is left. */
    private void end() {
        end(Http2Error.NO_ERROR);
    }

    private void end(Http2Error why) {
        if (closing) {
            return;
        }
        closing = true;
        shop.expire(deadline, front.bodyNanos);
        ChannelHandlerContext to = context();
        sayGoAway(connection().remote().lastStreamCreated(), why);
        flush(to);
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * @param last the last stream that is served here
     */
    private void sayGoAway(int last, Http2Error why) {
        if (channel.isActive()) {
            ChannelHandlerContext to = context();
            var _ = goAway(to, last, why.code(), Unpooled.EMPTY_BUFFER, to.newPromise());
        }
    }

    private void expired() {
        long unsent = unsent();
        if (closing || (watched && unsent > 0 && unsent == unsentBefore)) {
            // Nobody reads what it would have to be told.
            abort();
        } else if (connection().numActiveStreams() == 0) {
            end();
        } else {
            unsentBefore = unsent;
            if (draining && !watched) {
                sayGoAway(connection().remote().lastStreamCreated(), Http2Error.NO_ERROR);
                flush();
            }
            watch();
        }
    }

    /** Looks whether the client takes what is written at all. */
    void watch() {
        watched = true;
        shop.expire(deadline, front.bodyNanos);
    }

    private long unsent() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** Closes with a reset. */
    private void abort() {
        closing = true;
        shop.off(deadline);
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext to, boolean outbound, Throwable cause, StreamException why) {
        ClientStream known = at(why.streamId());
        if (!outbound
                && connection().stream(why.streamId()) == null
                && ordered.wasResetByUs(why.streamId())) {
            // It was on its way when we did.
            return;
        }
        if (known != null) {
            known.lost(closing ? lost : outbound ? Reason.INTERNAL : Reason.BAD_REQUEST);
        } else if (!outbound && !(why instanceof HeaderListSizeException)) {
            listening.tally(shop.worker).failed(Reason.BAD_REQUEST);
        }
        ordered.resetByUs(why.streamId());
        super.onStreamError(to, outbound, cause, why);
    }

    /** Not even kept to be judged. The stream is reset behind this. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext to, Http2Stream stream) {
        if (of(stream) == null) {
            begun(stream).tooLarge();
            flushNow();
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Netty's own: null where it is not the protocol
    protected void onConnectionError(
            ChannelHandlerContext to,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception why) {
        if (!closing) {
            boolean flood = why != null && why.error() == Http2Error.ENHANCE_YOUR_CALM;
            lost =
                    cause instanceof IOException
                            ? Reason.CLIENT_RESET
                            : why == null
                                    ? Reason.INTERNAL
                                    : flood ? Reason.CLIENT_FLOOD : Reason.BAD_REQUEST;
            if (!any(ClientStream::isServed)) {
                // Else the exchanges that end with it are counted.
                listening.tally(shop.worker).failed(lost);
            }
            closing = true;
        }
        // It closes when it was told why, which may never be.
        shop.expire(deadline, LINGER_NANOS);
        super.onConnectionError(to, outbound, cause, why);
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) throws Exception {
        closing = true;
        shop.off(deadline);
        shop.off(ofFields);
        super.channelInactive(from);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) throws Exception {
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            gone(Reason.TLS_FAILED);
        } else if (cause instanceof IOException) {
            gone(Reason.CLIENT_RESET);
        } else {
            super.exceptionCaught(from, cause);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            // RFC 9113 has no half-closed connections: nobody reads what is still answered.
            gone(Reason.CLIENT_CLOSED);
        }
        super.userEventTriggered(from, event);
    }

    private void gone(Reason reason) {
        lost = reason;
        closing = true;
        shop.off(deadline);
        var _ = context().close();
    }

    // ---- control ----

    @Override
    public Activity activity() {
        if (connection().numActiveStreams() > 0) {
            return any(stream -> !stream.isTunnel()) ? Activity.EXCHANGE : Activity.SESSION;
        }
        return expectsFirstRequest() || unsent() > 0 ? Activity.EXCHANGE : Activity.IDLE;
    }

    @Override
    public Doing doing() {
        List<Doing> under = new ArrayList<>();
        each(stream -> under.add(stream.doing()));
        int exchanges = under.stream().mapToInt(Doing::exchanges).sum();
        return Doing.of(state(under, exchanges))
                .version("2")
                .at(under.stream().flatMap(each -> each.targets().stream()).distinct().toList())
                .exchanges(exchanges)
                .plus(bytesFromClient, bytesToClient)
                .plus(
                        under.stream().mapToLong(Doing::fromClient).sum(),
                        under.stream().mapToLong(Doing::toClient).sum());
    }

    /** What most wants to be known: that one of them waits says little where others are served. */
    private Doing.State state(List<Doing> under, int exchanges) {
        if (exchanges > 0) {
            return under.stream().anyMatch(each -> each.state() == Doing.State.EXCHANGE)
                    ? Doing.State.EXCHANGE
                    : under.stream()
                            .filter(each -> each.exchanges() > 0)
                            .findFirst()
                            .map(Doing::state)
                            .orElseThrow();
        }
        return closing
                ? Doing.State.ENDING
                : under.stream().anyMatch(each -> each.state() == Doing.State.TUNNEL)
                        ? Doing.State.TUNNEL
                        : Doing.State.IDLE;
    }

    private boolean any(Predicate<ClientStream> is) {
        boolean[] found = {false};
        each(stream -> found[0] |= is.test(stream));
        return found[0];
    }

    private boolean expectsFirstRequest() {
        return !asked && shop.expectsFirstRequest(opened);
    }

    /**
     * RFC 9113 6.8: the client learns that its next request goes elsewhere. What it sent before it
     * learns is served; a second later it is told which stream was the last.
     */
    @Override
    public void endWithNextAnswer() {
        if (!draining && !closing) {
            draining = true;
            sayGoAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
            flush();
            shop.expire(deadline, Workshop.FIRST_REQUEST_NANOS);
        }
    }

    @Override
    public void drain() {
        endWithNextAnswer();
        if (connection().numActiveStreams() == 0 && !expectsFirstRequest()) {
            end();
        }
    }

    @Override
    public void cut(Reason reason) {
        endWithNextAnswer();
        each(stream -> stream.cut(reason));
        end();
    }
}
