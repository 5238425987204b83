package io.netty.handler.ssl;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import javax.net.ssl.SSLEngine;

/**
 * Opens the one door in Netty that is closed to us: {@code SslHandler} gives an engine direct
 * buffers, the right sizes and many buffers in one call only if it is a {@code
 * ConscryptAlpnSslEngine}, and Netty itself makes those on Java 14 and older alone (a fault of
 * Conscrypt's of that time). With a bare Conscrypt engine it would copy every byte through arrays.
 *
 * <p>Stands in Netty's package because the class and its factory are package-private there.
 */
public final class DirectConscryptEngine {
    private DirectConscryptEngine() {}

    /**
     * Wraps an engine so that {@code SslHandler} knows it.
     *
     * @param engine Conscrypt's, in server mode
     * @param alpn protocols offered, best first; a client that offers none of them, or has no ALPN,
     *     is let through without one
     */
    @SuppressWarnings("deprecation") // "use SslContext", which is what does not make these engines
    public static SSLEngine server(SSLEngine engine, ByteBufAllocator alloc, List<String> alpn) {
        return ConscryptAlpnSslEngine.newServerEngine(engine, alloc, negotiator(alpn));
    }

    /**
     * As {@link #server}, for the other side.
     *
     * @param engine Conscrypt's, in client mode
     * @param alpn protocols offered, best first; a server that takes none of them is let through
     *     without one
     */
    @SuppressWarnings("deprecation") // as above
    public static SSLEngine client(SSLEngine engine, ByteBufAllocator alloc, List<String> alpn) {
        return ConscryptAlpnSslEngine.newClientEngine(engine, alloc, negotiator(alpn));
    }

    @SuppressWarnings("deprecation") // as above
    private static JdkApplicationProtocolNegotiator negotiator(List<String> alpn) {
        return alpn.isEmpty()
                ? new NoProtocol()
                : new JdkAlpnApplicationProtocolNegotiator(false, alpn);
    }
}
