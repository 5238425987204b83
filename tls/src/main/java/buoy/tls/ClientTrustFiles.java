package buoy.tls;

import buoy.config.model.ListenerTls;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of {@code tls.client}, as they are now. One thread looks. */
final class ClientTrustFiles {
    private final String path;
    private final ListenerTls.ClientCertificates settings;

    /** Of what was read last, good or not. */
    private List<Stamp> stamps;

    /** Seen by the last look and not read: they may still be being written. */
    private List<Stamp> unsettled = List.of();

    /**
     * @param path of the settings in the configuration
     */
    ClientTrustFiles(String path, ListenerTls.ClientCertificates settings) {
        this.path = path;
        this.settings = settings;
        this.stamps = stamps();
    }

    private List<Stamp> stamps() {
        return Stream.concat(Stream.of(settings.ca()), settings.crl().stream())
                .map(Stamp::of)
                .toList();
    }

    /** Empty when a problem was added. */
    Optional<ClientTrust> read(IdentityFiles files, Instant now) {
        Optional<List<X509Certificate>> authorities =
                files.authorities(path + ".ca", settings.ca());
        if (settings.crl().isEmpty()) {
            return authorities.map(ca -> new ClientTrust(ca, List.of(), settings.require()));
        }
        Path file = settings.crl().get();
        Optional<List<X509CRL>> lists = files.revocations(path + ".crl", file);
        if (authorities.isEmpty() || lists.isEmpty()) {
            return Optional.empty();
        }
        for (X509CRL list : lists.get()) {
            if (authorities.get().stream().noneMatch(ca -> signed(ca, list))) {
                files.problem(
                        path + ".crl",
                        file,
                        "the list of %s is signed by no authority in %s (add the one that signed it)"
                                .formatted(list.getIssuerX500Principal().getName(), settings.ca()));
                return Optional.empty();
            }
            if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now)) {
                files.warning(
                        path + ".crl",
                        file,
                        "the list of %s was to be replaced by %s: until it is, whom this authority vouches for is refused"
                                .formatted(
                                        list.getIssuerX500Principal().getName(),
                                        list.getNextUpdate().toInstant()));
            }
        }
        return Optional.of(new ClientTrust(authorities.get(), lists.get(), settings.require()));
    }

    private static boolean signed(X509Certificate authority, X509CRL list) {
        if (!authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /**
     * Reads the files again if two looks in a row have seen the same change.
     *
     * @param news what came of it is added
     */
    Optional<ClientTrust> look(Instant now, List<CertificateEvent> news) {
        List<Stamp> seen = stamps();
        if (seen.equals(stamps)) {
            unsettled = List.of();
            return Optional.empty();
        }
        if (!seen.equals(unsettled)) {
            unsettled = seen;
            return Optional.empty();
        }
        stamps = seen;
        IdentityFiles files = new IdentityFiles(null, now);
        Optional<ClientTrust> trust = read(files, now);
        files.problems.forEach(why -> news.add(new CertificateEvent.Broken(path, why, true)));
        files.warnings.forEach(why -> news.add(new CertificateEvent.Doubtful(path, why)));
        trust.ifPresent(_ -> news.add(new CertificateEvent.Trusted(path)));
        return trust;
    }
}
