package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.Links.Link;
import buoy.vrrp.core.Admission;
import buoy.vrrp.core.Admission.Oddity;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Effect;
import buoy.vrrp.core.Election;
import buoy.vrrp.core.Event;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Step;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.wire.Decoded;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One virtual router at run time: it feeds the election with what happens and is the one place
 * where effects are performed. On the speaker's thread alone.
 *
 * <p>Longer than most because it is the border between the pure half and the system; what keeps its
 * own books ({@link AddressUpkeep}, {@link Announcements}, {@link Heard}, {@link Troubles}) stands
 * beside it.
 */
final class Router {
    private static final String OPEN = "open a channel";
    private static final String SEND = "send an advertisement";
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    /** Each attempt may take the addresses from a peer that does better: not too often. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Ports ports;
    private final Channels channels;
    private final VrrpObserver observer;
    private final Troubles troubles;
    private final AddressUpkeep upkeep;
    private final Announcements announcements;
    private final Heard heard = new Heard();

    private VirtualRouter config;
    private Tracking tracking;
    private Election election;
    private WireFormat format;
    private Admission admission;
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
        this.config = config;
        this.tracking = tracking;
        this.ports = ports;
        this.channels = channels;
        this.observer = observer;
        this.since = now;
        this.lastSent = now;
        this.troubles = new Troubles(this::name, observer);
        this.upkeep =
                new AddressUpkeep(
                        ports.addresses(), troubles, config.addresses(), config.lifetime());
        this.announcements = new Announcements(config.announce());
        // Until its link is known it has no address of its own; nothing compares with this one.
        this.election =
                new Election(rules(config, tracking, config.addresses().getFirst().address()));
        this.format = format(config);
        this.admission = admission(config, election.rules());
    }

    // ---- what it is ----

    String name() {
        return config.name();
    }

    VirtualRouter config() {
        return config;
    }

    boolean isOn(String interfaceName) {
        return config.interfaceName().equals(interfaceName);
    }

    boolean isOn(int interfaceIndex) {
        return channel != null && channel.opening.interfaceIndex() == interfaceIndex;
    }

    boolean hears(int routerId) {
        return config.routerId() == routerId;
    }

    // ---- link ----

    /** Takes part, or says why it cannot; to be called whenever that may have changed. */
    void connect(LinkTable links, Set<InetAddress> virtual, Ticks now) {
        retryAt = Optional.empty();
        Optional<Link> link = links.named(config.interfaceName());
        if (link.isEmpty()) {
            disconnect("interface %s is missing".formatted(config.interfaceName()), now);
            return;
        }
        if (!link.get().up()) {
            disconnect("link %s is down".formatted(config.interfaceName()), now);
            return;
        }
        List<AddressTable.Entry> entries = new ArrayList<>();
        if (!troubles.attempt(
                "list addresses",
                () -> entries.addAll(ports.addresses().list(link.get().index())))) {
            disconnect(troubles.reason("list addresses"), now);
            retryLater(now);
            return;
        }
        Optional<InetAddress> source = SourceChoice.of(config, entries, virtual);
        if (source.isEmpty()) {
            disconnect(
                    "%s has no %s address to speak from"
                            .formatted(
                                    config.interfaceName(),
                                    SourceChoice.isIpv6(config) ? "suitable IPv6" : "IPv4"),
                    now);
            return;
        }
        open(opening(link.get(), source.get()), now);
    }

    private Opening opening(Link link, InetAddress source) {
        return switch (config.reach()) {
            case Reach.Multicast _ ->
                    new Opening(
                            link.index(),
                            link.name(),
                            source,
                            Optional.of(WireFormat.group(SourceChoice.isIpv6(config))),
                            WireFormat.TTL);
            case Reach.Unicast unicast ->
                    new Opening(link.index(), link.name(), source, Optional.empty(), unicast.ttl());
        };
    }

    private void open(Opening opening, Ticks now) {
        Channels.Shared before = channel;
        if (before == null || !before.opening.equals(opening)) {
            if (before != null && before.opening.interfaceIndex() != opening.interfaceIndex()) {
                disconnect("interface %s was replaced".formatted(opening.interfaceName()), now);
                before = null;
            }
            if (!troubles.attempt(OPEN, () -> channel = channels.join(opening, this))) {
                disconnect(troubles.reason(OPEN), now);
                retryLater(now);
                return;
            }
            nextRetry = FIRST_RETRY;
            if (before != null) {
                channels.leave(before, this);
            }
            Rules rules = election.rules();
            change(rules(config, tracking, opening.source()), new Event.RulesChanged(rules), now);
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

    Optional<InetAddress> source() {
        return Optional.ofNullable(channel).map(shared -> shared.opening.source());
    }

    // ---- what arrives ----

    void receive(Datagram datagram, Ticks now) {
        switch (format.decode(
                datagram.payload(), datagram.source(), datagram.destination(), datagram.ttl())) {
            case Decoded.Ok(var advert) -> judge(advert, datagram, now);
            case Decoded.Garbage garbage ->
                    discard(garbage.kind(), garbage.detail(), datagram.source(), now);
        }
    }

    private void judge(Advert advert, Datagram datagram, Ticks now) {
        if (datagram.destination().isMulticastAddress()
                != (config.reach() instanceof Reach.Multicast)) {
            discard(
                    "wrong-destination",
                    "sent to " + datagram.destination().getHostAddress(),
                    datagram.source(),
                    now);
            return;
        }
        switch (admission.judge(advert, datagram.source())) {
            case Admission.Refused(var kind, var detail) ->
                    discard(kind, detail, datagram.source(), now);
            case Admission.Admitted(var oddities) -> {
                if (heard.accepted(advert, datagram.source(), now)) {
                    observer.on(
                            new VrrpEvent.PeerSeen(
                                    name(), datagram.source(), advert.priority().value()));
                }
                for (Oddity oddity : oddities) {
                    note(oddity, datagram.source(), now);
                }
                accept(advert, datagram.source(), now);
            }
        }
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
        Duration heardFor = election.rules().interval().multipliedBy(3);
        return troubles.has(SEND) && now.isAtOrAfter(lastSent.plus(heardFor));
    }

    private void discard(String kind, String detail, InetAddress source, Ticks now) {
        if (heard.discarded(kind, now)) {
            observer.on(new VrrpEvent.Discarding(name(), source, kind, detail));
        }
    }

    private void note(Oddity oddity, InetAddress source, Ticks now) {
        if (!heard.odd(oddity.kind(), source, now)) {
            return;
        }
        switch (oddity) {
            case Oddity.OtherAddresses(var theirs) ->
                    observer.on(
                            new VrrpEvent.AddressListMismatch(
                                    name(), source, theirs, virtualAddresses()));
            case Oddity.OtherInterval(var theirs) ->
                    observer.on(
                            new VrrpEvent.IntervalMismatch(
                                    name(), source, theirs, config.advertise()));
            case Oddity.SecondOwner _ -> observer.on(new VrrpEvent.SecondOwner(name(), source));
            // Common among peers that interoperate well: counted, not said.
            case Oddity.FirstNotLinkLocal _ -> {}
        }
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

    Duration interval() {
        return config.advertise();
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
    void change(VirtualRouter to, Tracking weighed, Ticks now) {
        VirtualRouter from = config;
        config = to;
        tracking = weighed;
        format = format(to);
        announcements.change(to.announce());
        List<Prefix> added = upkeep.change(to.addresses(), to.lifetime(), now);
        announce(added);
        change(
                rules(to, weighed, election.rules().self()),
                new Event.RulesChanged(election.rules()),
                now);
        if (!from.reach().equals(to.reach())) {
            retryAt = Optional.of(now);
        }
    }

    /** Tracking found another effective priority, or other reasons for the same. */
    void track(Tracking weighed, Ticks now) {
        Tracking before = tracking;
        tracking = weighed;
        if (before.effective().equals(weighed.effective())) {
            return;
        }
        change(
                election.rules().withPriority(weighed.effective()),
                new Event.PriorityTracked(before.effective()),
                now);
        observer.on(
                new VrrpEvent.PriorityChanged(
                        name(),
                        before.effective().value(),
                        weighed.effective().value(),
                        weighed.contributions(),
                        state instanceof State.Offering));
    }

    private void change(Rules rules, Event event, Ticks now) {
        election = new Election(rules);
        admission = admission(config, rules);
        step(event, now);
    }

    /** Gives everything up, with priority 0 if it was active, and leaves. */
    void stop(Ticks now) {
        step(new Event.StopRequested(), now);
        retryAt = Optional.empty();
        leaveChannel();
    }

    /**
     * A bug of ours is about to end the thread, and the election itself may be what is broken: the
     * addresses are given up by hand, whatever else goes wrong.
     */
    void abandon(Throwable bug, Ticks now) {
        if (state.holdsAddresses()) {
            firmly(bug, () -> send(Priority.RESIGN, now));
        }
        int index = channel == null ? 0 : channel.opening.interfaceIndex();
        boolean held = state.holdsAddresses();
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

    /** The channel cannot be read: hearing nothing must not look like silence of the peers. */
    void deafened(KernelRefused refusal, Ticks now) {
        troubles.began("receive", refusal);
        fail(troubles.reason("receive"), now);
        leaveChannel();
        troubles.forget("receive");
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

    // ---- the election and its effects ----

    private void step(Event event, Ticks now) {
        State before = state;
        Step step = election.on(before, event, now);
        state = step.state();
        if (!step.cause().isEmpty()) {
            why = step.cause();
        }
        boolean claimed = true;
        for (Effect effect : step.effects()) {
            claimed &= perform(effect, now);
        }
        if (phase(before) != phase(state)) {
            since = now;
            transitions++;
            observer.on(
                    new VrrpEvent.Transition(
                            name(),
                            phase(before),
                            phase(state),
                            why,
                            election.rules().priority().value()));
        }
        if (before instanceof State.Offering
                && state instanceof State.Active
                && event instanceof Event.DeadlineReached) {
            observer.on(new VrrpEvent.OfferDeclined(name(), election.rules().priority().value()));
        }
        if (!claimed) {
            fail("an address cannot be added: " + String.join("; ", troubles.inWords()), now);
        }
    }

    /** Performs one effect; false if addresses were to be claimed and the kernel refused one. */
    private boolean perform(Effect effect, Ticks now) {
        switch (effect) {
            case Effect.Send(var priority) -> send(priority, now);
            case Effect.ClaimAddresses _ -> {
                return channel != null && upkeep.claim(channel.opening.interfaceIndex(), now);
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

    private void send(Priority priority, Ticks now) {
        Channels.Shared to = channel;
        if (to == null) {
            return;
        }
        Advert advert =
                new Advert(config.routerId(), priority, config.advertise(), virtualAddresses());
        InetAddress source = to.opening.source();
        List<InetAddress> destinations =
                switch (config.reach()) {
                    case Reach.Multicast _ -> List.of(to.opening.group().orElseThrow());
                    case Reach.Unicast unicast -> unicast.peers();
                };
        boolean all = true;
        for (InetAddress destination : destinations) {
            byte[] message = format.encode(advert, source, destination);
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
        for (Prefix prefix : addresses) {
            if (troubles.attempt(
                    "announce " + prefix,
                    () ->
                            ports.neighbours()
                                    .announce(on.opening.interfaceIndex(), prefix.address()))) {
                announced++;
            }
        }
    }

    // ---- the configuration in the core's words ----

    private static Rules rules(VirtualRouter config, Tracking tracking, InetAddress self) {
        return new Rules(
                Identity.version(config),
                tracking.effective(),
                config.advertise(),
                config.preempt(),
                config.preemptDelay(),
                self);
    }

    private static WireFormat format(VirtualRouter config) {
        int leastTtl =
                switch (config.reach()) {
                    case Reach.Multicast _ -> WireFormat.TTL;
                    case Reach.Unicast unicast -> unicast.minTtl();
                };
        return new WireFormat(
                Identity.version(config),
                config.routerId(),
                leastTtl,
                config.checksum() == Checksum.COMPATIBLE);
    }

    private static Admission admission(VirtualRouter config, Rules rules) {
        Set<InetAddress> peers =
                switch (config.reach()) {
                    case Reach.Multicast _ -> Set.of();
                    case Reach.Unicast unicast -> Set.copyOf(unicast.peers());
                };
        return new Admission(rules, Set.copyOf(addresses(config)), peers);
    }

    private List<InetAddress> virtualAddresses() {
        return addresses(config);
    }

    static List<InetAddress> addresses(VirtualRouter config) {
        return config.addresses().stream().map(Prefix::address).toList();
    }

    // ---- for people ----

    RouterStatus status(Ticks now, Instant wallNow) {
        Duration activeInterval =
                state instanceof State.Backup backup ? backup.activeInterval() : config.advertise();
        List<RouterStatus.Address> addresses =
                config.addresses().stream()
                        .map(
                                prefix ->
                                        new RouterStatus.Address(
                                                prefix.address(),
                                                prefix.length(),
                                                upkeep.isHeld(prefix)))
                        .toList();
        Map<String, Long> discarded = heard.discarded();
        return new RouterStatus(
                name(),
                config.interfaceName(),
                config.routerId(),
                Identity.version(config).number(),
                phase(state),
                wallNow.minus(now.since(since)),
                why,
                config.priority(),
                tracking.effective().value(),
                tracking.contributions(),
                state instanceof State.Offering,
                config.advertise(),
                activeInterval,
                source(),
                addresses,
                heard.peers(now),
                sent,
                heard.received(),
                discarded,
                heard.odd(),
                channel == null ? 0 : channel.forNobody,
                announced,
                transitions,
                deadline().map(at -> at.since(now)),
                troubles.inWords());
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
