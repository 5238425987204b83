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

    /** Tickets are sealed with the keys that their file has now. */
    record TicketKeys(String certificate) implements CertificateEvent {}

    /** It is shown, and should not be for long. */
    record Doubtful(String certificate, Finding why) implements CertificateEvent {}

    /** A directory could be listed no more; what it held goes on being shown. */
    record Unlisted(String certificate, Finding why) implements CertificateEvent {}

    /**
     * An OCSP response is stapled from now on.
     *
     * @param until clients believe it; the next is fetched before
     */
    record Stapled(String certificate, Instant until) implements CertificateEvent {}

    /**
     * No new OCSP response could be had.
     *
     * @param kept whether the last one goes on being stapled while it is valid
     */
    record NotStapled(String certificate, String why, boolean kept) implements CertificateEvent {}

    /** The responder says that the certificate is revoked: clients that ask will not believe it. */
    record Revoked(String certificate, String why) implements CertificateEvent {}

    /**
     * The time left has come down to one of the lengths that are told.
     *
     * @param days left, rounded up; 0 when it ended
     */
    record Ending(String certificate, Instant notAfter, int days) implements CertificateEvent {}
}
