package buoy.tls;

import buoy.config.model.ListenerTls;
import buoy.config.model.ListenerTls.Policy;
import buoy.config.model.ListenerTls.Version;
import java.util.List;

/**
 * Mozilla's server-side guidelines (version 5.7), as protocol versions and cipher suites by their
 * standard names.
 *
 * <p>Of "intermediate" the two DHE-RSA suites are left out: BoringSSL has none, and every client
 * that the guideline names has ECDHE. The client's order decides, as the guideline wants: a client
 * without AES in hardware asks for ChaCha20 first.
 */
record Policies(List<String> protocols, List<String> ciphers) {
    /**
     * For TLS 1.3 alone too: its own suites do not say which kind of key they sign with, and
     * Conscrypt asks for certificates of those kinds only that the other suites name.
     */
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** For who is answered in {@link Challenges}: RFC 8737 3 asks for TLS 1.2 at least. */
    static Policies ofChallenges() {
        return new Policies(List.of("TLSv1.3", "TLSv1.2"), CIPHERS);
    }

    static Policies of(ListenerTls settings) {
        Version oldest =
                settings.minVersion()
                        .orElse(
                                settings.policy() == Policy.MODERN
                                        ? Version.TLS_1_3
                                        : Version.TLS_1_2);
        return switch (oldest) {
            case TLS_1_3 -> new Policies(List.of("TLSv1.3"), CIPHERS);
            case TLS_1_2 -> new Policies(List.of("TLSv1.3", "TLSv1.2"), CIPHERS);
        };
    }
}
