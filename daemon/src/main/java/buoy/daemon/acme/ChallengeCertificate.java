package buoy.daemon.acme;

import buoy.tls.Challenges;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What TLS-ALPN-01 shows: a self-signed certificate with a proof in it (RFC 8737 3). */
final class ChallengeCertificate {
    /** id-pe-acmeIdentifier. */
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER =
            new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private static final Duration LIFETIME = Duration.ofDays(7);

    private ChallengeCertificate() {}

    /**
     * Makes one with a new key.
     *
     * @param digest SHA-256 of the key authorization
     */
    static Challenges.Shown of(String name, byte[] digest)
            throws GeneralSecurityException, IOException {
        KeyPair key = Keys.ec("secp256r1");
        Instant now = Instant.now();
        X500Name nobody = new X500Name("CN=acme.invalid");
        JcaX509v3CertificateBuilder certificate =
                new JcaX509v3CertificateBuilder(
                        nobody,
                        BigInteger.valueOf(now.toEpochMilli()),
                        // The CA's clock may be slow.
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(LIFETIME)),
                        nobody,
                        key.getPublic());
        certificate.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
        certificate.addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest));
        try {
            byte[] der =
                    certificate
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(key.getPrivate()))
                            .getEncoded();
            return new Challenges.Shown(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der)),
                    key.getPrivate());
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
