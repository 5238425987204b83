package buoy.tls;

import java.util.Optional;

/**
 * The user event that tells the handlers behind {@link ServerTls} how the handshake went; exactly
 * one for each connection, and no byte is passed on before {@link Established}.
 */
public sealed interface TlsOutcome {
    /**
     * The handshake is done.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipher such as {@code TLS_AES_128_GCM_SHA256}
     * @param alpn the application protocol agreed on; empty when the client offered none of ours
     * @param certificate the configured name of the certificate that was shown
     * @param askedFor the name that the client asked for; empty where it named none, or where there
     *     was one certificate for all
     * @param clientSubject of the certificate that the client showed and that is believed, in
     *     printable ASCII (RFC 4514); empty where it showed none
     */
    record Established(
            String protocol,
            String cipher,
            Optional<String> alpn,
            String certificate,
            Optional<AskedFor> askedFor,
            Optional<String> clientSubject)
            implements TlsOutcome {}

    /**
     * There will be no TLS on this connection, which is being closed.
     *
     * @param detail what the engine said, for a log at debug level
     */
    record Failed(Reason reason, String detail) implements TlsOutcome {}

    /** Why a handshake failed; the word stands in logs and metrics. */
    enum Reason {
        /** The first bytes were not TLS: plain HTTP on the wrong port, or a scanner. */
        NOT_TLS("tls-not-tls"),
        /** {@code unknown-names: reject} and no certificate carries the name the client sent. */
        UNKNOWN_NAME("tls-unknown-name"),
        /** The certificate for the name the client sent is still being ordered from its CA. */
        NO_CERTIFICATE("tls-no-certificate"),
        /** No failure: a CA that wanted to see whether this host controls a name was shown it. */
        CHALLENGE("tls-challenge"),
        /** The client did not finish in time. */
        TIMEOUT("tls-timeout"),
        /** The client went away before the end. */
        CLIENT_CLOSED("tls-client-closed"),
        /** The client showed no certificate where one is required. */
        CLIENT_CERTIFICATE_MISSING("client-certificate-missing"),
        /** The client's certificate is not valid at this time. */
        CLIENT_CERTIFICATE_EXPIRED("client-certificate-expired"),
        /** The client's certificate is revoked, or no current list tells that it is not. */
        CLIENT_CERTIFICATE_REVOKED("client-certificate-revoked"),
        /** No trusted authority vouches for the client's certificate, or not for this use. */
        CLIENT_CERTIFICATE_UNTRUSTED("client-certificate-untrusted"),
        /**
         * No version or cipher in common, a broken message, or the client refused our certificate.
         */
        HANDSHAKE("tls-handshake");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
