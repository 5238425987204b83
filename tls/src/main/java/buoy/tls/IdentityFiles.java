package buoy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From the files of one {@link Part} to an {@link Identity}, telling all that is wrong with them at
 * once. Problems forbid to use the files; warnings do not.
 */
final class IdentityFiles {
    /** No chain or key comes near; a file beyond it is something else, such as a device. */
    private static final long MAX_BYTES = 1 << 20;

    /** Lists of revoked certificates are longer, of large authorities some megabytes. */
    private static final long MAX_LIST_BYTES = 64 << 20;

    private final @Nullable Provider provider;
    private final Instant now;
    final List<Finding> problems = new ArrayList<>();
    final List<Finding> warnings = new ArrayList<>();

    /**
     * @param provider makes the key objects; {@code null} is the JDK's own
     * @param now decides about validity
     */
    IdentityFiles(@Nullable Provider provider, Instant now) {
        this.provider = provider;
        this.now = now;
    }

    /** Empty when a problem was added. */
    Optional<Identity> read(Part part) {
        Optional<List<PemText.Block>> chain = blocks(part.chainPath(), part.chain());
        Optional<List<PemText.Block>> key =
                part.key().equals(part.chain()) ? chain : blocks(part.keyPath(), part.key());
        return chain.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : identity(
                        part.name(),
                        new Source(part.chainPath(), part.chain(), chain.get()),
                        new Source(part.keyPath(), part.key(), key.get()));
    }

    /** A chain and its key in one file, of which these are the blocks. */
    Optional<Identity> read(Path file, List<PemText.Block> blocks) {
        Source both = new Source("certificate", file, blocks);
        return identity("certificate", both, both);
    }

    /** A file that was read, and where the configuration names it. */
    private record Source(String path, Path file, List<PemText.Block> blocks) {}

    private Optional<Identity> identity(String name, Source chainSource, Source keySource) {
        Optional<List<X509Certificate>> chain = chain(chainSource);
        List<PemText.Block> keys = keySource.blocks().stream().filter(PrivateKeys::isKey).toList();
        if (keys.size() != 1) {
            problem(
                    keySource.path(),
                    keySource.file(),
                    keys.isEmpty()
                            ? "no private key in it (a block BEGIN PRIVATE KEY is needed)"
                            : "%d private keys in it (leave one)".formatted(keys.size()));
            return Optional.empty();
        }
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate own = chain.get().getFirst();
        String algorithm = own.getPublicKey().getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            problem(
                    chainSource.path(),
                    chainSource.file(),
                    "its key is %s; browsers know RSA and EC alone".formatted(algorithm));
            return Optional.empty();
        }
        return switch (PrivateKeys.read(keys.getFirst(), algorithm, provider)) {
            case PrivateKeys.Read.Unusable(var why) -> {
                problem(keySource.path(), keySource.file(), why);
                yield Optional.empty();
            }
            case PrivateKeys.Read.Key(var key) -> {
                if (!PrivateKeys.belongTogether(key, own.getPublicKey(), provider)) {
                    problem(
                            keySource.path(),
                            keySource.file(),
                            "the key does not belong to the certificate of "
                                    + own.getSubjectX500Principal().getName());
                    yield Optional.empty();
                }
                yield Optional.of(new Identity(name, chain.get(), key, dnsNames(own)));
            }
        };
    }

    /** Whom to trust: the certificates of a file, in no order. Empty when a problem was added. */
    Optional<List<X509Certificate>> authorities(String path, Path file) {
        return blocks(path, file).flatMap(blocks -> certificates(new Source(path, file, blocks)));
    }

    /** Lists of revoked certificates. Empty when a problem was added. */
    Optional<List<X509CRL>> revocations(String path, Path file) {
        return blocks(path, file, MAX_LIST_BYTES)
                .flatMap(blocks -> lists(new Source(path, file, blocks)));
    }

    private Optional<List<X509CRL>> lists(Source source) {
        List<X509CRL> lists = new ArrayList<>();
        for (PemText.Block block : source.blocks()) {
            if (!block.label().equals("X509 CRL")) {
                continue;
            }
            try {
                lists.add(
                        (X509CRL)
                                CertificateFactory.getInstance("X.509")
                                        .generateCRL(new ByteArrayInputStream(block.der())));
            } catch (CertificateException | CRLException e) {
                problem(
                        source.path(),
                        source.file(),
                        "list %d is broken (%s)".formatted(lists.size() + 1, e.getMessage()));
                return Optional.empty();
            }
            Optional<String> lack = ListScope.lack(lists.getLast());
            if (lack.isPresent()) {
                problem(
                        source.path(),
                        source.file(),
                        "list %d %s".formatted(lists.size(), lack.get()));
                return Optional.empty();
            }
        }
        if (lists.isEmpty()) {
            problem(
                    source.path(),
                    source.file(),
                    "no list in it (a block BEGIN X509 CRL is needed: openssl crl -inform DER makes one)");
            return Optional.empty();
        }
        return Optional.of(lists);
    }

    private Optional<List<X509Certificate>> certificates(Source source) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemText.Block block : source.blocks()) {
            if (!block.label().equals("CERTIFICATE") && !block.label().equals("X509 CERTIFICATE")) {
                continue;
            }
            try {
                certificates.add(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(
                                                new ByteArrayInputStream(block.der())));
            } catch (CertificateException e) {
                problem(
                        source.path(),
                        source.file(),
                        "certificate %d is broken (%s)"
                                .formatted(certificates.size() + 1, e.getMessage()));
                return Optional.empty();
            }
        }
        if (certificates.isEmpty()) {
            problem(
                    source.path(),
                    source.file(),
                    "no certificate in it (a block BEGIN CERTIFICATE is needed)");
            return Optional.empty();
        }
        return Optional.of(certificates);
    }

    private Optional<List<X509Certificate>> chain(Source source) {
        Optional<List<X509Certificate>> read = certificates(source);
        if (read.isEmpty()) {
            return read;
        }
        List<X509Certificate> chain = read.get();
        for (int i = 1; i < chain.size(); i++) {
            if (!signedBy(chain.get(i - 1), chain.get(i))) {
                problem(
                        source.path(),
                        source.file(),
                        "certificate %d (%s) is not signed by certificate %d (%s): the server's own comes first, then each one's issuer"
                                .formatted(
                                        i,
                                        subject(chain.get(i - 1)),
                                        i + 1,
                                        subject(chain.get(i))));
                return Optional.empty();
            }
        }
        chain.forEach(certificate -> checkDates(source, certificate));
        return Optional.of(chain);
    }

    private static boolean signedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /**
     * Only warnings: to serve an expired certificate is worse than a valid one, but better than
     * nothing.
     */
    private void checkDates(Source source, X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String message = null;
        if (now.isBefore(from)) {
            message =
                    "the certificate of %s is not valid before %s"
                            .formatted(subject(certificate), from);
        } else if (until.isBefore(now)) {
            message =
                    "the certificate of %s expired at %s (renew it)"
                            .formatted(subject(certificate), until);
        } else if (until.isBefore(now.plus(Lifetime.SOON))) {
            message =
                    "the certificate of %s expires at %s (renew it soon)"
                            .formatted(subject(certificate), until);
        }
        if (message != null) {
            warning(source.path(), source.file(), message);
        }
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /**
     * The dNSName entries of subjectAltName; the common name is no longer looked at by any client.
     */
    private static List<String> dnsNames(X509Certificate certificate) {
        try {
            Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
            return entries == null
                    ? List.of()
                    : entries.stream()
                            .filter(entry -> Integer.valueOf(2).equals(entry.get(0)))
                            .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
                            .distinct()
                            .toList();
        } catch (CertificateParsingException _) {
            return List.of(); // then it is served to those who ask for no name it could carry
        }
    }

    private Optional<List<PemText.Block>> blocks(String path, Path file) {
        return blocks(path, file, MAX_BYTES);
    }

    private Optional<List<PemText.Block>> blocks(String path, Path file, long most) {
        return bytes(path, file, most)
                .flatMap(
                        bytes ->
                                switch (PemText.parse(
                                        new String(bytes, StandardCharsets.ISO_8859_1))) {
                                    case PemText.Blocks(var blocks) -> Optional.of(blocks);
                                    case PemText.Broken(int line, var why) -> {
                                        problem(path, file, "line %d: %s".formatted(line, why));
                                        yield Optional.empty();
                                    }
                                });
    }

    /**
     * A whole file. Empty when a problem was added.
     *
     * @param most bytes that a file of this kind may have
     */
    Optional<byte[]> bytes(String path, Path file, long most) {
        try {
            if (!Files.isRegularFile(file) && Files.exists(file)) {
                problem(path, file, "it is not a file");
                return Optional.empty();
            }
            if (Files.size(file) > most) {
                problem(
                        path,
                        file,
                        "it is larger than %s, which no file of this kind is"
                                .formatted(
                                        most >> 20 > 0
                                                ? (most >> 20) + " MiB"
                                                : (most >> 10) + " KiB"));
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            problem(path, file, "there is no such file");
        } catch (AccessDeniedException _) {
            problem(
                    path,
                    file,
                    "reading is not permitted (the user that Buoy runs as must be able to)");
        } catch (IOException e) {
            problem(path, file, "it cannot be read (%s)".formatted(e.getMessage()));
        }
        return Optional.empty();
    }

    void problem(String path, Path file, String message) {
        problems.add(new Finding(path, file + ": " + message));
    }

    void warning(String path, Path file, String message) {
        warnings.add(new Finding(path, file + ": " + message));
    }
}
