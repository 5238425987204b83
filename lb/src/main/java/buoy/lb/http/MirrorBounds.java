package buoy.lb.http;

/** How much the copies of requests on one worker may take of its memory and its connections. */
final class MirrorBounds {
    /** Copies under way: each has a head and a connection. */
    static final int MOST = 1024;

    /** Octets of their content that wait for servers. */
    private static final int MOST_KEPT = 64 << 20;

    private int underWay;
    private int kept;

    /** Whether one more may be made; {@link #over} follows then. */
    boolean begins() {
        if (underWay == MOST) {
            return false;
        }
        underWay++;
        return true;
    }

    void over() {
        underWay--;
    }

    /** Whether so much more may wait; {@link #gone} follows then. */
    boolean keeps(int octets) {
        if (kept + octets > MOST_KEPT) {
            return false;
        }
        kept += octets;
        return true;
    }

    void gone(int octets) {
        kept -= octets;
    }
}
