package buoy.daemon;

/**
 * The system does not let this process run as configured. The message says what, why and what to
 * do.
 */
final class StartRefused extends Exception {
    private static final long serialVersionUID = 1L;

    StartRefused(String message) {
        super(message);
    }

    StartRefused(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
