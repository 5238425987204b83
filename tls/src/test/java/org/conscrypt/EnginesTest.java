package org.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** One that is turned from one side into the other makes its native half twice. */
@NullMarked
class EnginesTest {
    @Test
    void aServersEngineIsMadeOneAndNotTurnedIntoOne() throws Exception {
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

    @Test
    void aClientsEngineIsMadeOneAndNotTurnedIntoOne() throws Exception {
        assumeThat(Conscrypt.isAvailable()).isTrue();
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init((KeyStore) null);

        ConscryptEngine made =
                new ClientEngines(
                                new KeyManager[0],
                                trust.getTrustManagers(),
                                new String[] {"TLSv1.3"})
                        .made("a.example", 443);

        assertThat(made.getUseClientMode()).isTrue();
        made.setUseClientMode(true);
        made.closeOutbound();
        made.closeInbound();
    }
}
