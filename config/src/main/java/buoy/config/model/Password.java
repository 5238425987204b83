package buoy.config.model;

/**
 * The plain password of VRRP version 2 (RFC 2338 5.3.6), 1..8 printable ASCII characters. Shown, it
 * is not there: it may stand in a record that ends up in a log.
 */
public record Password(String text) {
    /** What the field on the wire holds. */
    public static final int MAX_LENGTH = 8;

    @Override
    public String toString() {
        return "(hidden)";
    }
}
