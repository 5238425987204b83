package org.conscrypt;

import java.security.KeyManagementException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullMarked;

/**
 * Engines towards servers, each made once. Those of Conscrypt's SSLContext are servers' until they
 * are told otherwise, and then throw away their native half, with buffers of 34 KiB, and make
 * another in memory that was touched.
 *
 * <p>Stands in Conscrypt's package because the classes it is made of are package-private there.
 */
@NullMarked // not the package, whose other classes are not
public final class ClientEngines {
    private final SSLParametersImpl parameters;

    /**
     * @param protocols by their JSSE names
     * @throws KeyManagementException if the managers are not for X.509
     */
    public ClientEngines(KeyManager[] keys, TrustManager[] trusted, String[] protocols)
            throws KeyManagementException {
        parameters =
                new SSLParametersImpl(
                        keys,
                        trusted,
                        null,
                        new ClientSessionContext(),
                        new ServerSessionContext(),
                        protocols);
        parameters.setEnabledProtocols(protocols);
        parameters.setUseClientMode(true);
    }

    /**
     * The engine of one connection.
     *
     * @param server its name or address: what it has to be called, and whose sessions are resumed
     */
    public SSLEngine engine(String server, int port) {
        ConscryptEngine engine = made(server, port);
        // It is one already, but will not begin before it was told.
        engine.setUseClientMode(true);
        return Platform.wrapEngine(engine);
    }

    /** Its native half is a client's from the start. */
    ConscryptEngine made(String server, int port) {
        return new ConscryptEngine(server, port, (SSLParametersImpl) parameters.clone());
    }
}
