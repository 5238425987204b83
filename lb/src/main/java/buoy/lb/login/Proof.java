package buoy.lb.login;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands for a name, a password and a hash, so that neither password nor anything that could be
 * guessed from needs to be kept: 128 bits of HMAC-SHA-256 (RFC 2104) with a key of this process.
 */
record Proof(long high, long low) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecretKeySpec KEY = key();
    private static final FastThreadLocal<Mac> MAC =
            new FastThreadLocal<>() {
                @Override
                protected Mac initialValue() throws GeneralSecurityException {
                    Mac mac = Mac.getInstance(ALGORITHM);
                    mac.init(KEY);
                    return mac;
                }
            };

    private static SecretKeySpec key() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new SecretKeySpec(random, ALGORITHM);
    }

    static Proof of(Credentials credentials, String hash) {
        Mac mac = MAC.get();
        // Neither a name has a zero in it nor a password.
        mac.update(credentials.name());
        mac.update((byte) 0);
        mac.update(credentials.password());
        mac.update((byte) 0);
        ByteBuffer code = ByteBuffer.wrap(mac.doFinal(hash.getBytes(StandardCharsets.US_ASCII)));
        return new Proof(code.getLong(), code.getLong());
    }
}
