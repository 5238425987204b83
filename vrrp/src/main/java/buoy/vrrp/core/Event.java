package buoy.vrrp.core;

import java.net.InetAddress;

/** What can happen to a router. */
public sealed interface Event {
    /** It may take part: its link is up and the channel is open. */
    record Started() implements Event {}

    /** It could take part, but is to wait: {@code why} says for what. */
    record ToldToWait(String why) implements Event {}

    /** An advertisement that {@link Admission} let pass, and where it was heard. */
    record Received(Advert advert, InetAddress source, Standpoint at) implements Event {}

    /**
     * The deadline the state announced has come, or the caller looks early: then nothing happens.
     */
    record DeadlineReached() implements Event {}

    /**
     * Tracking changed the effective priority; the election already has the new one. A loss is
     * offered to the peers at once.
     */
    record PriorityTracked(Priority before) implements Event {}

    /** The configuration changed; the election already has the new rules. Never a transition. */
    record RulesChanged(Rules before) implements Event {}

    /** It cannot take part: {@code why} says what is down or missing. */
    record LinkLost(String why) implements Event {}

    /**
     * It must not be active: something it tracks is in fault. {@link Started} ends it. Active, it
     * gives a peer the chance to take over first.
     */
    record Unfit(String why) implements Event {}

    /** It is to give up what it has and be silent. */
    record StopRequested() implements Event {}
}
