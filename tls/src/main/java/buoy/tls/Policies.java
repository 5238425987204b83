package buoy.tls;

import buoy.config.model.ListenerTls;
import buoy.config.model.ListenerTls.Policy;
import buoy.config.model.ListenerTls.Version;
import java.util.List;
import java.util.stream.Stream;

/**
 * Mozilla's server-side guidelines (version 5.7), as protocol versions and cipher suites by their
 * standard names.
 *
 * <p>Of "intermediate" the two DHE-RSA suites are left out: BoringSSL has none, and every client
 * that the guideline names has ECDHE. The client's order decides, as the guideline wants: a client
 * without AES in hardware asks for ChaCha20 first.
 */
record Policies(List<String> protocols, List<String> ciphers) {
    private static final List<String> TLS_1_3 =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    private static final List<String> TLS_1_2 =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static Policies of(ListenerTls settings) {
        Version oldest =
                settings.minVersion()
                        .orElse(
                                settings.policy() == Policy.MODERN
                                        ? Version.TLS_1_3
                                        : Version.TLS_1_2);
        return switch (oldest) {
            case TLS_1_3 -> new Policies(List.of("TLSv1.3"), TLS_1_3);
            case TLS_1_2 -> new Policies(List.of("TLSv1.3", "TLSv1.2"), concat(TLS_1_3, TLS_1_2));
        };
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
