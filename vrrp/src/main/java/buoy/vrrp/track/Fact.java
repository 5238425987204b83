package buoy.vrrp.track;

/** The latest word on a subject. */
public sealed interface Fact {
    Subject subject();

    /** How many servers of a pool are up. */
    record ServersUp(Subject.Pool subject, int count) implements Fact {}

    /** The number in a file; 0 where there is none. */
    record NumberRead(Subject.File subject, int value) implements Fact {}

    /** It is as it should be. */
    record Good(Subject subject) implements Fact {}

    /**
     * It is not.
     *
     * @param why in words that name the subject, such as {@code interface eth1 is down}
     */
    record Trouble(Subject subject, String why) implements Fact {}

    /** Nobody watches it any more. */
    record Unknown(Subject subject) implements Fact {}
}
