package buoy.vrrp.core;

import buoy.vrrp.core.Effect.AnnounceToNeighbours;
import buoy.vrrp.core.Effect.ClaimAddresses;
import buoy.vrrp.core.Effect.ReleaseAddresses;
import buoy.vrrp.core.Effect.Send;
import buoy.vrrp.core.Event.DeadlineReached;
import buoy.vrrp.core.Event.LinkLost;
import buoy.vrrp.core.Event.PriorityTracked;
import buoy.vrrp.core.Event.Received;
import buoy.vrrp.core.Event.RulesChanged;
import buoy.vrrp.core.Event.Started;
import buoy.vrrp.core.Event.StopRequested;
import buoy.vrrp.core.Event.ToldToWait;
import buoy.vrrp.core.Event.Unfit;
import buoy.vrrp.core.Outlook.Following;
import buoy.vrrp.core.Outlook.NobodyHeard;
import buoy.vrrp.core.Outlook.Preempting;
import buoy.vrrp.core.Outlook.Resigned;
import buoy.vrrp.core.Outlook.Tolerating;
import buoy.vrrp.core.State.Active;
import buoy.vrrp.core.State.Backup;
import buoy.vrrp.core.State.Fault;
import buoy.vrrp.core.State.Initialize;
import buoy.vrrp.core.State.Leaving;
import buoy.vrrp.core.State.Offering;
import buoy.vrrp.core.State.Tie;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The VRRP state machine: (state, event, now) in, (state, effects) out.
 *
 * <pre>
 *              Started (owner)
 *   Initialize ---------------------------------------------> Active
 *   or Fault   -----> Backup --- silence, resignation ------>   |  ^
 *              Started   ^                                      |  | nobody took it, a lesser
 *                        |<-------- a better router ------------|  | one did, or recovered
 *                        |                     loss by tracking v  |
 *                        '<------ a better router --------- Offering
 * </pre>
 *
 * From anywhere LinkLost leads to Fault and StopRequested to Initialize. So does Unfit to Fault,
 * but whoever has the addresses goes through Leaving, where a peer may take them first. It is one
 * file of some length because it is one table: RFC 9568 6.4, read from top to bottom.
 */
public record Election(Rules rules) {
    /** However many routers contest the address, the neighbours hear of it once in this time. */
    static final Duration BETWEEN_CONFLICT_ANNOUNCEMENTS = Duration.ofSeconds(1);

    /** Answers to other active routers keep this part of an interval apart, at least 1 ms. */
    static final int ANSWERS_PER_INTERVAL = 64;

    private static final Duration LEAST_BETWEEN_ANSWERS = Duration.ofMillis(1);

    /** Judges one event. An event that means nothing in this state changes nothing. */
    public Step on(State state, Event event, Ticks now) {
        return switch (state) {
            case Initialize idle -> whileSilent(idle, event, now);
            case Fault fault -> whileSilent(fault, event, now);
            case Backup backup -> whileBackup(backup, event, now);
            case Active active -> whileActive(active, event, now);
            case Offering offering -> whileOffering(offering, event, now);
            case Leaving leaving -> whileLeaving(leaving, event, now);
        };
    }

    // ---- Initialize, Fault (RFC 9568 6.4.1) ----

    private Step whileSilent(State state, Event event, Ticks now) {
        return switch (event) {
            case Started _ when rules.priority().isOwner() ->
                    becomeActive("this router owns the addresses (priority 255)", now);
            // What an earlier life of this process may have left behind is not ours to keep.
            case Started _ ->
                    Step.because(
                            "started, listening for an active router",
                            new Backup(
                                    now.plus(down(rules, rules.interval())),
                                    rules.interval(),
                                    new NobodyHeard(),
                                    now),
                            new ReleaseAddresses());
            case ToldToWait(var why) when rules.priority().isOwner() ->
                    Step.because(why, new Initialize());
            case ToldToWait(var why) -> Step.because(why, new Initialize(), new ReleaseAddresses());
            case LinkLost(var why) -> fault(state, why);
            case Unfit(var why) ->
                    Step.because(why, new Fault(why), new ReleaseAddresses()); // as when started
            case StopRequested _ -> Step.because("stopped", new Initialize());
            case Received _, DeadlineReached _, PriorityTracked _, RulesChanged _ ->
                    Step.stay(state);
        };
    }

    // ---- Backup (RFC 9568 6.4.2) ----

    private Step whileBackup(Backup state, Event event, Ticks now) {
        return switch (event) {
            case Received(var advert, var source, _) when advert.priority().isResign() ->
                    awaitSkewOnly(state, source, now);
            case Received(var advert, var source, _)
                    when rules.preempts() && advert.priority().compareTo(rules.priority()) < 0 ->
                    contest(state, advert, source, now);
            case Received(var advert, var source, _) ->
                    Step.stay(follow(state, advert, source, now));
            case DeadlineReached _ when now.isAtOrAfter(state.due()) ->
                    becomeActive(whyTakeOver(state), now);
            case DeadlineReached _, Started _, ToldToWait _ -> Step.stay(state);
            case PriorityTracked(var before) ->
                    Step.stay(retime(state, rules.withPriority(before)));
            case RulesChanged(var before) -> Step.stay(retime(state, before));
            case LinkLost(var why) -> fault(state, why);
            case Unfit(var why) -> fault(state, why);
            case StopRequested _ -> Step.because("stopped", new Initialize());
        };
    }

    /**
     * RFC 9568 6.4.2: Active_Down_Timer becomes Skew_Time. Only ever nearer: a stream of
     * resignations must not be able to hold a backup off.
     */
    private Step awaitSkewOnly(Backup state, InetAddress source, Ticks now) {
        Duration skew = Timing.skew(rules.version(), rules.priority(), state.activeInterval());
        return Step.stay(
                new Backup(
                        state.due().earliest(now.plus(skew)),
                        state.activeInterval(),
                        new Resigned(source),
                        now));
    }

    /**
     * A live active router of lower priority, and we preempt. After the time it is tolerated its
     * advertisements are discarded, so that the timer runs out (RFC 9568 6.4.2).
     */
    private Step contest(Backup state, Advert advert, InetAddress source, Ticks now) {
        Ticks until =
                state.outlook() instanceof Tolerating tolerating
                        ? tolerating.until()
                        : now.plus(rules.toleranceOfLesser());
        if (state.outlook() instanceof Preempting || now.isAtOrAfter(until)) {
            return Step.stay(state.with(new Preempting(source, advert.priority())));
        }
        Backup followed = follow(advert, source, now);
        return Step.stay(
                expectsBetter(state, advert, source, followed.takeOverAt())
                        ? state.owing(followed.takeOverAt())
                        : followed.with(new Tolerating(source, advert.priority(), until)));
    }

    /**
     * The word of one that is about to yield may arrive after the better one's and promise its next
     * one sooner. It never shortens the time that the better one has been given.
     */
    private Backup follow(Backup state, Advert advert, InetAddress source, Ticks now) {
        Backup followed = follow(advert, source, now);
        return expectsBetter(state, advert, source, followed.takeOverAt())
                ? state.owing(followed.takeOverAt())
                : followed;
    }

    private static boolean expectsBetter(
            Backup state, Advert advert, InetAddress source, Ticks promised) {
        return state.outlook() instanceof Following(var active, var priority)
                && !active.equals(source)
                && priority.compareTo(advert.priority()) >= 0
                && !promised.isAtOrAfter(state.takeOverAt());
    }

    /**
     * RFC 9568 6.4.2: a backup adopts the active router's interval, so that its own configuration
     * error cannot make it take over early. Version 2 knows only its own.
     */
    private Backup follow(Advert advert, InetAddress source, Ticks now) {
        Duration interval = rules.version() == Version.V3 ? advert.interval() : rules.interval();
        return new Backup(
                now.plus(down(rules, interval)),
                interval,
                new Following(source, advert.priority()),
                now);
    }

    /** The deadline as it would be had these rules been in force when it was set. */
    private Backup retime(Backup state, Rules before) {
        boolean learns = rules.version() == Version.V3;
        Duration interval = learns ? state.activeInterval() : rules.interval();
        Duration difference = down(rules, interval).minus(down(before, state.activeInterval()));
        return new Backup(
                state.takeOverAt().plus(difference),
                interval,
                state.outlook(),
                state.othersUntil());
    }

    private String whyTakeOver(Backup state) {
        Duration down = down(rules, state.activeInterval());
        return switch (state.outlook()) {
            case NobodyHeard _ -> "no active router heard for " + Words.of(down);
            case Following(var active, var priority) ->
                    "%s (priority %s) has been silent for %s"
                            .formatted(active.getHostAddress(), priority, Words.of(down));
            case Tolerating(var active, var priority, _) ->
                    "%s (priority %s) has been silent for %s"
                            .formatted(active.getHostAddress(), priority, Words.of(down));
            case Preempting(var active, var priority) ->
                    "preempting %s (priority %s, ours is %s)"
                            .formatted(active.getHostAddress(), priority, rules.priority());
            case Resigned(var active) ->
                    active.getHostAddress() + " gave the addresses up (priority 0)";
        };
    }

    private Step becomeActive(String cause, Ticks now) {
        return Step.because(
                cause,
                advertised(now, now.plus(BETWEEN_CONFLICT_ANNOUNCEMENTS)),
                new Send(rules.priority()),
                new ClaimAddresses(),
                new AnnounceToNeighbours());
    }

    private Active advertised(Ticks now, Ticks announceAgainFrom) {
        return new Active(
                now.plus(rules.interval()), now, false, announceAgainFrom, Optional.empty());
    }

    // ---- Active (RFC 9568 6.4.3) ----

    private Step whileActive(Active state, Event event, Ticks now) {
        return switch (event) {
            // Too late to answer whatever it was: what else has arrived comes first.
            case Received(var advert, _, _)
                    when advert.priority().isResign() && overslept(state.nextAdvertAt(), now) ->
                    Step.stay(state);
            case Received(var advert, _, _) when advert.priority().isResign() ->
                    Step.stay(answering(state, now));
            case Received(var advert, var source, _) when overslept(state.nextAdvertAt(), now) ->
                    stepDown(
                            "kept from running for %s, and %s (priority %s) has taken over"
                                    .formatted(
                                            Words.of(now.since(state.nextAdvertAt())),
                                            source.getHostAddress(),
                                            advert.priority()),
                            advert,
                            source,
                            now);
            case Received heard when isBetter(heard) || winsTie(heard, state, now) ->
                    stepDownAloud(heard, now);
            case Received heard -> holdAgainstLesser(noteTie(heard, state, now), now);
            case DeadlineReached _ when now.isAtOrAfter(state.nextAdvertAt()) ->
                    advertise(state, now);
            case DeadlineReached _, Started _, ToldToWait _ -> Step.stay(state);
            case PriorityTracked(var before) when rules.priority().compareTo(before) < 0 ->
                    offer(before, now);
            case PriorityTracked _ -> Step.stay(state);
            // The old interval's promise is kept once more: backups still count with it.
            case RulesChanged _ ->
                    Step.stay(
                            state.advertisingAt(
                                    state.nextAdvertAt().earliest(now.plus(rules.interval()))));
            case LinkLost(var why) -> fault(state, why);
            case Unfit(var why) ->
                    Step.because(
                            why + ", offering the addresses",
                            new Leaving(now.plus(patience()), why),
                            new Send(Priority.RESIGN));
            case StopRequested _ -> resign();
        };
    }

    /**
     * Three intervals without a word from us may have passed at a peer: it may have taken over, and
     * this host's word that it is active is worth nothing until it has listened.
     */
    private boolean overslept(Ticks due, Ticks now) {
        return now.isAtOrAfter(due.plus(rules.interval().multipliedBy(2)));
    }

    private Step advertise(Active state, Ticks now) {
        if (overslept(state.nextAdvertAt(), now)) {
            // The kernel may have dropped the addresses meanwhile, and nobody else took them.
            return Step.stay(
                    advertised(now, now.plus(BETWEEN_CONFLICT_ANNOUNCEMENTS)),
                    new Send(rules.priority()),
                    new ClaimAddresses(),
                    new AnnounceToNeighbours());
        }
        // From deadline to deadline, so that being a little late each time does not add up.
        Ticks next = state.nextAdvertAt().plus(rules.interval());
        if (now.isAtOrAfter(next)) {
            next = now.plus(rules.interval());
        }
        if (!state.contested() || !now.isAtOrAfter(state.announceAgainFrom())) {
            return Step.stay(
                    new Active(next, now, false, state.announceAgainFrom(), state.tie()),
                    new Send(rules.priority()));
        }
        Ticks announceAgainFrom = now.plus(BETWEEN_CONFLICT_ANNOUNCEMENTS);
        return Step.stay(
                new Active(next, now, false, announceAgainFrom, state.tie()),
                new Send(rules.priority()),
                new AnnounceToNeighbours());
    }

    // ---- who yields (RFC 9568 6.4.3) ----

    private boolean isBetter(Received heard) {
        return heard.advert().priority().compareTo(rules.priority()) > 0;
    }

    private boolean isLostTie(Received heard) {
        return heard.advert().priority().equals(rules.priority())
                && heard.at().isBelow(heard.source());
    }

    /**
     * Where ties are not settled, an equal router with a higher address is given time to meet us
     * where they are. One that never does moves alone, and somebody has to yield.
     */
    private boolean winsTie(Received heard, Active state, Ticks now) {
        return isLostTie(heard)
                && (heard.at().settlesTies()
                        || now.isAtOrAfter(tie(state, now).since().plus(tiePatience())));
    }

    private Active noteTie(Received heard, Active state, Ticks now) {
        if (!heard.advert().priority().equals(rules.priority())) {
            return state;
        }
        if (heard.at().settlesTies()) {
            return state.tied(Optional.empty());
        }
        return isLostTie(heard) ? state.tied(Optional.of(tie(state, now))) : state;
    }

    /**
     * The tie as it is with one more word of the other. A word that was late on its way, from one
     * that has yielded long since, is no part of the tie that comes after.
     */
    private Tie tie(Active state, Ticks now) {
        return state.tie()
                .filter(tie -> !now.isAtOrAfter(tie.lastHeard().plus(tiePatience())))
                .map(tie -> new Tie(tie.since(), now))
                .orElse(new Tie(now, now));
    }

    private Duration tiePatience() {
        return rules.interval().multipliedBy(2);
    }

    /**
     * RFC 9568 6.4.3: an advertisement that loses is answered at once, so that its sender steps
     * down. RFC 3768 6.4.3 only discards it. Either way the sender may have told the neighbours
     * that the addresses are at its place, so they are told again.
     */
    private Step holdAgainstLesser(Active state, Ticks now) {
        Active contested = state.whenContested();
        return Step.stay(rules.version() == Version.V3 ? answering(contested, now) : contested);
    }

    /**
     * To advertise as soon as everything that has arrived is heard, unless the last one is so
     * recent that a flood would make us flood too: then as soon as that is no longer so. Never not
     * at all, because backups that heard a resignation wait for their skew time alone.
     */
    private Active answering(Active state, Ticks now) {
        Duration apart = rules.interval().dividedBy(ANSWERS_PER_INTERVAL);
        if (apart.compareTo(LEAST_BETWEEN_ANSWERS) < 0) {
            apart = LEAST_BETWEEN_ANSWERS;
        }
        Ticks from = state.lastAdvertAt().plus(apart);
        Ticks at = now.isAtOrAfter(from) ? now : from;
        return state.advertisingAt(state.nextAdvertAt().earliest(at));
    }

    private Step stepDown(String cause, Advert advert, InetAddress source, Ticks now) {
        return Step.because(cause, follow(advert, source, now), new ReleaseAddresses());
    }

    /**
     * Where two were active (a network was split and has healed), neighbours may have this one's
     * address in mind, and the better one cannot know: it has heard nothing of us. One last
     * advertisement makes it answer and announce.
     */
    private Step stepDownAloud(Received heard, Ticks now) {
        Step silent = stepDown(whyYield(heard), heard.advert(), heard.source(), now);
        return Step.because(
                silent.cause(), silent.state(), new Send(rules.priority()), new ReleaseAddresses());
    }

    private String whyYield(Received heard) {
        Advert advert = heard.advert();
        boolean tie = advert.priority().equals(rules.priority());
        return "%s advertises priority %s, %s %s"
                .formatted(
                        heard.source().getHostAddress(),
                        advert.priority(),
                        tie ? "as we do, and its address is above" : "above our",
                        tie ? heard.at().self().getHostAddress() : rules.priority().toString());
    }

    // ---- Offering ----

    /**
     * Peers are silent while they are backups: nobody knows whether one is there. So the loss is
     * said with priority 0, which costs a better peer its skew time alone instead of a whole
     * Active_Down_Interval, and the addresses stay here until one speaks up.
     */
    private Step offer(Priority before, Ticks now) {
        return Step.because(
                "priority lowered from %s to %s, offering the addresses"
                        .formatted(before, rules.priority()),
                new Offering(now.plus(patience()), before),
                new Send(Priority.RESIGN));
    }

    /** For how long an offer stands: more than any peer's skew time. */
    private Duration patience() {
        return Timing.skew(rules.version(), rules.priority(), rules.interval())
                .plus(rules.interval());
    }

    private Step whileOffering(Offering state, Event event, Ticks now) {
        return switch (event) {
            case Received(var advert, _, _) when advert.priority().isResign() -> Step.stay(state);
            case Received heard
                    when isBetter(heard) || isLostTie(heard) || overslept(state.resumeAt(), now) ->
                    stepDown(
                            "%s (priority %s) took the addresses that were offered"
                                    .formatted(
                                            heard.source().getHostAddress(),
                                            heard.advert().priority()),
                            heard.advert(),
                            heard.source(),
                            now);
            case Received(var advert, var source, _) ->
                    Step.because(
                            "only %s (priority %s) would take the addresses, ours is still %s"
                                    .formatted(
                                            source.getHostAddress(),
                                            advert.priority(),
                                            rules.priority()),
                            new Active(now, now, true, now, Optional.empty()));
            case DeadlineReached _ when overslept(state.resumeAt(), now) ->
                    resume(
                            "nobody took the addresses",
                            now,
                            new Send(rules.priority()),
                            new ClaimAddresses(),
                            new AnnounceToNeighbours());
            case DeadlineReached _ when now.isAtOrAfter(state.resumeAt()) ->
                    resume("nobody took the addresses", now, new Send(rules.priority()));
            case PriorityTracked _, RulesChanged _
                    when rules.priority().compareTo(state.before()) >= 0 ->
                    resume(
                            "priority is %s again".formatted(rules.priority()),
                            now,
                            new Send(rules.priority()));
            case DeadlineReached _, PriorityTracked _, RulesChanged _, Started _, ToldToWait _ ->
                    Step.stay(state);
            case LinkLost(var why) -> fault(state, why);
            case Unfit(var why) -> // priority 0 is said already
                    Step.because(
                            why + ", offering the addresses", new Leaving(state.resumeAt(), why));
            case StopRequested _ -> resign();
        };
    }

    // ---- Leaving ----

    private Step whileLeaving(Leaving state, Event event, Ticks now) {
        return switch (event) {
            case Received(var advert, _, _) when advert.priority().isResign() -> Step.stay(state);
            case Received(var advert, var source, _) ->
                    left(
                            state,
                            "%s (priority %s) took the addresses"
                                    .formatted(source.getHostAddress(), advert.priority()));
            case DeadlineReached _ when now.isAtOrAfter(state.faultAt()) ->
                    left(state, "nobody took the addresses");
            case Started _ -> resume("fit to be active again", now, new Send(rules.priority()));
            case Unfit(var why) -> Step.stay(new Leaving(state.faultAt(), why));
            case DeadlineReached _, PriorityTracked _, RulesChanged _, ToldToWait _ ->
                    Step.stay(state);
            case LinkLost(var why) -> fault(state, why);
            case StopRequested _ -> resign();
        };
    }

    private Step resume(String cause, Ticks now, Effect... effects) {
        return Step.because(
                cause, advertised(now, now.plus(BETWEEN_CONFLICT_ANNOUNCEMENTS)), effects);
    }

    /** Priority 0 was said when it began, and whoever is active now need not hear it again. */
    private static Step left(Leaving state, String end) {
        String cause = state.why() + "; " + end;
        return Step.because(cause, new Fault(cause), new ReleaseAddresses());
    }

    // ---- leaving ----

    private static Step resign() {
        return Step.because(
                "stopped", new Initialize(), new Send(Priority.RESIGN), new ReleaseAddresses());
    }

    /** What cannot be said where the link is lost can be said where others of the group stand. */
    private static Step fault(State state, String why) {
        return state.holdsAddresses()
                ? Step.because(
                        why, new Fault(why), new Send(Priority.RESIGN), new ReleaseAddresses())
                : Step.because(why, new Fault(why));
    }

    private static Duration down(Rules rules, Duration activeInterval) {
        return Timing.activeDown(rules.version(), rules.priority(), activeInterval);
    }
}
