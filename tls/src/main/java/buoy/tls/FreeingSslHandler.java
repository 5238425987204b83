package buoy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Gives the engine's native memory back with the connection. Conscrypt frees it once both
 * directions are closed, and Netty leaves the inbound one open where this side closed first; then
 * tens of kilobytes a connection would wait for a finalizer, and a process that makes little
 * garbage has few.
 */
final class FreeingSslHandler extends SslHandler {
    private final SSLEngine engine;

    FreeingSslHandler(SSLEngine engine) {
        super(engine);
        this.engine = engine;
    }

    @Override
    public void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        super.handlerRemoved0(ctx);
        engine.closeOutbound();
        try {
            engine.closeInbound();
        } catch (SSLException _) {
            // the JDK's way to say that the client sent no close_notify, which is its own affair by
            // now
        }
    }
}
