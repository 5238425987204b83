package buoy.daemon.peer;

import buoy.config.model.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The key pair that all hosts with one secret have: on P-256, its private number drawn from the
 * secret by HKDF (RFC 5869), 48 bytes reduced to the order of the curve (FIPS 186-5 A.2.1). Each
 * host shows a certificate with it that it signed itself; nothing in it counts but the key.
 *
 * <p>The public key can be had by whoever connects, and with it secrets can be tried one by one.
 * Hence the configuration takes long ones alone.
 */
final class PeerKey {
    private static final String CURVE = "secp256r1";
    private static final byte[] SALT = "buoy peer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFO = "key pair, version 1".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey privateKey;
    private final X509Certificate certificate;

    private PeerKey(PrivateKey privateKey, X509Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
    }

    static PeerKey of(Secret secret) {
        try {
            X9ECParameters curve = CustomNamedCurves.getByName(CURVE);
            BigInteger d = number(secret, curve.getN());
            var q = curve.getG().multiply(d).normalize();
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(CURVE));
            ECParameterSpec parameters = named.getParameterSpec(ECParameterSpec.class);
            KeyFactory factory = KeyFactory.getInstance("EC");
            PublicKey publicKey =
                    factory.generatePublic(
                            new ECPublicKeySpec(
                                    new ECPoint(
                                            q.getAffineXCoord().toBigInteger(),
                                            q.getAffineYCoord().toBigInteger()),
                                    parameters));
            PrivateKey privateKey = factory.generatePrivate(new ECPrivateKeySpec(d, parameters));
            return new PeerKey(privateKey, certificate(privateKey, publicKey));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has P-256 and X.509", e);
        }
    }

    private static BigInteger number(Secret secret, BigInteger order) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret.text().getBytes(StandardCharsets.UTF_8), SALT, INFO));
        byte[] bytes = new byte[48];
        hkdf.generateBytes(bytes, 0, bytes.length);
        return new BigInteger(1, bytes).mod(order.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }

    private static X509Certificate certificate(PrivateKey privateKey, PublicKey publicKey)
            throws GeneralSecurityException, IOException {
        X500Name name = new X500Name("CN=buoy peer");
        try {
            byte[] der =
                    new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(Instant.EPOCH),
                                    Date.from(Instant.parse("9999-12-31T23:59:59Z")),
                                    name,
                                    publicKey)
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(privateKey))
                            .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    X509Certificate certificate() {
        return certificate;
    }

    PublicKey publicKey() {
        return certificate.getPublicKey();
    }
}
