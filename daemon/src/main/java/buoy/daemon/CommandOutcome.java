package buoy.daemon;

/** What came of a command about one thing of the configuration, such as a router or a pool. */
sealed interface CommandOutcome {
    /** In a sentence, for whoever asked. */
    String said();

    record Done(String said) implements CommandOutcome {}

    /** Nothing has changed. */
    record Refused(String said) implements CommandOutcome {}

    /** Nothing of that kind has this name. */
    record Unknown(String said) implements CommandOutcome {}
}
