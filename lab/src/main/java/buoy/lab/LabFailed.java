package buoy.lab;

/** The machine or a peer refused what the lab asked for; says what, on which host, and why. */
public final class LabFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LabFailed(String message) {
        super(message);
    }

    public LabFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
