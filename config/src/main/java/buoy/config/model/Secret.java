package buoy.config.model;

/** A text that is never shown: it may stand in a record that ends up in a log. */
public record Secret(String text) {
    /** For where none is needed. */
    public static final Secret NONE = new Secret("");

    @Override
    public String toString() {
        return "(hidden)";
    }
}
