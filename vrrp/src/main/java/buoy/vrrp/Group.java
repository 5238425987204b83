package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Effect;
import buoy.vrrp.core.Election;
import buoy.vrrp.core.Event;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.Standpoint;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Step;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.core.Version;
import buoy.vrrp.track.Tracking;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Routers that are active together or not at all; most often a single one. There is one election
 * for all of them and both families: whatever one hears counts for all, what follows is done by
 * all, and if one cannot take part none does. On the speaker's thread alone.
 */
final class Group {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    /** Each attempt may take the addresses from a peer that does better: not too often. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private Optional<String> name;
    private final Wherewithal with;
    private final Suspicions suspicions;
    private List<Router> members;
    private Voice settlesTies;
    private Tracking tracking;
    private Election election;

    private State state = new State.Initialize();
    private String why = "not started";
    private Ticks since;
    private long transitions;

    /** When to try to take part again after the kernel refused what that needs. */
    private Optional<Ticks> retryAt = Optional.empty();

    private Duration nextRetry = FIRST_RETRY;

    /** What it has said in this turn, and not yet followed. */
    private Optional<Said> said = Optional.empty();

    /**
     * A step of the election of which the advertisements are sent.
     *
     * @param rest of its effects
     */
    private record Said(State before, Event event, List<Effect> rest) {}

    /** Before its first election; gone afterwards. */
    private Optional<StartGate> gate;

    /** A group of these, in which nobody takes part yet. */
    Group(List<VirtualRouter> configs, Tracking tracking, Wherewithal with, Ticks now) {
        this.name = configs.getFirst().group();
        this.with = with;
        this.suspicions = new Suspicions(now);
        this.since = now;
        this.tracking = tracking;
        this.election = new Election(rules(configs, tracking));
        Duration delay = configs.getFirst().startDelay();
        this.gate =
                Optional.of(
                        new StartGate(with.startedAt().plus(delay), now.plus(StartGate.PATIENCE)));
        this.members = configs.stream().map(config -> newMember(config, now)).toList();
        this.settlesTies = settlesTies(members);
    }

    private Router newMember(VirtualRouter config, Ticks now) {
        return new Router(config, this, rules(), with, now);
    }

    private static Rules rules(List<VirtualRouter> configs, Tracking tracking) {
        VirtualRouter any = configs.getFirst();
        boolean anyV3 = configs.stream().anyMatch(c -> Identity.version(c) == Version.V3);
        return new Rules(
                anyV3 ? Version.V3 : Version.V2,
                tracking.effective(),
                any.advertise(),
                any.preempt(),
                any.preemptDelay());
    }

    /** What they all track, as if one of them did. */
    static VirtualRouter tracked(List<VirtualRouter> configs) {
        return configs.getFirst()
                .withTracks(
                        configs.stream()
                                .flatMap(config -> config.tracks().stream())
                                .distinct()
                                .toList());
    }

    // ---- what it is ----

    Optional<String> name() {
        return name;
    }

    List<Router> members() {
        return members;
    }

    List<VirtualRouter> configs() {
        return members.stream().map(Router::config).toList();
    }

    Rules rules() {
        return election.rules();
    }

    Tracking tracking() {
        return tracking;
    }

    State state() {
        return state;
    }

    String why() {
        return why;
    }

    Ticks since() {
        return since;
    }

    long transitions() {
        return transitions;
    }

    // ---- taking part ----

    /** Takes part, or says why it cannot; to be called whenever that may have changed. */
    void connect(LinkTable links, Set<InetAddress> virtual, Ticks now) {
        retryAt = Optional.empty();
        for (Router member : members) {
            if (member.isReplaced(links)) {
                lose("interface %s was replaced".formatted(member.config().interfaceName()), now);
                member.leave();
            }
        }
        Optional<Footing.Lacking> lack = Optional.empty();
        for (Router member : members) {
            Optional<Footing.Lacking> lacking = member.connect(links, virtual, rules(), now);
            lack = lack.or(() -> lacking);
        }
        if (lack.isPresent()) {
            lose(lack.get().why(), now);
            members.forEach(Router::leaveWhereLacking);
            if (lack.get().isRefusal()) {
                retryLater(now);
            }
            return;
        }
        nextRetry = FIRST_RETRY;
        if (state instanceof State.Initialize || state instanceof State.Fault) {
            begin(now);
        }
        for (Router member : members) {
            if (member.isNew()) {
                follow(member, now);
            }
        }
    }

    // ---- from one process to another ----

    HandedOver.Team handOver() {
        return new HandedOver.Team(
                HandedOver.key(configs()),
                rules(),
                state,
                since,
                transitions,
                why,
                members.stream().map(Router::handOver).toList());
    }

    /** Goes on where another process has stopped: its state, its deadlines, its addresses. */
    void takeOver(HandedOver.Team before, LinkTable links, Set<InetAddress> virtual, Ticks now) {
        state = before.state();
        why = before.why();
        since = before.since();
        transitions = before.transitions();
        if (!(state instanceof State.Initialize)) {
            gate = Optional.empty();
        }
        members.forEach(member -> member.prepareToTakeOver(links));
        for (Router member : members) {
            RouterState as = RouterState.of(state);
            int priority = before.rules().priority().value();
            with.observer().on(new VrrpEvent.TakenOver(member.name(), as, priority));
        }
        connect(links, virtual, now);
        if (state instanceof State.Initialize || state instanceof State.Fault) {
            return;
        }
        if (state.holdsAddresses() && !hold(before, now)) {
            failForWantOfAddress(now);
            return;
        }
        if (!before.rules().equals(rules())) {
            step(new Event.RulesChanged(before.rules()), now);
        }
        reconsider(Optional.empty(), now);
    }

    private boolean hold(HandedOver.Team before, Ticks now) {
        boolean all = true;
        for (Router member : members) {
            String key = HandedOver.key(member.config());
            for (HandedOver.Member each : before.members()) {
                if (each.key().equals(key)) {
                    all &= member.takeOver(each, now);
                }
            }
        }
        return all;
    }

    private void begin(Ticks now) {
        Optional<String> shut = gate.flatMap(g -> g.shut(tracking.unknown(), now));
        if (shut.isEmpty()) {
            gate = Optional.empty();
            takePart(now);
            return;
        }
        retryAt = gate.map(g -> g.nextLook(now));
        if (!(state instanceof State.Initialize) || !why.equals(shut.get())) {
            step(new Event.ToldToWait(shut.get()), now);
        }
    }

    /** If what they track lets them. */
    private void takePart(Ticks now) {
        Optional<String> fault = tracking.fault();
        step(fault.isPresent() ? new Event.Unfit(fault.get()) : new Event.Started(), now);
    }

    /** Tracking may have found them unfit, or fit again. */
    private void reconsider(Optional<String> faultBefore, Ticks now) {
        boolean couldTakePart =
                retryAt.isEmpty() && members.stream().noneMatch(Router::lacksFooting);
        if (couldTakePart && !tracking.fault().equals(faultBefore)) {
            takePart(now);
        }
    }

    /** A router that came to a group which takes part already does what the others did before. */
    private void follow(Router member, Ticks now) {
        member.followed();
        if (!state.holdsAddresses()) {
            member.release(now);
            return;
        }
        member.send(rules().priority(), now);
        if (member.claim(rules().priority().isOwner(), now)) {
            member.announceToNeighbours(now);
        } else {
            failForWantOfAddress(now);
        }
    }

    private void lose(String reason, Ticks now) {
        if (!(state instanceof State.Fault fault && fault.why().equals(reason))) {
            step(new Event.LinkLost(reason), now);
        }
    }

    private void retryLater(Ticks now) {
        retryAt = Optional.of(now.plus(nextRetry));
        Duration doubled = nextRetry.multipliedBy(2);
        nextRetry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    /** The kernel refuses what an active router needs: a peer may fare better. */
    void fail(String reason, Ticks now) {
        step(new Event.LinkLost(reason), now);
        if (nextRetry.compareTo(AFTER_FAILURE) < 0) {
            nextRetry = AFTER_FAILURE;
        }
        retryLater(now);
    }

    private void failForWantOfAddress(Ticks now) {
        fail("an address cannot be added: " + troubles(), now);
    }

    private String troubles() {
        return members.stream()
                .flatMap(member -> member.troubles().stream())
                .collect(Collectors.joining("; "));
    }

    // ---- what arrives ----

    void heard(Advert advert, InetAddress source, Voice voice, Ticks now) {
        if (state.holdsAddresses() && !advert.priority().isResign() && voice.isMute(now)) {
            // It took over because it cannot hear us, and nothing we could send would tell it.
            fail(
                    "%s is active, and this host cannot tell it otherwise: %s"
                            .formatted(source.getHostAddress(), voice.whyMute()),
                    now);
            return;
        }
        Standpoint at = new Standpoint(voice.terms().self(), voice == settlesTies);
        step(new Event.Received(advert, source, at), now);
        voice.heard(now);
        suspicions.heard(this, advert, source, voice, now);
    }

    private static Voice settlesTies(List<Router> members) {
        return members.stream()
                .flatMap(member -> member.voices().stream())
                .min(Voice.FIRST_SETTLES_TIES)
                .orElseThrow();
    }

    // ---- what is due ----

    /** When {@link #act} is due; empty if nothing happens by itself. */
    Optional<Ticks> deadline() {
        Optional<Ticks> earliest = Ticks.earliest(state.deadline(), retryAt);
        for (Router member : members) {
            earliest = Ticks.earliest(earliest, member.deadline());
        }
        return earliest;
    }

    /**
     * Judges what is due, and says what there is to say: an advertisement waits for nothing else.
     */
    void speak(Ticks now) {
        if (Ticks.isDue(state.deadline(), now)) {
            said = Optional.of(say(new Event.DeadlineReached(), now));
        }
    }

    /** Does what follows, and what else is due. */
    void act(LinkTable links, Set<InetAddress> virtual, Ticks now) {
        Optional<Said> unfinished = said;
        said = Optional.empty();
        unfinished.ifPresent(begun -> finish(begun, now));
        for (Router member : members) {
            if (!member.act(now)) {
                fail("an address cannot be kept: " + troubles(), now);
            }
        }
        if (Ticks.isDue(retryAt, now)) {
            connect(links, virtual, now);
        }
    }

    // ---- what the operator and the pools change ----

    /**
     * Its members are these from now on. One that is in the group already goes on, others begin,
     * and who is left out has left.
     *
     * @param existing those of the members that are configured anew
     */
    void change(
            List<VirtualRouter> configs,
            Map<VirtualRouter, Router> existing,
            Tracking to,
            Ticks now) {
        members.stream().filter(m -> !existing.containsValue(m)).forEach(m -> dismiss(m, now));
        Rules before = rules();
        Optional<String> faultBefore = tracking.fault();
        tracking = to;
        election = new Election(rules(configs, to));
        boolean reconnect = false;
        List<Router> next = new ArrayList<>();
        for (VirtualRouter config : configs) {
            Router member = existing.get(config);
            if (member == null) {
                member = newMember(config, now);
                reconnect = true;
            } else {
                reconnect |= member.change(config, rules(), now);
            }
            next.add(member);
        }
        name = configs.getFirst().group();
        members = List.copyOf(next);
        settlesTies = settlesTies(members);
        if (!before.equals(rules())) {
            step(new Event.RulesChanged(before), now);
        }
        if (reconnect) {
            retryAt = Optional.of(now);
        }
        reconsider(faultBefore, now);
    }

    private void dismiss(Router member, Ticks now) {
        if (state.holdsAddresses()) {
            member.send(Priority.RESIGN, now);
            member.release(now);
        }
        member.leave();
    }

    /** A voice is about to fall silent for good. */
    void lastWordOf(Voice voice, Ticks now) {
        if (state.holdsAddresses()) {
            voice.send(Priority.RESIGN, now);
        }
    }

    /** Tracking found another effective priority, or other reasons for the same. */
    void track(Tracking other, Ticks now) {
        Tracking before = tracking;
        tracking = other;
        if (gate.isPresent()) {
            retryAt = retryAt.map(_ -> now);
        }
        if (!before.effective().equals(other.effective())) {
            election = new Election(rules().withPriority(other.effective()));
            members.forEach(member -> member.goBy(rules()));
            step(new Event.PriorityTracked(before.effective()), now);
        }
        reconsider(before.fault(), now);
        if (before.told().equals(other.told())) {
            return;
        }
        for (Router member : members) {
            with.observer()
                    .on(
                            new VrrpEvent.PriorityChanged(
                                    member.name(),
                                    before.told().value(),
                                    other.told().value(),
                                    other.contributions(),
                                    isOffering()));
        }
    }

    /** Whether it holds the addresses, and has said with priority 0 that others may have them. */
    boolean isOffering() {
        return state instanceof State.Offering || state instanceof State.Leaving;
    }

    // ---- the end ----

    /** Gives everything up, with priority 0 if it was active, and leaves. */
    void stop(Ticks now) {
        step(new Event.StopRequested(), now);
        retryAt = Optional.empty();
        members.forEach(Router::leave);
    }

    /** A bug of ours is about to end the thread, and the election itself may be what is broken. */
    void abandon(Throwable bug, Ticks now) {
        boolean held = state.holdsAddresses();
        if (held) {
            members.forEach(member -> member.abandon(bug, now));
        }
        state = new State.Fault("a bug ended the VRRP thread");
        why = "a bug ended the VRRP thread: " + bug;
        since = now;
    }

    // ---- the election and its effects ----

    private void step(Event event, Ticks now) {
        finish(say(event, now), now);
    }

    private Said say(Event event, Ticks now) {
        State before = state;
        Step step = election.on(before, event, now);
        state = step.state();
        if (!step.cause().isEmpty()) {
            why = step.cause();
        }
        int count = 0;
        for (Effect effect : step.effects()) {
            if (!(effect instanceof Effect.Send(var priority))) {
                break;
            }
            members.forEach(member -> member.send(priority, now));
            count++;
        }
        return new Said(before, event, step.effects().subList(count, step.effects().size()));
    }

    private void finish(Said said, Ticks now) {
        boolean claimed = true;
        for (Effect effect : said.rest()) {
            for (Router member : members) {
                claimed &= perform(effect, member, now);
            }
        }
        tell(said.before(), said.event(), now);
        if (!claimed) {
            failForWantOfAddress(now);
        }
    }

    /** Has one effect performed; false if addresses were to be claimed and the kernel refused. */
    private boolean perform(Effect effect, Router member, Ticks now) {
        switch (effect) {
            case Effect.Send(var priority) -> member.send(priority, now);
            case Effect.ClaimAddresses _ -> {
                member.followed();
                return member.claim(rules().priority().isOwner(), now);
            }
            case Effect.ReleaseAddresses _ -> {
                member.followed();
                member.release(now);
            }
            case Effect.AnnounceToNeighbours _ -> member.announceToNeighbours(now);
        }
        return true;
    }

    private void tell(State before, Event event, Ticks now) {
        int priority = rules().priority().value();
        RouterState from = RouterState.of(before);
        RouterState to = RouterState.of(state);
        if (from != to) {
            since = now;
            transitions++;
            for (Router member : members) {
                with.observer()
                        .on(new VrrpEvent.Transition(member.name(), from, to, why, priority));
            }
        }
        if (before instanceof State.Offering
                && state instanceof State.Active
                && event instanceof Event.DeadlineReached) {
            for (Router member : members) {
                with.observer().on(new VrrpEvent.OfferDeclined(member.name(), priority));
            }
        }
    }
}
