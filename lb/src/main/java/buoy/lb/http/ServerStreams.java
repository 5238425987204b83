// Longer than 200 lines: one connection's life, every event of which concerns its streams.
package buoy.lb.http;

import buoy.lb.http.h2.ResponseText;
import buoy.lb.pool.Live;
import buoy.lb.pool.Opening.Opened;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
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
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that speaks HTTP/2 (RFC 9113): its frames are Netty's business, each of
 * its streams that of a {@link ServerStream}. It is of use when the server's settings have come.
 */
final class ServerStreams extends StreamsHandler<ServerStream> implements Live {
    /** At one time; a server may take fewer. */
    private static final int MOST_STREAMS = 100;

    /** Streams are numbered; a connection that has had so many takes no more. */
    private static final int LAST_STREAM = Integer.MAX_VALUE - 1000;

    /** What a stream may have sent that its client has not taken yet. */
    private static final int STREAM_WINDOW = 128 * 1024;

    /**
     * Room for all streams, so that a client that takes nothing holds up no other; twice over, as
     * more is granted when half of it was taken.
     */
    private static final int CONNECTION_WINDOW = 2 * MOST_STREAMS * STREAM_WINDOW;

    /** The same while memory is scarce. */
    private static final int NARROW_WINDOW = 16 * 1024;

    private static final int DEFAULT_WINDOW = 65_535;

    /**
     * Of a head that is too large so much is decoded and forgotten, as all that follow are coded by
     * what it said (RFC 7541 2.2): the connection lives on. A larger one ends it.
     */
    private static final long MOST_OF_A_BLOCK = 1 << 20;

    /** Servers that close sooner say so first (RFC 9113 6.8), so no request is lost to that. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** As long may a server that has work to do be silent before it is asked whether it lives. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Frames with nothing for any exchange, in {@link #CALM_NANOS}. */
    private static final int MOST_IDLE_FRAMES = 1000;

    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long PING = 0x62756f79;

    private final Server server;
    private final boolean https;

    /** The server is told whose the connection is: it is of one exchange alone. */
    private final boolean introduced;

    private final ReadFields<ResponseText> read;
    private final Deadline deadline = new Deadline(this::expired);

    private @Nullable Opened opened;
    private @Nullable Future<?> patience;
    private boolean anythingCame;
    private boolean heard;
    private boolean asked;

    /** RFC 8441 3. */
    private boolean takesWebSockets;

    private boolean narrow;

    /** It takes no further exchange. */
    private boolean shut;

    private boolean closing;
    private int lastTaken = Integer.MAX_VALUE;
    private int heldUp;
    private int idleFrames;
    private long calmSince;

    /** Why streams end that nobody ended. */
    private Reason lost = Reason.SERVER_CLOSED;

    static ServerStreams of(Workshop shop, Server server, DuplexChannel channel) {
        ReadFields<ResponseText> read = new ReadFields<>(new ResponseText());
        Http2Connection connection = new DefaultHttp2Connection(false);
        Http2Settings settings =
                new Http2Settings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(Workshop.RESPONSE_LIST_SIZE);
        Http2ConnectionEncoder encoder =
                Floods.guardedFromServer(new StreamsEncoder(connection, new GatheredFrames()));
        Http2ConnectionDecoder decoder =
                Floods.guardedFromServer(
                        new DefaultHttp2ConnectionDecoder(
                                connection,
                                encoder,
                                reader(read, Workshop.RESPONSE_LIST_SIZE),
                                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                                true,
                                true,
                                false) {
                            @Override
                            protected long calculateMaxHeaderListSizeGoAway(long max) {
                                return MOST_OF_A_BLOCK;
                            }
                        });
        return new ServerStreams(
                shop, server, channel, read, connection, decoder, encoder, settings);
    }

    private ServerStreams(
            Workshop shop,
            Server server,
            DuplexChannel channel,
            ReadFields<ResponseText> read,
            Http2Connection connection,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(shop, channel, decoder, encoder, settings);
        this.server = server;
        this.https = channel.pipeline().get(SslHandler.class) != null;
        this.introduced = server.sendProxy().isPresent();
        this.read = read;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        channel.config().setRecvByteBufAllocator(shop.readSizing());
        decoder.frameListener(new Frames());
        connection.addListener(new Ends());
    }

    Server server() {
        return server;
    }

    /** Whether the server has said so, which it does before anything else. */
    boolean takesWebSockets() {
        return takesWebSockets;
    }

    boolean isHttps() {
        return https;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        super.handlerAdded(added);
        Http2Connection connection = connection();
        connection
                .local()
                .flowController()
                .incrementWindowSize(
                        connection.connectionStream(), CONNECTION_WINDOW - DEFAULT_WINDOW);
        flush(added);
    }

    // ---- until it is of use ----

    /** Tells when the server's settings have come; to be called first. */
    void whenOpened(Opened told, Duration left) {
        opened = told;
        patience =
                shop.worker
                        .loop()
                        .schedule(
                                () -> failedToOpen(Reason.CONNECT_TIMEOUT),
                                Math.max(1, left.toNanos()),
                                TimeUnit.NANOSECONDS);
    }

    private @Nullable Opened takeOpened() {
        Opened told = opened;
        opened = null;
        Future<?> running = patience;
        if (running != null) {
            patience = null;
            running.cancel(false);
        }
        return told;
    }

    /** False if it was open already. */
    private boolean failedToOpen(Reason reason) {
        Opened told = takeOpened();
        if (told == null) {
            return false;
        }
        closing = true;
        told.failed(reason);
        return true;
    }

    private void settingsCame() {
        Opened told = takeOpened();
        if (told == null) {
            return;
        }
        if (!connection().local().canOpenStream()) {
            closing = true;
            told.failed(Reason.SERVER_NOT_READY);
            return;
        }
        server.roster(shop.worker).add(this);
        shop.expire(deadline, IDLE_NANOS);
        told.opened();
    }

    // ---- what exchanges and streams ask ----

    /** Whether it takes one more exchange. */
    boolean hasRoom() {
        return !shut
                && !closing
                && heldUp == 0
                && connection().numActiveStreams() < MOST_STREAMS
                && connection().local().canOpenStream()
                && connection().local().lastStreamCreated() < LAST_STREAM;
    }

    /** For all streams, those under way too (RFC 9113 6.9.2). */
    private void sizeWindows() {
        boolean scarce = shop.isMemoryScarce();
        if (scarce != narrow) {
            narrow = scarce;
            ChannelHandlerContext to = context();
            var _ =
                    encoder()
                            .writeSettings(
                                    to,
                                    new Http2Settings()
                                            .initialWindowSize(
                                                    scarce ? NARROW_WINDOW : STREAM_WINDOW),
                                    to.newPromise());
        }
    }

    /**
     * One more of its WebSockets, or one less, says what the server does not take. Some servers
     * read nothing at all then, so nobody else comes to the connection meanwhile.
     */
    void heldUp(int more) {
        heldUp += more;
    }

    /** For one more exchange. */
    ServerStream stream() {
        sizeWindows();
        if (introduced) {
            shut = true;
        }
        return new ServerStream(shop, this);
    }

    /**
     * Sends a request's head.
     *
     * @return null if the connection cannot take it any more
     */
    @Nullable Http2Stream begin(ServerStream stream, WrittenFields head, boolean ends) {
        if (closing) {
            return null;
        }
        ChannelHandlerContext to = context();
        int id = connection().local().incrementAndGetNextStreamId();
        if (connection().numActiveStreams() == 0) {
            heard = false;
            asked = false;
            shop.expire(deadline, SILENCE_NANOS);
        }
        var _ = encoder().writeHeaders(to, id, head, 0, ends, to.newPromise());
        Http2Stream begun = connection().stream(id);
        if (begun != null) {
            put(begun, stream);
        }
        return begun;
    }

    void reset(Http2Stream stream, Http2Error why) {
        ChannelHandlerContext to = context();
        take(stream);
        var _ = resetStream(to, stream.id(), why.code(), to.newPromise());
        flush();
    }

    /** Later in this turn of the loop. */
    void soon(Runnable action) {
        channel.eventLoop().execute(action);
    }

    // ---- frames ----

    private final class Frames extends Http2EventAdapter {
        @Override
        public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings)
                throws Http2Exception {
            countIdle();
            takesWebSockets |= Boolean.TRUE.equals(settings.connectProtocolEnabled());
            settingsCame();
        }

        @Override
        public void onPingRead(ChannelHandlerContext from, long data) throws Http2Exception {
            countIdle();
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext from, int id, int on, short weight, boolean exclusive)
                throws Http2Exception {
            countIdle();
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext from, byte type, int id, Http2Flags flags, ByteBuf payload) {
            idleFrames++;
        }

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
            ServerStream stream = at(id);
            if (stream != null) {
                busy(stream);
                stream.fields(read.text(), ends);
            }
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean ends) {
            ServerStream stream = at(id);
            int n = data.readableBytes();
            if (stream == null) {
                return n + padding;
            }
            busy(stream);
            return stream.data(data, ends) ? padding : n + padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
            ServerStream stream = at(id);
            if (stream != null) {
                stream.reset(code);
            }
        }
    }

    /** Peers measure the line with pings among what they have to say. */
    private void busy(ServerStream stream) {
        idleFrames = 0;
        feed(stream);
    }

    private void countIdle() throws Http2Exception {
        long now = shop.worker.now();
        if (now - calmSince > CALM_NANOS) {
            calmSince = now;
            idleFrames = 0;
        }
        if (++idleFrames > MOST_IDLE_FRAMES) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "too many frames for nobody");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
        heard = true;
        anythingCame = true;
        super.channelRead(from, message);
    }

    // ---- the end ----

    private final class Ends extends Http2ConnectionAdapter {
        /** RFC 9113 6.8: what is above was not begun on. */
        @Override
        public void onGoAwayReceived(int last, long code, ByteBuf why) {
            shut = true;
            lastTaken = last;
            if (connection().numActiveStreams() == 0) {
                end();
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            ServerStream known = take(stream);
            if (known != null) {
                known.lost(lost, stream.id() <= lastTaken);
            }
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            if (connection().numActiveStreams() > 0 || closing) {
                return;
            }
            if (shut) {
                end();
            } else {
                shop.expire(deadline, IDLE_NANOS);
            }
        }
    }

    /** Ends the connection, on which no stream is left. */
    private void end() {
        if (closing) {
            return;
        }
        leave();
        shop.expire(deadline, LINGER_NANOS);
        ChannelHandlerContext to = context();
        if (channel.isActive()) {
            var _ =
                    goAway(
                            to,
                            0,
                            Http2Error.NO_ERROR.code(),
                            Unpooled.EMPTY_BUFFER,
                            to.newPromise());
            flush(to);
        }
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** It is nobody's any more. */
    private void leave() {
        closing = true;
        shop.shared.remove(this);
        server.roster(shop.worker).remove(this);
    }

    private void gone(Reason reason) {
        lost = reason;
        leave();
        shop.off(deadline);
        var _ = context().close();
    }

    private void expired() {
        if (closing) {
            shop.off(deadline);
            var _ = context().close();
        } else if (connection().numActiveStreams() == 0) {
            end();
        } else if (asked && !heard) {
            gone(Reason.SERVER_UNREACHABLE);
        } else {
            asked = !heard;
            heard = false;
            if (asked) {
                ChannelHandlerContext to = context();
                var _ = encoder().writePing(to, false, PING, to.newPromise());
                flush();
            }
            shop.expire(deadline, SILENCE_NANOS);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext to, boolean outbound, Throwable cause, StreamException why) {
        ServerStream known = at(why.streamId());
        if (known != null) {
            known.fail(
                    outbound
                            ? Reason.INTERNAL
                            : why instanceof HeaderListSizeException
                                    ? Reason.RESPONSE_HEADER_TOO_LARGE
                                    : Reason.BAD_RESPONSE,
                    why.error());
        } else if (connection().stream(why.streamId()) != null) {
            super.onStreamError(to, outbound, cause, why);
        }
        // Else it was on its way when the stream was reset.
    }

    @Override
    @SuppressWarnings("NullAway") // Netty's own: null where it is not the protocol
    protected void onConnectionError(
            ChannelHandlerContext to,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception why) {
        if (!failedToOpen(Reason.SERVER_NOT_HTTP2) && !closing) {
            lost =
                    cause instanceof IOException
                            ? Reason.SERVER_RESET
                            : why == null
                                    ? Reason.INTERNAL
                                    : why.error() == Http2Error.ENHANCE_YOUR_CALM
                                            ? Reason.SERVER_FLOOD
                                            : Reason.BAD_RESPONSE;
            leave();
            // It closes when it was told why, which may never be.
            shop.expire(deadline, LINGER_NANOS);
            each(stream -> stream.lost(lost, true));
        }
        super.onConnectionError(to, outbound, cause, why);
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) throws Exception {
        if (!failedToOpen(anythingCame ? Reason.SERVER_NOT_HTTP2 : Reason.SERVER_CLOSED)) {
            leave();
        }
        shop.off(deadline);
        super.channelInactive(from);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) throws Exception {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            if (!failedToOpen(Reason.SERVER_RESET)) {
                gone(Reason.SERVER_RESET);
            }
        } else {
            super.exceptionCaught(from, cause);
        }
    }

    // ---- control ----

    @Override
    public void drain() {
        shut = true;
        if (connection().numActiveStreams() == 0) {
            end();
        }
    }

    @Override
    public void moved() {
        drain();
    }

    @Override
    public void cut(Reason reason) {
        shut = true;
        each(stream -> stream.fail(reason, Http2Error.CANCEL));
        end();
    }
}
