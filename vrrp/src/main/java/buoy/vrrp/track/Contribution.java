package buoy.vrrp.track;

/**
 * One reason why the effective priority is not the configured one.
 *
 * @param cause in words, such as {@code pool app has 1 server up, below 2}
 * @param amount what it adds to the priority; where not the sum decides, less than any priority
 */
public record Contribution(String cause, Kind kind, int amount) {
    /** What it does to the priority. */
    public enum Kind {
        /** It is added. */
        WEIGHT,
        /** Whatever the sum, the effective priority is 1. */
        LAST_RESORT,
        /** The router is not fit to be active. */
        FAULT
    }

    private static final int LESS_THAN_ANY = -254;

    static Contribution weight(String cause, int amount) {
        return new Contribution(cause, Kind.WEIGHT, amount);
    }

    static Contribution lastResort(String cause) {
        return new Contribution(cause, Kind.LAST_RESORT, LESS_THAN_ANY);
    }

    static Contribution fault(String cause) {
        return new Contribution(cause, Kind.FAULT, LESS_THAN_ANY);
    }

    /** Cause and effect, such as {@code pool app has 1 server up, below 2 (-60)}. */
    public String inWords() {
        return "%s (%s)".formatted(cause, effect());
    }

    /** What it does, in a word: {@code -60}, {@code last resort}. */
    public String effect() {
        return switch (kind) {
            case WEIGHT -> "%+d".formatted(amount);
            case LAST_RESORT -> "last resort";
            case FAULT -> "fault";
        };
    }
}
