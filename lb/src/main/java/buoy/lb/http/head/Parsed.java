package buoy.lb.http.head;

/** What a parse came to. */
public enum Parsed {
    /** The head has not ended yet; add bytes and parse again. */
    NEED_MORE,
    /** The head is whole and sound; what follows it is body. */
    COMPLETE,
    /** The head must not be acted on; {@link Head#refusal()} says why. Final. */
    REFUSED
}
