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

    private final Identities<Engines> identities;
    private Optional<String> serverName = Optional.empty();

    /** The bound is BoringSSL's own for a ClientHello, 16 KiB; post-quantum key shares need 2. */
    ClientHelloHandler(Identities<Engines> identities) {
        super(16 * 1024);
        this.identities = identities;
    }

    @Override
    protected Future<Optional<Engines>> lookup(
            ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
        Optional<ClientHello> hello =
                clientHello == null ? Optional.empty() : ClientHello.parse(clientHello.nioBuffer());
        serverName = hello.flatMap(ClientHello::serverName);
        return ctx.executor()
                .newSucceededFuture(
                        hello.isPresent()
                                ? identities.choose(hello.get())
                                : Optional.of(identities.any()));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<Optional<Engines>> future) {
        Optional<Engines> chosen = future.getNow();
        if (chosen.isPresent()) {
            SslHandler handler = ServerTls.handler(chosen.get(), ctx.alloc());
            TlsOutcomeHandler.of(ctx.pipeline()).shows(chosen.get());
            ctx.pipeline().replace(this, null, handler);
        } else {
            ctx.fireUserEventTriggered(
                    new TlsOutcome.Failed(
                            TlsOutcome.Reason.UNKNOWN_NAME,
                            serverName
                                    .map(name -> "no certificate for " + name)
                                    .orElse("no server name was sent")));
            ctx.writeAndFlush(
                            ctx.alloc()
                                    .buffer(UNRECOGNIZED_NAME.length)
                                    .writeBytes(UNRECOGNIZED_NAME))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
