package buoy.lb.http;

import buoy.lb.http.Deadlines.Deadline;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Live;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Tally;
import buoy.lb.worker.EndOfInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * A WebSocket between a client's stream (RFC 8441) and a server's connection: bytes pass as they
 * are. The server's end is the end of both; the client's is passed on.
 */
final class StreamTunnel extends ChannelInboundHandlerAdapter implements Live {
    private final Workshop shop;
    private final ClientStream client;
    private final Server by;
    private final DuplexChannel server;
    private final Tally listenerTally;
    private final Tally serverTally;
    private final long silenceNanos;
    private final Deadline deadline = new Deadline(this::silent);
    private boolean over;

    StreamTunnel(
            Workshop shop, Listening listening, ClientStream client, Exchange.Switched switched) {
        this.shop = shop;
        this.client = client;
        this.by = switched.by();
        this.server = switched.from().channel();
        this.listenerTally = listening.tally(shop.worker);
        this.serverTally = by.tally(shop.worker);
        this.silenceNanos = switched.silence().toNanos();
        switched.from().becomeTunnel();
        by.roster(shop.worker).add(this);
        server.pipeline().addLast(this);
        shop.expire(deadline, silenceNanos);
        server.config().setAutoRead(true);
    }

    // ---- from the client ----

    /** What the client says; taken over. */
    void fromClient(ByteBuf bytes) {
        int n = bytes.readableBytes();
        listenerTally.fromClient(n);
        serverTally.fromClient(n);
        shop.expire(deadline, silenceNanos);
        var _ = server.write(bytes, server.voidPromise());
    }

    /** The client's batch of reads is over. False if the server cannot take more for now. */
    boolean flushed() {
        server.flush();
        return server.isWritable();
    }

    /** The client will say no more. */
    void clientEnds() {
        var _ =
                server.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(
                                written -> {
                                    if (server.pipeline().get(SslHandler.class) != null) {
                                        finish();
                                    } else if (written.isSuccess()) {
                                        var _ = server.shutdownOutput();
                                    }
                                });
    }

    void clientCanTakeMore() {
        if (!server.config().isAutoRead()) {
            server.config().setAutoRead(true);
        }
    }

    /** The client, or its stream, is gone. */
    void clientLost(Reason reason) {
        if (!over) {
            leave();
            account(reason);
            var _ = server.close();
        }
    }

    // ---- from the server ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int n = bytes.readableBytes();
        listenerTally.toClient(n);
        serverTally.toClient(n);
        shop.expire(deadline, silenceNanos);
        client.tunnelled(n);
        client.write(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        client.flush();
        if (!client.isWritable()) {
            server.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (server.isWritable()) {
            client.resumeReading();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            finish();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(Reason.SERVER_RESET);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Reason.SERVER_RESET);
    }

    // ---- the end ----

    private void silent() {
        fail(Reason.TUNNEL_TIMEOUT);
    }

    @Override
    public void cut(Reason reason) {
        fail(reason);
    }

    private void finish() {
        if (!over) {
            leave();
            listenerTally.finished();
            serverTally.finished();
            client.tunnelFinished();
            var _ = server.close();
        }
    }

    private void fail(Reason reason) {
        if (!over) {
            clientLost(reason);
            client.abort();
        }
    }

    private void account(Reason reason) {
        listenerTally.failed(reason);
        by.failed(shop.worker, reason);
        client.noteFailure(reason);
    }

    private void leave() {
        over = true;
        shop.off(deadline);
        by.roster(shop.worker).remove(this);
        by.end();
    }
}
