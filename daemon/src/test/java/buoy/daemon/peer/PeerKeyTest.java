package buoy.daemon.peer;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PeerKeyTest {
    private static final String SECRET = "correct horse battery staple, and more of it";

    @Test
    void oneSecretGivesOneKeyPairOnEveryHost() throws Exception {
        PeerKey one = PeerKey.of(new Secret(SECRET));
        PeerKey other = PeerKey.of(new Secret(SECRET));

        assertThat(one.publicKey()).isEqualTo(other.publicKey());
        assertThat(PeerKey.of(new Secret(SECRET + ".")).publicKey()).isNotEqualTo(one.publicKey());
        Signature sign = Signature.getInstance("SHA256withECDSA");
        sign.initSign(one.privateKey());
        sign.update(new byte[] {1, 2, 3});
        byte[] signature = sign.sign();
        sign.initVerify(other.publicKey());
        sign.update(new byte[] {1, 2, 3});
        assertThat(sign.verify(signature)).isTrue();
    }

    /** RFC 5869 by hand, so that hosts of different versions agree for ever. */
    @Test
    void theNumberIsHkdfOfTheSecretReducedToTheCurve() throws Exception {
        byte[] extracted = hmac(ascii("buoy peer"), ascii(SECRET));
        byte[] first = hmac(extracted, ascii("key pair, version 1"), new byte[] {1});
        byte[] second = hmac(extracted, first, ascii("key pair, version 1"), new byte[] {2});
        var bytes =
                new BigInteger(
                        HexFormat.of().formatHex(first)
                                + HexFormat.of().formatHex(second).substring(0, 32),
                        16);
        ECPrivateKey key = (ECPrivateKey) PeerKey.of(new Secret(SECRET)).privateKey();
        var order = key.getParams().getOrder();

        assertThat(key.getS())
                .isEqualTo(bytes.mod(order.subtract(BigInteger.ONE)).add(BigInteger.ONE));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }
}
