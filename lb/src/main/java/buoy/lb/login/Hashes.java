package buoy.lb.login;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.BCrypt.Version;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;

/** Passwords and what crypt(5) makes of them. Takes as long as the hash was made to take. */
final class Hashes {
    /** Of a longer password bcrypt looks at the first 72 octets, as {@code htpasswd} does. */
    private static final BCrypt.Verifyer BCRYPT =
            BCrypt.verifyer(
                    Version.VERSION_2Y, LongPasswordStrategies.truncate(Version.VERSION_2Y));

    private Hashes() {}

    /**
     * Whether the hash was made of the password.
     *
     * @param hash of a kind that the configuration lets pass
     */
    static boolean fits(byte[] password, String hash) {
        if (hash.startsWith("$2")) {
            return BCRYPT.verify(password, hash.getBytes(StandardCharsets.US_ASCII)).verified;
        }
        // These wipe what they are given.
        byte[] copy = password.clone();
        String made =
                hash.startsWith("$apr1$")
                        ? Md5Crypt.apr1Crypt(copy, hash)
                        : hash.startsWith("$5$")
                                ? Sha2Crypt.sha256Crypt(copy, hash)
                                : Sha2Crypt.sha512Crypt(copy, hash);
        return MessageDigest.isEqual(
                made.getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }
}
