package buoy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Stands behind the handshake in which a CA is shown what it asked for: it has seen the certificate
 * then, and there is nothing more to say (RFC 8737 3).
 */
final class ChallengeHandler extends ChannelInboundHandlerAdapter {
    private final String name;

    ChallengeHandler(String name) {
        this.name = name;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
            ctx.fireUserEventTriggered(
                    new TlsOutcome.Failed(
                            TlsOutcome.Reason.CHALLENGE, "a CA was answered for " + name));
            var _ = ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }
}
