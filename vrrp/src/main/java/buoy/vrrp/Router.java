package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Effect;
import buoy.vrrp.core.Event;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Step;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One virtual router at run time: it feeds the election with what happens, and is the one place
 * where effects are performed. On the speaker's thread alone.
 *
 * <p>Longer than most, because it is the border between the pure half and the system. What keeps
 * its own books stands beside it: {@link Terms}, {@link Reception}, {@link AddressUpkeep}, {@link
 * Announcements}, {@link Troubles}.
 */
final class Router {
    private static final String OPEN = "open a channel";
    private static final String SEND = "send an advertisement";
    private static final String RECEIVE = "receive";
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    /** Each attempt may take the addresses from a peer that does better: not too often. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Ports ports;
    private final Channels channels;
    private final VrrpObserver observer;
    private final Troubles troubles;
    private final Reception reception;
    private final AddressUpkeep upkeep;
    private final Announcements announcements;

    private Terms terms;
    private State state = new State.Initialize();
    private String why = "not started";
    private Ticks since;
    private Channels.@Nullable Shared channel;

    /** When to try to take part again after the kernel refused what that needs. */
    private Optional<Ticks> retryAt = Optional.empty();

    private Duration nextRetry = FIRST_RETRY;
    private Ticks lastSent;
    private long sent;
    private long announced;
    private long transitions;

    Router(
            VirtualRouter config,
            Tracking tracking,
            Ports ports,
            Channels channels,
            VrrpObserver observer,
            Ticks now) {
        this.ports = ports;
        this.channels = channels;
        this.observer = observer;
        this.since = now;
        this.lastSent = now;
        this.troubles = new Troubles(this::name, observer);
        this.reception = new Reception(observer);
        this.upkeep =
                new AddressUpkeep(
                        ports.addresses(), troubles, config.floating(), config.lifetime());
        this.announcements = new Announcements(config.announce());
        // Until its link is known it has no address of its own; nothing is compared with this one.
        this.terms = Terms.of(config, tracking, config.addresses().getFirst().address());
    }

    // ---- what it is ----

    String name() {
        return config().name();
    }

    VirtualRouter config() {
        return terms.config();
    }

    boolean isOn(String interfaceName) {
        return config().interfaceName().equals(interfaceName);
    }

    boolean isOn(int interfaceIndex) {
        return channel != null && channel.opening.interfaceIndex() == interfaceIndex;
    }

    boolean hears(int routerId) {
        return config().routerId() == routerId;
    }

    Optional<InetAddress> source() {
        return Optional.ofNullable(channel).map(shared -> shared.opening.source());
    }

    // ---- link ----

    /** Takes part, or says why it cannot; to be called whenever that may have changed. */
    void connect(LinkTable links, Set<InetAddress> virtual, Ticks now) {
        retryAt = Optional.empty();
        switch (Footing.of(terms, links, virtual, ports.addresses(), troubles)) {
            case Footing.Firm(var opening) -> speakOn(opening, now);
            case Footing.Lacking(var reason, boolean isRefusal) -> {
                disconnect(reason, now);
                if (isRefusal) {
                    retryLater(now);
                }
            }
        }
    }

    private void speakOn(Opening opening, Ticks now) {
        if (channel != null && channel.opening.interfaceIndex() != opening.interfaceIndex()) {
            disconnect("interface %s was replaced".formatted(opening.interfaceName()), now);
        }
        Channels.Shared before = channel;
        if (before == null || !before.opening.equals(opening)) {
            if (!troubles.attempt(OPEN, () -> channel = channels.join(opening, this))) {
                disconnect(troubles.reason(OPEN), now);
                retryLater(now);
                return;
            }
            nextRetry = FIRST_RETRY;
            if (before != null) {
                channels.leave(before, this);
            }
            Event event = new Event.RulesChanged(terms.rules());
            adopt(Terms.of(config(), terms.tracking(), opening.source()), event, now);
        }
        if (state instanceof State.Initialize || state instanceof State.Fault) {
            step(new Event.Started(), now);
        }
    }

    private void disconnect(String reason, Ticks now) {
        if (!(state instanceof State.Fault fault && fault.why().equals(reason))) {
            step(new Event.LinkLost(reason), now);
        }
        leaveChannel();
    }

    private void leaveChannel() {
        if (channel != null) {
            channels.leave(channel, this);
            channel = null;
        }
    }

    private void retryLater(Ticks now) {
        retryAt = Optional.of(now.plus(nextRetry));
        Duration doubled = nextRetry.multipliedBy(2);
        nextRetry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    /** The kernel says that an address of its link was removed. */
    void addressRemoved(InetAddress address, Ticks now) {
        if (upkeep.restore(address, now)) {
            observer.on(new VrrpEvent.AddressRestored(name(), address));
            announcements.begin(now);
        }
    }

    // ---- what arrives ----

    void receive(Datagram datagram, Ticks now) {
        reception
                .receive(terms, datagram, now)
                .ifPresent(advert -> accept(advert, datagram.source(), now));
    }

    private void accept(Advert advert, InetAddress source, Ticks now) {
        if (state.holdsAddresses() && !advert.priority().isResign() && isMute(now)) {
            // It took over because it cannot hear us, and nothing we could send would tell it.
            fail(
                    "%s is active, and this host cannot tell it otherwise: %s"
                            .formatted(source.getHostAddress(), troubles.reason(SEND)),
                    now);
            return;
        }
        step(new Event.Received(advert, source), now);
    }

    private boolean isMute(Ticks now) {
        Duration heardFor = config().advertise().multipliedBy(3);
        return troubles.has(SEND) && now.isAtOrAfter(lastSent.plus(heardFor));
    }

    /** The channel cannot be read: hearing nothing must not look like silence of the peers. */
    void deafened(KernelRefused refusal, Ticks now) {
        troubles.began(RECEIVE, refusal);
        fail(troubles.reason(RECEIVE), now);
        leaveChannel();
        troubles.forget(RECEIVE);
    }

    // ---- what is due ----

    /** When {@link #act} is due; empty if nothing happens by itself. */
    Optional<Ticks> deadline() {
        Optional<Ticks> earliest = state.deadline();
        earliest = earlier(earliest, upkeep.deadline());
        earliest = earlier(earliest, announcements.deadline());
        return earlier(earliest, retryAt);
    }

    private static Optional<Ticks> earlier(Optional<Ticks> one, Optional<Ticks> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return Optional.of(one.get().earliest(other.get()));
    }

    /** By how much the election is late; negative if it is early. */
    Duration late(Ticks now) {
        return state.deadline().map(now::since).orElse(Duration.ofSeconds(-1));
    }

    /** Does what is due, the election first: an advertisement waits for nothing else. */
    void act(LinkTable links, Set<InetAddress> virtual, Ticks now) {
        if (isDue(state.deadline(), now)) {
            step(new Event.DeadlineReached(), now);
        }
        if (isDue(upkeep.deadline(), now) && !upkeep.renew(now)) {
            fail("an address cannot be kept: " + String.join("; ", troubles.inWords()), now);
        }
        if (announcements.due(now)) {
            announce(upkeep.wanted());
        }
        if (isDue(retryAt, now)) {
            connect(links, virtual, now);
        }
    }

    private static boolean isDue(Optional<Ticks> deadline, Ticks now) {
        return deadline.isPresent() && now.isAtOrAfter(deadline.get());
    }

    // ---- what the operator and the pools change ----

    /** The configuration is another one; the identity is the same. */
    void change(VirtualRouter to, Tracking tracking, Ticks now) {
        boolean otherReach = !config().reach().equals(to.reach());
        announcements.change(to.announce());
        List<Prefix> added = upkeep.change(to.floating(), to.lifetime(), now);
        Event event = new Event.RulesChanged(terms.rules());
        adopt(Terms.of(to, tracking, terms.rules().self()), event, now);
        announce(added);
        if (otherReach) {
            retryAt = Optional.of(now);
        }
    }

    /** Tracking found another effective priority, or other reasons for the same. */
    void track(Tracking tracking, Ticks now) {
        Priority before = terms.tracking().effective();
        Event event = new Event.PriorityTracked(before);
        Terms tracked = Terms.of(config(), tracking, terms.rules().self());
        if (before.equals(tracking.effective())) {
            terms = tracked;
            return;
        }
        adopt(tracked, event, now);
        observer.on(
                new VrrpEvent.PriorityChanged(
                        name(),
                        before.value(),
                        tracking.effective().value(),
                        tracking.contributions(),
                        state instanceof State.Offering));
    }

    private void adopt(Terms other, Event event, Ticks now) {
        terms = other;
        step(event, now);
    }

    // ---- the end ----

    /** Gives everything up, with priority 0 if it was active, and leaves. */
    void stop(Ticks now) {
        step(new Event.StopRequested(), now);
        retryAt = Optional.empty();
        leaveChannel();
    }

    /** The kernel refuses what an active router needs: a peer may fare better. */
    private void fail(String reason, Ticks now) {
        if (state.holdsAddresses()) {
            send(Priority.RESIGN, now);
        }
        step(new Event.LinkLost(reason), now);
        if (nextRetry.compareTo(AFTER_FAILURE) < 0) {
            nextRetry = AFTER_FAILURE;
        }
        retryLater(now);
    }

    /**
     * A bug of ours is about to end the thread, and the election itself may be what is broken: the
     * addresses are given up by hand, whatever else goes wrong.
     */
    void abandon(Throwable bug, Ticks now) {
        boolean held = state.holdsAddresses();
        int index = channel == null ? 0 : channel.opening.interfaceIndex();
        if (held) {
            firmly(bug, () -> send(Priority.RESIGN, now));
        }
        state = new State.Fault("a bug ended the VRRP thread");
        why = "a bug ended the VRRP thread: " + bug;
        since = now;
        for (Prefix prefix : held ? upkeep.wanted() : List.<Prefix>of()) {
            firmly(bug, () -> ports.addresses().release(index, prefix.address(), prefix.length()));
        }
    }

    private static void firmly(Throwable bug, Troubles.Attempt attempt) {
        try {
            attempt.run();
        } catch (Throwable another) {
            if (another != bug) {
                bug.addSuppressed(another);
            }
        }
    }

    // ---- the election and its effects ----

    private void step(Event event, Ticks now) {
        State before = state;
        Step step = terms.election().on(before, event, now);
        state = step.state();
        if (!step.cause().isEmpty()) {
            why = step.cause();
        }
        boolean claimed = true;
        for (Effect effect : step.effects()) {
            claimed &= perform(effect, now);
        }
        tell(before, event, now);
        if (!claimed) {
            fail("an address cannot be added: " + String.join("; ", troubles.inWords()), now);
        }
    }

    private void tell(State before, Event event, Ticks now) {
        int priority = terms.rules().priority().value();
        if (phase(before) != phase(state)) {
            since = now;
            transitions++;
            observer.on(
                    new VrrpEvent.Transition(name(), phase(before), phase(state), why, priority));
        }
        if (before instanceof State.Offering
                && state instanceof State.Active
                && event instanceof Event.DeadlineReached) {
            observer.on(new VrrpEvent.OfferDeclined(name(), priority));
        }
    }

    /** Performs one effect; false if addresses were to be claimed and the kernel refused one. */
    private boolean perform(Effect effect, Ticks now) {
        switch (effect) {
            case Effect.Send(var priority) -> send(priority, now);
            case Effect.ClaimAddresses _ -> {
                return channel != null && claim(channel.opening.interfaceIndex(), now);
            }
            case Effect.ReleaseAddresses _ -> {
                announcements.end();
                if (channel != null) {
                    upkeep.release(channel.opening.interfaceIndex(), now);
                }
            }
            case Effect.AnnounceToNeighbours _ -> {
                announcements.begin(now);
                if (announcements.due(now)) {
                    announce(upkeep.wanted());
                }
            }
        }
        return true;
    }

    private boolean claim(int index, Ticks now) {
        return terms.rules().priority().isOwner()
                ? upkeep.claimAsOwner(index, now)
                : upkeep.claim(index, now);
    }

    private void send(Priority priority, Ticks now) {
        Channels.Shared to = channel;
        if (to == null) {
            return;
        }
        Advert advert =
                new Advert(config().routerId(), priority, config().advertise(), terms.addresses());
        boolean all = true;
        for (InetAddress destination : terms.destinations()) {
            byte[] message = terms.format().encode(advert, to.opening.source(), destination);
            all &= troubles.attempt(SEND, () -> to.channel.send(message, destination));
        }
        if (all) {
            sent++;
            lastSent = now;
        }
    }

    private void announce(List<Prefix> addresses) {
        Channels.Shared on = channel;
        if (on == null) {
            return;
        }
        int index = on.opening.interfaceIndex();
        for (Prefix prefix : addresses) {
            if (troubles.attempt(
                    "announce " + prefix,
                    () -> ports.neighbours().announce(index, prefix.address()))) {
                announced++;
            }
        }
    }

    // ---- for people ----

    RouterStatus status(Ticks now, Instant wallNow) {
        VirtualRouter config = config();
        Duration activeInterval =
                state instanceof State.Backup backup ? backup.activeInterval() : config.advertise();
        List<RouterStatus.Address> addresses =
                config.floating().stream().map(this::status).toList();
        return new RouterStatus(
                name(),
                config.interfaceName(),
                config.routerId(),
                terms.rules().version().number(),
                phase(state),
                wallNow.minus(now.since(since)),
                why,
                config.priority(),
                terms.tracking().effective().value(),
                terms.tracking().contributions(),
                state instanceof State.Offering,
                config.advertise(),
                activeInterval,
                source(),
                addresses,
                reception.peers(now),
                sent,
                reception.received(),
                reception.discarded(),
                reception.odd(),
                channel == null ? 0 : channel.forNobody,
                announced,
                transitions,
                deadline().map(at -> at.since(now)),
                troubles.inWords());
    }

    private RouterStatus.Address status(Prefix prefix) {
        return new RouterStatus.Address(prefix.address(), prefix.length(), upkeep.isHeld(prefix));
    }

    private static RouterState phase(State state) {
        return switch (state) {
            case State.Initialize _ -> RouterState.INITIALIZE;
            case State.Fault _ -> RouterState.FAULT;
            case State.Backup _ -> RouterState.BACKUP;
            case State.Active _, State.Offering _ -> RouterState.ACTIVE;
        };
    }
}
