package buoy.lb.udp;

import java.util.OptionalInt;

/** How many answers the server of one session owes its client. Pure. */
final class Owed {
    /** For each datagram; empty where nobody knows. */
    private final OptionalInt each;

    private long owed;

    Owed(OptionalInt each) {
        this.each = each;
    }

    /** The client sent a datagram. */
    void asked() {
        owed += each.orElse(0);
    }

    /** Another server is asked, by the client's last datagram alone. */
    void onlyTheLast() {
        owed = each.orElse(0);
    }

    /**
     * The server sent one.
     *
     * @return whether it was the last that is to come
     */
    boolean isSettledByAnswer() {
        if (owed == 0) {
            return false;
        }
        owed--;
        return owed == 0;
    }

    /** Whether something is still to come. */
    boolean isOpen() {
        return owed > 0;
    }

    /** Whether answers come at all, as far as is known. */
    boolean expectsAny() {
        return each.isEmpty() || each.getAsInt() > 0;
    }
}
