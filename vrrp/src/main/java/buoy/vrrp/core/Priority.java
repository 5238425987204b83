package buoy.vrrp.core;

/** The priority of a router, 0..255 (RFC 9568 5.2.4). */
public record Priority(int value) implements Comparable<Priority> {
    /** The active router stops taking part: backups take over after their skew time. */
    public static final Priority RESIGN = new Priority(0);

    /** The least a router can have and still take part. */
    public static final Priority LAST_RESORT = new Priority(1);

    /** The router whose own addresses these are. */
    public static final Priority OWNER = new Priority(255);

    public Priority {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("priority " + value + " is not in 0..255");
        }
    }

    public boolean isResign() {
        return value == 0;
    }

    public boolean isOwner() {
        return value == 255;
    }

    @Override
    public int compareTo(Priority other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
