package buoy.tls;

import java.security.cert.CertificateException;

/** A client's certificate is not believed: why, in the word that stands in logs and metrics. */
final class ClientRefused extends CertificateException {
    private static final long serialVersionUID = 1;

    private final TlsOutcome.Reason reason;

    ClientRefused(TlsOutcome.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    TlsOutcome.Reason reason() {
        return reason;
    }
}
