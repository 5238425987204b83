package buoy.config.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code listeners.NAME.tls}.
 *
 * @param certificates names under {@code certificates}; the first serves clients whose name matches
 *     none
 * @param minVersion overrides the policy's
 * @param alpn protocols offered, best first
 * @param client empty where clients are not asked for a certificate
 * @param ocsp whether OCSP responses are stapled, where a certificate names a responder
 * @param tickets empty where clients resume within this process alone
 */
public record ListenerTls(
        List<String> certificates,
        Policy policy,
        Optional<Version> minVersion,
        List<String> alpn,
        UnknownNames unknownNames,
        Optional<ClientCertificates> client,
        boolean ocsp,
        Optional<Tickets> tickets) {
    public ListenerTls {
        certificates = List.copyOf(certificates);
        alpn = List.copyOf(alpn);
    }

    /**
     * {@code client}: which certificates clients may show.
     *
     * @param ca PEM, whom to believe
     * @param require whether a client without one is refused
     * @param crl PEM, what has been revoked
     */
    public record ClientCertificates(Path ca, boolean require, Optional<Path> crl) {}

    /**
     * {@code tickets}: other hosts have the same keys, and resume what this one began.
     *
     * @param keysFile secrets that keys are made of; empty for what {@code peer} shares
     * @param rotate how long a key seals tickets
     */
    public record Tickets(Optional<Path> keysFile, Duration rotate) {}

    /** Mozilla's guidelines of that name. */
    public enum Policy {
        INTERMEDIATE,
        MODERN
    }

    /** Oldest version first. */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }

    /**
     * What a client gets whose server name no certificate carries: the first certificate, or a
     * refusal.
     */
    public enum UnknownNames {
        DEFAULT,
        REJECT
    }
}
