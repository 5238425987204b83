package buoy.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Private keys out of PEM blocks: PKCS#8, PKCS#1 and SEC 1, for RSA and EC. */
final class PrivateKeys {
    private PrivateKeys() {}

    /** Whether the block is a private key of any kind, readable or not. */
    static boolean isKey(PemText.Block block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    /** What a key block turned out to be. */
    sealed interface Read {
        record Key(PrivateKey key) implements Read {}

        record Unusable(String why) implements Read {}
    }

    /**
     * @param algorithm of the certificate the key belongs to: {@code RSA} or {@code EC}
     * @param provider makes the key object, so that its engine need not convert it at each
     *     handshake; {@code null} is the JDK's own
     */
    static Read read(PemText.Block block, String algorithm, @Nullable Provider provider) {
        if (block.encrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
            return new Read.Unusable(
                    "the key is encrypted and nobody could type its passphrase (decrypt it: openssl pkey -in FILE -out NEW, mode 0600)");
        }
        Optional<byte[]> pkcs8 =
                switch (block.label()) {
                    case "PRIVATE KEY" -> Optional.of(block.der());
                    case "RSA PRIVATE KEY" -> Optional.of(Der.pkcs8FromRsa(block.der()));
                    case "EC PRIVATE KEY" -> Der.pkcs8FromEc(block.der());
                    default -> Optional.empty();
                };
        if (pkcs8.isEmpty()) {
            return new Read.Unusable(
                    block.label().equals("EC PRIVATE KEY")
                            ? "the EC key does not name its curve (convert it: openssl pkcs8 -topk8 -nocrypt)"
                            : "a block \"%s\" is not a key that can be used here (RSA and EC can)"
                                    .formatted(block.label()));
        }
        try {
            return new Read.Key(
                    factory(algorithm, provider)
                            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8.get())));
        } catch (InvalidKeySpecException e) {
            return new Read.Unusable(
                    "it is no readable %s key, which the certificate asks for (%s)"
                            .formatted(algorithm, e.getMessage()));
        }
    }

    /** Whether what {@code key} signs is what {@code certified} verifies. */
    static boolean belongTogether(
            PrivateKey key, PublicKey certified, @Nullable Provider provider) {
        String algorithm =
                certified.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] sample = new byte[32];
        new SecureRandom().nextBytes(sample);
        try {
            Signature sign = signature(algorithm, provider);
            sign.initSign(key);
            sign.update(sample);
            byte[] signature = sign.sign();
            Signature verify = signature(algorithm, provider);
            verify.initVerify(certified);
            verify.update(sample);
            return verify.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // a signature of another size or curve is refused before it is compared
        }
    }

    private static Signature signature(String algorithm, @Nullable Provider provider)
            throws NoSuchAlgorithmException {
        return provider == null
                ? Signature.getInstance(algorithm)
                : Signature.getInstance(algorithm, provider);
    }

    private static KeyFactory factory(String algorithm, @Nullable Provider provider) {
        try {
            return provider == null
                    ? KeyFactory.getInstance(algorithm)
                    : KeyFactory.getInstance(algorithm, provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every provider has RSA and EC", e);
        }
    }
}
