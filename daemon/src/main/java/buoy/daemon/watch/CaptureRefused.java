package buoy.daemon.watch;

/** There is nothing to watch: why, and what to do, in one line for people. */
public final class CaptureRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public CaptureRefused(String message) {
        super(message);
    }
}
