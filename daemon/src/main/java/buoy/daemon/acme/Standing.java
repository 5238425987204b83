package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import buoy.daemon.acme.plan.Held;
import buoy.daemon.acme.plan.Plan;
import buoy.daemon.acme.plan.Trials;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What is known of one certificate.
 *
 * @param trust believes its CA
 * @param held what lies on the disk
 * @param plan what was last decided; empty before the first time
 * @param underWay the order, if there is one
 */
record Standing(
        Acme wanted,
        SSLContext trust,
        Optional<Held> held,
        Trials trials,
        Optional<Plan> plan,
        Optional<UnderWay> underWay,
        long issued,
        long failed) {
    /**
     * An order.
     *
     * @param since by {@link System#nanoTime}
     */
    record UnderWay(Thread thread, long since) {}

    static Standing of(Acme wanted, SSLContext trust, Optional<Held> held) {
        return new Standing(
                wanted, trust, held, Trials.NONE, Optional.empty(), Optional.empty(), 0, 0);
    }

    /** The configuration was loaded again. */
    Standing reloaded(Acme now, SSLContext nowTrusts, Optional<Held> nowHeld) {
        Trials left = now.equals(wanted) ? trials.anew() : Trials.NONE;
        return new Standing(now, nowTrusts, nowHeld, left, plan, underWay, issued, failed);
    }

    Standing planned(Plan next) {
        return new Standing(
                wanted, trust, held, trials, Optional.of(next), underWay, issued, failed);
    }

    Standing begun(UnderWay order) {
        return new Standing(wanted, trust, held, trials, plan, Optional.of(order), issued, failed);
    }

    /**
     * @param after what it leaves of the trials
     */
    Standing issued(Optional<Held> fresh, Trials after) {
        return new Standing(
                wanted, trust, fresh, after, plan, Optional.empty(), issued + 1, failed);
    }

    /** Another host had a better one. */
    Standing taken(Held theirs) {
        return new Standing(
                wanted, trust, Optional.of(theirs), Trials.NONE, plan, underWay, issued, failed);
    }

    Standing failed(Failure why, Instant now) {
        return new Standing(
                wanted,
                trust,
                held,
                trials.failed(why, now),
                plan,
                Optional.empty(),
                issued,
                failed + 1);
    }

    OrderStatus status() {
        OrderStatus.State state;
        String why;
        Optional<Instant> next = Optional.empty();
        if (underWay.isPresent()) {
            state = OrderStatus.State.ORDERING;
            why = plan.map(Standing::words).orElse("");
        } else {
            switch (plan.orElse(null)) {
                case Plan.Rest(var until, var words) -> {
                    state =
                            trials.pauseUntil().filter(until::equals).isPresent()
                                    ? OrderStatus.State.WAITING
                                    : OrderStatus.State.VALID;
                    why = words;
                    next = Optional.of(until);
                }
                case Plan.Leave leave -> {
                    state = OrderStatus.State.ELSEWHERE;
                    why = words(leave);
                }
                case Plan.Order order -> {
                    state = OrderStatus.State.WAITING;
                    why = words(order);
                }
                case null -> {
                    state = OrderStatus.State.WAITING;
                    why = "just begun";
                }
            }
        }
        return new OrderStatus(
                wanted.name(),
                wanted.directory(),
                wanted.names(),
                state,
                why,
                next,
                held.map(Held::notAfter),
                issued,
                failed,
                trials.last().map(Failure::words));
    }

    static String words(Plan plan) {
        return switch (plan) {
            case Plan.Rest(var until, var why) -> "%s at %s".formatted(why, until);
            case Plan.Leave(var why, var to) -> "%s; not ordered here: %s".formatted(why, to);
            case Plan.Order(var why, var challenge) -> "%s (%s)".formatted(why, challenge);
        };
    }
}
