package buoy.lb.health;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** How long one question may take in all, from now. */
final class Patience {
    private final Duration whole;
    private final long deadline;

    Patience(Duration whole) {
        this.whole = whole;
        this.deadline = System.nanoTime() + whole.toNanos();
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** For calls that take milliseconds, to which zero would be for ever. */
    int millisLeft() throws SocketTimeoutException {
        long millis = left().toMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return Math.toIntExact(millis);
    }

    /** Why nothing came of it, for people. */
    String words(IOException refusal) {
        if (refusal instanceof SocketTimeoutException) {
            return "no answer in " + whole.toMillis() + "ms";
        }
        String message = refusal.getMessage();
        return message == null ? refusal.getClass().getSimpleName() : message;
    }
}
