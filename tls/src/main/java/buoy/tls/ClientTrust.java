package buoy.tls;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whose certificates a listener asks its clients for.
 *
 * @param authorities that have to have signed them
 * @param revoked lists of what they have revoked (RFC 5280 5), each signed by one of them; empty is
 *     not to look
 * @param required whether a client without one is refused
 */
record ClientTrust(List<X509Certificate> authorities, List<X509CRL> revoked, boolean required) {
    ClientTrust {
        authorities = List.copyOf(authorities);
        revoked = List.copyOf(revoked);
    }
}
