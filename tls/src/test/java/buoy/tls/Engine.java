package buoy.tls;

import buoy.config.model.ListenerTls;
import buoy.config.model.Secret;
import java.security.Provider;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who does the cryptography. */
enum Engine {
    CONSCRYPT,
    JDK,
    /** Where tickets have keys that other hosts know. */
    TCNATIVE;

    static final Secret PEERS = new Secret("what all hosts of this test know");

    /** Settings that lead to it; which of the two others it is depends on the provider. */
    ListenerTls with(ListenerTls settings) {
        return with(
                settings,
                this == TCNATIVE
                        ? Optional.of(
                                new ListenerTls.Tickets(Optional.empty(), Duration.ofHours(12)))
                        : Optional.empty());
    }

    static ListenerTls with(ListenerTls settings, Optional<ListenerTls.Tickets> tickets) {
        return new ListenerTls(
                settings.certificates(),
                settings.policy(),
                settings.minVersion(),
                settings.alpn(),
                settings.unknownNames(),
                settings.client(),
                settings.ocsp(),
                tickets);
    }

    @Nullable Provider provider() {
        return this == JDK ? null : ServerTls.conscrypt().orElseThrow();
    }
}
