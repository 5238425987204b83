package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** Makes keys. */
final class Keys {
    private Keys() {}

    static KeyPair of(Acme.KeyType type) throws GeneralSecurityException {
        return switch (type) {
            case EC256 -> ec("secp256r1");
            case EC384 -> ec("secp384r1");
            case RSA2048 -> rsa(2048);
            case RSA4096 -> rsa(4096);
        };
    }

    /** Of an account: ES256, which every CA has to know (RFC 8555 6.2). */
    static KeyPair account() throws GeneralSecurityException {
        return ec("secp256r1");
    }

    static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }
}
