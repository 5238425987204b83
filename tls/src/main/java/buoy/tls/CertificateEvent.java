package buoy.tls;

import java.time.Instant;

/** What a look at the certificates' files found to be otherwise than before. */
public sealed interface CertificateEvent {
    /** As it is called in status and metrics; the path of the settings where it is of clients. */
    String certificate();

    /** New files are shown from now on, in place of others or for the first time. */
    record Shown(String certificate, boolean isNew, Instant notAfter) implements CertificateEvent {}

    /** Its files are gone from their directory, and it is shown no more. */
    record Withdrawn(String certificate) implements CertificateEvent {}

    /**
     * What its files hold now is of no use.
     *
     * @param kept whether what they held before goes on being shown
     */
    record Broken(String certificate, Finding why, boolean kept) implements CertificateEvent {}

    /** Authorities and revocations of clients were read anew. */
    record Trusted(String certificate) implements CertificateEvent {}

    /** It is shown, and should not be for long. */
    record Doubtful(String certificate, Finding why) implements CertificateEvent {}

    /** A directory could be listed no more; what it held goes on being shown. */
    record Unlisted(String certificate, Finding why) implements CertificateEvent {}

    /**
     * The time left has come down to one of the lengths that are told.
     *
     * @param days left, rounded up; 0 when it ended
     */
    record Ending(String certificate, Instant notAfter, int days) implements CertificateEvent {}
}
