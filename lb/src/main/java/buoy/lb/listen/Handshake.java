package buoy.lb.listen;

import buoy.lb.pool.Reason;
import buoy.tls.TlsOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waits until TLS stands with a client. Until then it is the last handler of the pipeline. */
public final class Handshake extends ChannelInboundHandlerAdapter {
    /** Told exactly one of these. */
    public interface Told {
        /**
         * TLS stands and is all that is in the pipeline; auto-read is off. What the client sends
         * goes to the handlers that are added now.
         *
         * @param alpn the application protocol agreed on, if one was
         */
        void secured(Optional<String> alpn);

        /** There will be no TLS. The channel is being closed. */
        void unsecured(Reason reason);
    }

    private final DuplexChannel client;
    private final Told told;
    private boolean over;

    private Handshake(DuplexChannel client, Told told) {
        this.client = client;
        this.told = told;
    }

    /**
     * Puts TLS into a pipeline that has nothing in it and starts reading.
     *
     * @param read what was read of the handshake already; taken over
     */
    public static Handshake await(
            DuplexChannel client, Securing tls, @Nullable ByteBuf read, Told told) {
        Handshake handshake = new Handshake(client, told);
        tls.install(client.pipeline());
        client.pipeline().addLast(handshake);
        if (read != null) {
            client.pipeline().fireChannelRead(read).fireChannelReadComplete();
        }
        client.read();
        return handshake;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (over) {
            return;
        }
        if (event instanceof TlsOutcome.Established established) {
            over = true;
            context.pipeline().remove(this);
            told.secured(established.alpn());
        } else if (event instanceof TlsOutcome.Failed failed) {
            giveUp(reason(failed));
        }
    }

    /** The word for it that all protocols have. */
    public static Reason reason(TlsOutcome.Failed failed) {
        return switch (failed.reason()) {
            case CLIENT_CERTIFICATE_MISSING -> Reason.CLIENT_CERTIFICATE_MISSING;
            case CLIENT_CERTIFICATE_EXPIRED -> Reason.CLIENT_CERTIFICATE_EXPIRED;
            case CLIENT_CERTIFICATE_REVOKED -> Reason.CLIENT_CERTIFICATE_REVOKED;
            case CLIENT_CERTIFICATE_UNTRUSTED -> Reason.CLIENT_CERTIFICATE_UNTRUSTED;
            case NOT_TLS,
                    UNKNOWN_NAME,
                    NO_CERTIFICATE,
                    CHALLENGE,
                    TIMEOUT,
                    CLIENT_CLOSED,
                    HANDSHAKE ->
                    Reason.TLS_FAILED;
        };
    }

    /** Does nothing once one was told. */
    public void giveUp(Reason reason) {
        if (!over) {
            over = true;
            told.unsecured(reason);
            var _ = client.close();
        }
    }
}
