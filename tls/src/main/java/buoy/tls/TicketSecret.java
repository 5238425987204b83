package buoy.tls;

import buoy.config.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * What hosts share and make their ticket keys of, each by itself: by HKDF with SHA-256 (RFC 5869),
 * so that no key leads to the secret or to another key. Never shown.
 */
final class TicketSecret {
    private final KDF hkdf;
    private final SecretKey extracted;

    private TicketSecret(byte[] secret, String salt) {
        try {
            hkdf = KDF.getInstance("HKDF-SHA256");
            extracted =
                    hkdf.deriveKey(
                            "Generic",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(secret)
                                    .addSalt(salt.getBytes(StandardCharsets.US_ASCII))
                                    .extractOnly());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HKDF", e);
        }
    }

    /** A key of a {@code keys-file}. */
    static TicketSecret ofFile(byte[] key) {
        return new TicketSecret(key, "buoy session tickets, key of a file");
    }

    /** What peers share anyhow. Another salt than their key pair's makes it another secret. */
    static TicketSecret ofPeers(Secret key) {
        return new TicketSecret(
                key.text().getBytes(StandardCharsets.UTF_8), "buoy session tickets, key of peers");
    }

    /**
     * @param info tells this key from all others of the same secret
     */
    TicketKey key(byte[] info) {
        try {
            return new TicketKey(
                    hkdf.deriveData(
                            HKDFParameterSpec.expandOnly(extracted, info, TicketKey.BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of this length can always be had", e);
        }
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
