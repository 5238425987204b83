package org.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ServerEnginesTest {
    /** One that is turned into a server's makes its native half twice: see the constructor. */
    @Test
    void anEngineIsMadeAServersAndNotTurnedIntoOne() throws Exception {
        assumeThat(Conscrypt.isAvailable()).isTrue();
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(null, null);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init((KeyStore) null);
        ServerEngines engines =
                new ServerEngines(
                        keys.getKeyManagers()[0],
                        trust.getTrustManagers()[0],
                        new ServerEngines.Sessions(),
                        new String[] {"TLSv1.3"},
                        new String[] {"TLS_AES_128_GCM_SHA256"});

        ConscryptEngine made = engines.made(null);

        assertThat(made.getUseClientMode()).isFalse();
        made.setUseClientMode(false);
        made.closeOutbound();
        made.closeInbound();
    }
}
