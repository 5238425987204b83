package buoy.tls;

import static buoy.tls.DerElement.explicit;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asking whether a certificate is revoked (RFC 6960): the question, and what the answer is worth.
 *
 * <pre>
 *  OCSPRequest  ::= SEQUENCE { SEQUENCE { SEQUENCE OF SEQUENCE { CertID } } }
 *  CertID       ::= SEQUENCE { hash, hash of the issuer's name, hash of its key, serial number }
 *  OCSPResponse ::= SEQUENCE { status ENUMERATED, [0] { SEQUENCE { OID, OCTET STRING(basic) } } }
 *  basic        ::= SEQUENCE { SEQUENCE { [0] version OPTIONAL, [1] or [2] responder, producedAt,
 *                                         SEQUENCE OF single }, ... }
 *  single       ::= SEQUENCE { CertID, [0] good or [1] revoked or [2] unknown, thisUpdate,
 *                              [0] nextUpdate OPTIONAL, ... }
 * </pre>
 */
final class Ocsp {
    /** Authority information access (RFC 5280 4.2.2.1), and of it the kind that is OCSP. */
    private static final String ACCESS = "1.3.6.1.5.5.7.1.1";

    private static final byte[] ACCESS_OCSP = {0x2b, 6, 1, 5, 5, 7, 0x30, 1};

    /** The tag of a URI in a GeneralName. */
    private static final int URI_NAME = 0x86;

    /** AlgorithmIdentifier of SHA-1, which is what responders know certificates by. */
    private static final byte[] SHA_1 = {0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0};

    /** An answer that does not say until when it holds is believed this long. */
    private static final Duration UNDATED = Duration.ofMinutes(15);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmssX");

    private Ocsp() {}

    /** Where to ask about a certificate; empty where it does not say. */
    static Optional<URI> responder(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(ACCESS);
        if (extension == null) {
            return Optional.empty();
        }
        return DerElement.of(extension).flatMap(octets -> DerElement.of(octets.contents())).stream()
                .flatMap(list -> list.children().stream())
                .filter(
                        access ->
                                access.first(DerElement.OBJECT_IDENTIFIER)
                                        .filter(id -> Arrays.equals(id.contents(), ACCESS_OCSP))
                                        .isPresent())
                .flatMap(access -> access.first(URI_NAME).stream())
                .map(name -> new String(name.contents(), StandardCharsets.US_ASCII))
                .filter(text -> text.startsWith("http://") || text.startsWith("https://"))
                .flatMap(text -> uri(text).stream())
                .findFirst();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text)).filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The question, DER. */
    static byte[] request(X509Certificate certificate, X509Certificate issuer) {
        byte[] key =
                DerElement.of(issuer.getPublicKey().getEncoded())
                        .flatMap(info -> info.first(DerElement.BIT_STRING))
                        .map(DerElement::contents)
                        .orElseThrow();
        byte[] id =
                Der.tagged(
                        DerElement.SEQUENCE,
                        SHA_1,
                        Der.tagged(
                                DerElement.OCTET_STRING,
                                sha1(certificate.getIssuerX500Principal().getEncoded(), 0)),
                        // Behind the octet that tells how many bits of the last are unused.
                        Der.tagged(DerElement.OCTET_STRING, sha1(key, 1)),
                        Der.tagged(
                                DerElement.INTEGER, certificate.getSerialNumber().toByteArray()));
        byte[] list = Der.tagged(DerElement.SEQUENCE, Der.tagged(DerElement.SEQUENCE, id));
        return Der.tagged(DerElement.SEQUENCE, Der.tagged(DerElement.SEQUENCE, list));
    }

    private static byte[] sha1(byte[] of, int from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(of, from, of.length - from);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** What an answer is worth. */
    sealed interface Verdict {
        /** The certificate is good, and clients will believe the answer that long. */
        record Good(Instant until) implements Verdict {}

        record Revoked(String why) implements Verdict {}

        /** It is no answer to the question, or not from who may answer, or too old. */
        record Unusable(String why) implements Verdict {}
    }

    /** Whether clients will believe this answer: signed by the issuer or for it, and current. */
    static Verdict judge(byte[] response, X509Certificate certificate, X509Certificate issuer) {
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOcspResponses(Map.of(certificate, response));
            checker.setOptions(
                    EnumSet.of(
                            PKIXRevocationChecker.Option.ONLY_END_ENTITY,
                            PKIXRevocationChecker.Option.NO_FALLBACK));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
            parameters.addCertPathChecker(checker);
            validator.validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                    parameters);
            return until(response)
                    .<Verdict>map(Verdict.Good::new)
                    .orElseGet(() -> new Verdict.Unusable("it does not say when it was made"));
        } catch (CertPathValidatorException e) {
            String why = String.valueOf(e.getMessage());
            return e.getReason() == BasicReason.REVOKED
                    ? new Verdict.Revoked(why)
                    : new Verdict.Unusable(why);
        } catch (GeneralSecurityException e) {
            return new Verdict.Unusable(String.valueOf(e.getMessage()));
        }
    }

    /** The earliest end of what it says, whose signature was checked before. */
    private static Optional<Instant> until(byte[] response) {
        return DerElement.of(response)
                .flatMap(whole -> whole.first(explicit(0)))
                .flatMap(bytes -> bytes.first(DerElement.SEQUENCE))
                .flatMap(typed -> typed.first(DerElement.OCTET_STRING))
                .flatMap(octets -> DerElement.of(octets.contents()))
                .flatMap(basic -> basic.child(0, DerElement.SEQUENCE))
                .flatMap(data -> data.first(DerElement.SEQUENCE))
                .stream()
                .flatMap(singles -> singles.children().stream())
                .flatMap(single -> until(single).stream())
                .min(Instant::compareTo);
    }

    private static Optional<Instant> until(DerElement single) {
        // The status may be [0] too, but stands before; nextUpdate is the one with a time in it.
        Optional<Instant> next =
                single.children().stream()
                        .filter(child -> child.is(explicit(0)))
                        .flatMap(child -> child.first(DerElement.GENERALIZED_TIME).stream())
                        .flatMap(time -> time(time).stream())
                        .findFirst();
        return next.or(
                () ->
                        single.first(DerElement.GENERALIZED_TIME)
                                .flatMap(Ocsp::time)
                                .map(made -> made.plus(UNDATED)));
    }

    private static Optional<Instant> time(DerElement time) {
        try {
            return Optional.of(
                    LocalDateTime.parse(
                                    new String(time.contents(), StandardCharsets.US_ASCII), TIME)
                            .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
