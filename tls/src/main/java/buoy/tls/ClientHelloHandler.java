package buoy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the ClientHello back until the certificate is chosen, then gives way to the {@link
 * SslHandler} that shows it.
 */
final class ClientHelloHandler extends SslClientHelloHandler<Optional<Engines>> {
    /** A fatal alert {@code unrecognized_name} (112) in a record of its own; RFC 6066 3. */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    /** A fatal alert {@code internal_error} (80): the client is not at fault; RFC 8446 6.2. */
    private static final byte[] INTERNAL_ERROR = {21, 3, 3, 0, 2, 2, 80};

    private final Identities<Engines> identities;
    private final Challenges challenges;
    private Optional<ClientHello> hello = Optional.empty();
    private boolean challenge;

    /** The bound is BoringSSL's own for a ClientHello, 16 KiB; post-quantum key shares need 2. */
    ClientHelloHandler(Identities<Engines> identities, Challenges challenges) {
        super(16 * 1024);
        this.identities = identities;
        this.challenges = challenges;
    }

    @Override
    protected Future<Optional<Engines>> lookup(
            ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
        hello = clientHello == null ? Optional.empty() : ClientHello.parse(clientHello.nioBuffer());
        Optional<Engines> forCa = hello.flatMap(challenges::shownTo);
        challenge = forCa.isPresent();
        Optional<Engines> chosen =
                forCa.or(
                        () ->
                                hello.isPresent()
                                        ? hello.flatMap(identities::choose)
                                        : identities.any());
        return ctx.executor().newSucceededFuture(chosen);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<Optional<Engines>> future) {
        Optional<Engines> chosen = future.getNow();
        if (chosen.isPresent()) {
            SslHandler handler = ServerTls.handler(chosen.get(), ctx.alloc());
            TlsOutcomeHandler.of(ctx.pipeline()).shows(chosen.get(), askedFor(chosen.get()));
            if (challenge) {
                ctx.pipeline().addAfter(ctx.name(), null, new ChallengeHandler(name().orElse("")));
            }
            ctx.pipeline().replace(this, null, handler);
        } else if (hello.map(identities::awaits).orElse(true)) {
            refuse(
                    ctx,
                    new TlsOutcome.Failed(
                            TlsOutcome.Reason.NO_CERTIFICATE,
                            "the certificate%s is still being ordered"
                                    .formatted(name().map(name -> " for " + name).orElse(""))),
                    INTERNAL_ERROR);
        } else {
            refuse(
                    ctx,
                    new TlsOutcome.Failed(
                            TlsOutcome.Reason.UNKNOWN_NAME,
                            name().map(name -> "no certificate for " + name)
                                    .orElse("no server name was sent")),
                    UNRECOGNIZED_NAME);
        }
    }

    private Optional<AskedFor> askedFor(Engines shown) {
        return name().map(name -> new AskedFor(name, host -> identities.misses(shown, host)));
    }

    private Optional<String> name() {
        return hello.flatMap(ClientHello::serverName);
    }

    private static void refuse(ChannelHandlerContext ctx, TlsOutcome.Failed why, byte[] alert) {
        ctx.fireUserEventTriggered(why);
        ctx.writeAndFlush(ctx.alloc().buffer(alert.length).writeBytes(alert))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
