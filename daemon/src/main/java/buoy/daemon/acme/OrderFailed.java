package buoy.daemon.acme;

import buoy.daemon.acme.plan.Failure;

/** An order came to nothing. */
final class OrderFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    OrderFailed(Failure failure) {
        super(failure.words());
        this.failure = failure;
    }

    OrderFailed(Failure failure, Throwable cause) {
        super(failure.words(), cause);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
