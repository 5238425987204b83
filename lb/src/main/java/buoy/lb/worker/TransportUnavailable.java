package buoy.lb.worker;

/** The transport the operator asked for does not run here. The message says why and what to do. */
public final class TransportUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    TransportUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
