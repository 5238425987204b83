package buoy.daemon.admin;

/**
 * A listening socket for operators could not be had; the message names it, the reason and the
 * remedy.
 */
public final class DoorRefused extends Exception {
    private static final long serialVersionUID = 1L;

    DoorRefused(String message) {
        super(message);
    }

    DoorRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
