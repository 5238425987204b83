package buoy.daemon.upgrade;

import java.io.IOException;

/** The other process did not do its part; the message says what it did instead. */
public final class UpgradeFailed extends IOException {
    private static final long serialVersionUID = 1L;

    public UpgradeFailed(String message) {
        super(message);
    }
}
