package buoy.daemon;

/** What came of asking a virtual router to hand its addresses over, or to take part again. */
sealed interface RouterOutcome {
    /** In a sentence, for whoever asked. */
    String said();

    record Done(String said) implements RouterOutcome {}

    /** Nothing has changed. */
    record Refused(String said) implements RouterOutcome {}

    /** No router has this name. */
    record Unknown(String said) implements RouterOutcome {}
}
