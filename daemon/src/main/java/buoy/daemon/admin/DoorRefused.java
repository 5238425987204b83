package buoy.daemon.admin;

import org.jspecify.annotations.Nullable;

/**
 * A listening socket for operators could not be had; the message names it, the reason and the
 * remedy.
 */
public final class DoorRefused extends Exception {
    private static final long serialVersionUID = 1L;

    DoorRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
