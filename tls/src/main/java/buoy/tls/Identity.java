package buoy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who a server can prove to be: a certificate chain with the key of its first certificate.
 *
 * @param certificate its name in the configuration
 * @param chain the server's own certificate first, each signed by the next
 * @param names the DNS names of the first certificate in lower case, wildcards as {@code
 *     *.example.com}
 * @param staple the OCSP response that is shown with it
 */
record Identity(
        String certificate,
        List<X509Certificate> chain,
        PrivateKey key,
        List<String> names,
        Staple staple) {
    Identity {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    /** Without an OCSP response yet. */
    Identity(String certificate, List<X509Certificate> chain, PrivateKey key, List<String> names) {
        this(certificate, chain, key, names, new Staple(chain));
    }

    /** By the certificate, not the key object, whose provider may have a name of its own for it. */
    boolean ecdsa() {
        return chain.getFirst().getPublicKey().getAlgorithm().equals("EC");
    }

    /** When the first certificate of the chain to end makes the whole worthless. */
    Instant notAfter() {
        return chain.stream()
                .map(c -> c.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
