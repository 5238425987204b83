package buoy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the {@link SslHandler} until the handshake is over and says once how it went, as a
 * {@link TlsOutcome}; what garbage on the wire does to the engine goes no further than here. Its
 * timer covers the whole handshake, the wait for the first byte too.
 */
final class TlsOutcomeHandler extends ChannelInboundHandlerAdapter {
    private final Duration timeout;
    private @Nullable Engines shown;
    private Optional<AskedFor> askedFor = Optional.empty();
    private @Nullable Future<?> timer;
    private boolean failed;

    TlsOutcomeHandler(Duration timeout) {
        this.timeout = timeout;
    }

    static TlsOutcomeHandler of(ChannelPipeline pipeline) {
        return pipeline.get(TlsOutcomeHandler.class);
    }

    /**
     * Who made the engine that now does the handshake.
     *
     * @param name that the client asked for, where there was a choice
     */
    void shows(Engines chosen, Optional<AskedFor> name) {
        shown = chosen;
        askedFor = name;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            startTimer(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTimer(ctx);
        ctx.fireChannelActive();
    }

    private void startTimer(ChannelHandlerContext ctx) {
        if (timer == null) {
            timer =
                    ctx.executor()
                            .schedule(
                                    () -> {
                                        fail(
                                                ctx,
                                                TlsOutcome.Reason.TIMEOUT,
                                                "no handshake within "
                                                        + timeout.toMillis()
                                                        + " ms");
                                        close(ctx);
                                    },
                                    timeout.toNanos(),
                                    TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent done when done.isSuccess() -> established(ctx);
            case SslHandshakeCompletionEvent done -> fail(ctx, done.cause());
            case SslCompletionEvent _ when shown == null -> {
                // the lookup of the certificate went wrong; the handshake's own event follows
            }
            case TlsOutcome.Failed(var reason, var detail) -> fail(ctx, reason, detail);
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    private void established(ChannelHandlerContext ctx) {
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        SSLSession session = handler.engine().getSession();
        Engines engines = shown;
        if (engines == null) {
            throw new IllegalStateException("a handshake without a certificate");
        }
        Optional<X509Certificate> client =
                engines.asksClients() ? client(session) : Optional.empty();
        if (client.isPresent()) {
            try {
                engines.checkStillGood(client.get(), Instant.now());
            } catch (ClientRefused refused) {
                fail(ctx, refused);
                close(ctx);
                return;
            }
        }
        stopTimer();
        ctx.fireUserEventTriggered(
                new TlsOutcome.Established(
                        session.getProtocol(),
                        session.getCipherSuite(),
                        engines.agreed(handler),
                        engines.identity().certificate(),
                        askedFor,
                        client.map(X509Certificate::getSubjectX500Principal)
                                .map(ClientSubject::text)));
        ctx.pipeline().remove(this);
    }

    private static Optional<X509Certificate> client(SSLSession session) {
        try {
            return Optional.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty(); // it showed none, and was not required to
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
        close(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, TlsOutcome.Reason.CLIENT_CLOSED, "closed before the handshake was done");
        ctx.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext ctx, Throwable thrown) {
        Throwable cause =
                thrown.getCause() != null ? thrown.getCause() : thrown; // DecoderException wraps
        TlsOutcome.Reason reason =
                switch (cause) {
                    case NotSslRecordException _ -> TlsOutcome.Reason.NOT_TLS;
                    case ClosedChannelException _ -> TlsOutcome.Reason.CLIENT_CLOSED;
                    default -> refusal(thrown);
                };
        fail(ctx, reason, String.valueOf(cause.getMessage()));
    }

    /** The engines wrap what the judge of clients throws, and have words of their own for none. */
    private static TlsOutcome.Reason refusal(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof ClientRefused refused) {
                return refused.reason();
            }
            String message = String.valueOf(each.getMessage());
            if (message.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                    || message.contains("Empty client certificate chain")) {
                return TlsOutcome.Reason.CLIENT_CERTIFICATE_MISSING;
            }
        }
        return TlsOutcome.Reason.HANDSHAKE;
    }

    private void fail(ChannelHandlerContext ctx, TlsOutcome.Reason reason, String detail) {
        stopTimer();
        if (!failed) {
            failed = true;
            ctx.fireUserEventTriggered(new TlsOutcome.Failed(reason, detail));
        }
    }

    /** Whether the close itself succeeds is of no interest any more. */
    private static void close(ChannelHandlerContext ctx) {
        var _ = ctx.close();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
