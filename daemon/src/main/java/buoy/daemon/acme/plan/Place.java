package buoy.daemon.acme.plan;

/** Which host orders. */
public sealed interface Place {
    /** This one: its addresses are where the CA asks. */
    record Here() implements Place {}

    /**
     * Another one.
     *
     * @param why in words, such as {@code web is backup here}
     */
    record Elsewhere(String why) implements Place {}
}
