package buoy.tls;

import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a list of revoked certificates speaks of (RFC 5280 5.2). */
final class ListScope {
    private static final String DELTA = "2.5.29.27";
    private static final String ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    private static final String NUMBER = "2.5.29.20";
    private static final String AUTHORITY_KEY = "2.5.29.35";

    /** What a critical extension may be: the list means what it says to who knows these. */
    private static final Set<String> KNOWN =
            Set.of(DELTA, ISSUING_DISTRIBUTION_POINT, NUMBER, AUTHORITY_KEY);

    /** Of issuingDistributionPoint: onlyContainsUserCerts, which clients' certificates are. */
    private static final int ONLY_USERS = 0x81;

    private ListScope() {}

    /**
     * Why a list does not tell of every certificate of a client whether its authority has revoked
     * it, with what to do; empty if it does.
     */
    static Optional<String> lack(X509CRL list) {
        if (list.getExtensionValue(DELTA) != null) {
            return Optional.of("has only what changed since another (take the whole one)");
        }
        byte[] scope = list.getExtensionValue(ISSUING_DISTRIBUTION_POINT);
        if (scope != null && !isOnlyUsers(scope)) {
            return Optional.of(
                    "tells of a part of the certificates or reasons alone, as its issuingDistributionPoint says (take the whole one)");
        }
        Set<String> unknown = new HashSet<>(critical(list.getCriticalExtensionOIDs()));
        unknown.removeAll(KNOWN);
        if (list.getRevokedCertificates() != null) {
            for (X509CRLEntry entry : list.getRevokedCertificates()) {
                unknown.addAll(critical(entry.getCriticalExtensionOIDs()));
            }
        }
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "has a critical extension that is not understood, %s (take one without)"
                                .formatted(String.join(", ", unknown)));
    }

    /** The JDK gives null where there is no extension at all. */
    private static Collection<String> critical(@Nullable Set<String> identifiers) {
        return identifiers == null ? Set.of() : identifiers;
    }

    private static boolean isOnlyUsers(byte[] extension) {
        return DerElement.of(extension)
                .flatMap(octets -> DerElement.of(octets.contents()))
                .filter(point -> point.is(DerElement.SEQUENCE))
                .filter(
                        point -> {
                            List<DerElement> parts = point.children();
                            return !parts.isEmpty()
                                    && parts.getLast().end() == point.end()
                                    && parts.stream().allMatch(part -> part.is(ONLY_USERS));
                        })
                .isPresent();
    }
}
