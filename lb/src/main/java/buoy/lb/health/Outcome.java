package buoy.lb.health;

/** What one probe found; {@code why} in a few words, for people. */
public sealed interface Outcome {
    String why();

    /** As expected. Counted by {@code rise}. */
    record Passed(String why) implements Outcome {}

    /** An error, a wrong answer or none in time. Counted by {@code fall}. */
    record Failed(String why) implements Outcome {}

    /** An answer that leaves no doubt, such as a database's role in its cluster: counts at once. */
    record Clear(boolean up, String why) implements Outcome {}
}
