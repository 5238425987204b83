package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Held;
import buoy.daemon.state.SecretFile;
import buoy.tls.IdentityText;
import buoy.tls.PemText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What outlives the process, under the state directory: {@code acme/NAME.pem} with a chain and its
 * key, and {@code acme/accounts/HASH.pem} with the key by which a CA knows this operator. In front
 * of the blocks each says which CA it is about.
 */
final class StateFiles {
    private static final String DIRECTORY = "directory: ";

    /** An instant in whole seconds as ISO 8601 writes it, so that the later is the greater text. */
    private static final String CREATED = "created: ";

    /** A tenth is much; and it has to fit into a message between hosts. */
    private static final long MAX_BYTES = 512 << 10;

    /** More than a chain of three RSA certificates and its key take. */
    private static final int USUAL_BYTES = 32 << 10;

    /** Finds out whether something can be kept, before anything is ordered. */
    synchronized void prepare(Acme certificate) throws IOException {
        SecretFile.probe(certificate.pem(), USUAL_BYTES);
    }

    // --- accounts

    private static Path account(Acme certificate) throws GeneralSecurityException {
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(certificate.directory().getBytes(StandardCharsets.UTF_8));
        return certificate
                .pem()
                .resolveSibling("accounts")
                .resolve(HexFormat.of().formatHex(digest).substring(0, 16) + ".pem");
    }

    /** The file of the account with a certificate's CA, if there is one. */
    Optional<String> accountText(Acme certificate) throws IOException, GeneralSecurityException {
        return text(account(certificate));
    }

    /**
     * The key of the account with a certificate's CA; made here if there is none yet.
     *
     * @param made told the text of the account's file, if it is new
     */
    synchronized KeyPair accountKey(Acme certificate, Consumer<String> made)
            throws IOException, GeneralSecurityException {
        Optional<String> text = accountText(certificate);
        if (text.isPresent()) {
            return key(account(certificate), text.get());
        }
        KeyPair fresh = Keys.account();
        String written =
                head(certificate.directory())
                        + CREATED
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                        + "\n"
                        + PemText.block("PUBLIC KEY", fresh.getPublic().getEncoded())
                        + PemText.block("PRIVATE KEY", fresh.getPrivate().getEncoded());
        SecretFile.replace(account(certificate), written);
        made.accept(written);
        return fresh;
    }

    private static KeyPair key(Path file, String text)
            throws IOException, GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("EC");
        return new KeyPair(
                factory.generatePublic(new X509EncodedKeySpec(one(file, text, "PUBLIC KEY"))),
                factory.generatePrivate(new PKCS8EncodedKeySpec(one(file, text, "PRIVATE KEY"))));
    }

    /**
     * Takes an account over from another host, if it is later than the one that is here.
     *
     * @return whether it is
     * @throws IOException if it is of no use
     */
    synchronized boolean takeAccount(Acme certificate, String text)
            throws IOException, GeneralSecurityException {
        Path file = account(certificate);
        key(file, text);
        Optional<String> here = accountText(certificate);
        if (here.isPresent()) {
            int order = line(text, CREATED).compareTo(line(here.get(), CREATED));
            if (order < 0 || (order == 0 && text.compareTo(here.get()) <= 0)) {
                return false;
            }
        }
        SecretFile.replace(file, text);
        return true;
    }

    // --- certificates

    /**
     * The certificate that is there.
     *
     * @throws IOException if the file is there and of no use: no listener could use it
     */
    Optional<Held> held(Acme certificate) throws IOException {
        Optional<String> text = text(certificate.pem());
        return text.isEmpty() ? Optional.empty() : Optional.of(held(certificate.pem(), text.get()));
    }

    private static Held held(Path file, String text) throws IOException {
        Optional<String> unusable = IdentityText.unusable(file, blocks(file, text));
        if (unusable.isPresent()) {
            throw new IOException(unusable.get());
        }
        try {
            X509Certificate own =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(
                                                    one(file, text, "CERTIFICATE")));
            return new Held(
                    line(text, DIRECTORY),
                    names(own),
                    own.getNotBefore().toInstant(),
                    own.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
        if (entries != null) {
            for (List<?> entry : entries) {
                if (Integer.valueOf(2).equals(entry.get(0))) {
                    names.add(String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    /** The certificate's file, if there is one. */
    Optional<String> certificateText(Acme certificate) throws IOException {
        return text(certificate.pem());
    }

    /**
     * Puts the file of another host in place of what is there, if it is what is wanted and better.
     *
     * @return what it holds, if it was taken
     * @throws IOException if it is of no use, or could not be written
     */
    synchronized Optional<Held> take(Acme certificate, String text) throws IOException {
        Held theirs = held(Path.of("certificate"), text);
        if (!theirs.isOf(certificate) || !better(theirs, text, certificate)) {
            return Optional.empty();
        }
        SecretFile.replace(certificate.pem(), text);
        return Optional.of(theirs);
    }

    /** The later one, by the CA's clock; of two of one moment every host prefers the same. */
    private static boolean better(Held theirs, String text, Acme certificate) throws IOException {
        Optional<String> here = text(certificate.pem());
        if (here.isEmpty()) {
            return true;
        }
        Held ours;
        try {
            ours = held(certificate.pem(), here.get());
        } catch (IOException _) {
            // Whatever is of use is better; that this is not was said when it was read first.
            return true;
        }
        if (!ours.isOf(certificate)) {
            return true;
        }
        int order = theirs.notBefore().compareTo(ours.notBefore());
        return order > 0 || (order == 0 && text.compareTo(here.get()) > 0);
    }

    /**
     * Puts a chain with its key in place of what is there.
     *
     * @return the text of the file
     */
    synchronized String keep(Acme certificate, List<X509Certificate> chain, PrivateKey key)
            throws IOException, GeneralSecurityException {
        StringBuilder text = new StringBuilder(head(certificate.directory()));
        for (X509Certificate each : chain) {
            text.append(PemText.block("CERTIFICATE", each.getEncoded()));
        }
        text.append(PemText.block("PRIVATE KEY", key.getEncoded()));
        SecretFile.replace(certificate.pem(), text.toString());
        return text.toString();
    }

    // --- both

    private static String head(String directory) {
        return "Made by Buoy, which replaces it.\n" + DIRECTORY + directory + "\n";
    }

    /** What stands behind a word in front of the blocks; empty if it does not. */
    private static String line(String text, String word) {
        return text.lines()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .findFirst()
                .orElse("");
    }

    /** The first block of this kind. */
    private static byte[] one(Path file, String text, String label) throws IOException {
        return blocks(file, text).stream()
                .filter(block -> block.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IOException(file + ": there is no " + label + " in it"))
                .der();
    }

    private static List<PemText.Block> blocks(Path file, String text) throws IOException {
        return switch (PemText.parse(text)) {
            case PemText.Blocks(var blocks) -> blocks;
            case PemText.Broken(int line, var why) ->
                    throw new IOException("%s: line %d: %s".formatted(file, line, why));
        };
    }

    private static Optional<String> text(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(file + ": it is larger than 512 KiB");
            }
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
