package buoy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A {@code keys-file}, as it is now. One thread looks. */
final class TicketFile {
    private static final long MAX_BYTES = 1 << 16;

    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rw-------");

    private final String path;
    private final Path file;

    /** Of what was read last, good or not. */
    private Stamp stamp;

    /** Seen by the last look and not read: it may still be being written. */
    private Stamp unsettled;

    /**
     * @param path of the file in the configuration
     */
    TicketFile(String path, Path file) {
        this.path = path;
        this.file = file;
        this.stamp = Stamp.of(file);
        this.unsettled = stamp;
    }

    /** Empty when a problem was added. */
    Optional<List<TicketSecret>> read(IdentityFiles files) {
        Optional<byte[]> bytes = files.bytes(path, file, MAX_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        return switch (TicketText.parse(bytes.get())) {
            case TicketText.Keys(var secrets) -> {
                if (othersMayRead()) {
                    files.warning(
                            path,
                            file,
                            "others than its owner may use it, and whoever reads it reads what"
                                    + " clients send (chmod 600)");
                }
                yield Optional.of(secrets);
            }
            case TicketText.Broken(var why) -> {
                files.problem(path, file, why);
                yield Optional.empty();
            }
        };
    }

    private boolean othersMayRead() {
        try {
            return !OWN.containsAll(Files.getPosixFilePermissions(file));
        } catch (IOException | UnsupportedOperationException _) {
            return false; // it was read a moment ago: what is gone again is seen by the next look
        }
    }

    /**
     * Reads the file again if two looks in a row have seen the same change.
     *
     * @param news what came of it is added
     */
    Optional<List<TicketSecret>> look(Instant now, List<CertificateEvent> news) {
        Stamp seen = Stamp.of(file);
        boolean settled = seen.equals(unsettled);
        unsettled = seen;
        if (seen.equals(stamp) || !settled) {
            return Optional.empty();
        }
        stamp = seen;
        IdentityFiles files = new IdentityFiles(null, now);
        Optional<List<TicketSecret>> secrets = read(files);
        files.problems.forEach(why -> news.add(new CertificateEvent.Broken(path, why, true)));
        files.warnings.forEach(why -> news.add(new CertificateEvent.Doubtful(path, why)));
        secrets.ifPresent(_ -> news.add(new CertificateEvent.TicketKeys(path)));
        return secrets;
    }
}
