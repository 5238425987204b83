package buoy.vrrp.core;

import java.time.Duration;
import java.util.Optional;

/** Where a router stands, with exactly the data of that state (RFC 9568 6.4). */
public sealed interface State {
    /** Not taking part. */
    record Initialize() implements State {}

    /** Cannot take part; {@link Event.Started} ends it. */
    record Fault(String why) implements State {}

    /**
     * Watching the active router.
     *
     * @param takeOverAt Active_Down_Timer
     * @param activeInterval Active_Adver_Interval: version 3 learns it, version 2 uses its own
     * @param othersUntil whatever our rules become, it takes over no sooner: another was heard, not
     *     as good as the one that the timer is for, and promised its next word sooner
     */
    record Backup(Ticks takeOverAt, Duration activeInterval, Outlook outlook, Ticks othersUntil)
            implements State {
        /** When it does take over, if nothing is heard any more. */
        Ticks due() {
            return takeOverAt.latest(othersUntil);
        }

        Backup with(Outlook other) {
            return new Backup(takeOverAt, activeInterval, other, othersUntil);
        }

        Backup owing(Ticks until) {
            return new Backup(takeOverAt, activeInterval, outlook, othersUntil.latest(until));
        }
    }

    /**
     * Holding the addresses.
     *
     * @param nextAdvertAt Adver_Timer; an answer to another active router is an advertisement that
     *     is due at once, so that whatever else has arrived is heard before it is sent
     * @param lastAdvertAt when it last sent one, which bounds immediate answers
     * @param contested whether a router that loses to this one was heard since then: the neighbours
     *     are told again where the addresses are
     * @param announceAgainFrom no conflict makes it announce to the neighbours before
     * @param tie with a router that is heard where ties are not settled, and not where they are
     */
    record Active(
            Ticks nextAdvertAt,
            Ticks lastAdvertAt,
            boolean contested,
            Ticks announceAgainFrom,
            Optional<Tie> tie)
            implements State {
        /** With another timer, all else the same. */
        Active advertisingAt(Ticks next) {
            return new Active(next, lastAdvertAt, contested, announceAgainFrom, tie);
        }

        Active whenContested() {
            return new Active(nextAdvertAt, lastAdvertAt, true, announceAgainFrom, tie);
        }

        Active tied(Optional<Tie> other) {
            return new Active(nextAdvertAt, lastAdvertAt, contested, announceAgainFrom, other);
        }
    }

    /** An equal router with a higher address: since when it is heard, and when it was last. */
    record Tie(Ticks since, Ticks lastHeard) {}

    /**
     * Holding the addresses, but priority 0 was sent because tracking lowered the priority: the
     * first better router that advertises has them, and if none does they are kept.
     *
     * @param resumeAt then it advertises again, with the lowered priority
     * @param before the priority before the loss: once back at it, there is nothing to offer
     */
    record Offering(Ticks resumeAt, Priority before) implements State {}

    /**
     * Holding the addresses, but priority 0 was sent because this router is not fit to be active:
     * the first router that advertises has them, and if none does they are given up all the same.
     *
     * @param faultAt then they are given up
     */
    record Leaving(Ticks faultAt, String why) implements State {}

    /** When {@link Event.DeadlineReached} is due; empty if nothing happens by itself. */
    default Optional<Ticks> deadline() {
        return switch (this) {
            case Initialize _, Fault _ -> Optional.empty();
            case Backup backup -> Optional.of(backup.due());
            case Active active -> Optional.of(active.nextAdvertAt());
            case Offering offering -> Optional.of(offering.resumeAt());
            case Leaving leaving -> Optional.of(leaving.faultAt());
        };
    }

    /** Whether this host has the addresses. */
    default boolean holdsAddresses() {
        return switch (this) {
            case Initialize _, Fault _, Backup _ -> false;
            case Active _, Offering _, Leaving _ -> true;
        };
    }
}
