package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One virtual router at run time: its voices, its addresses and what its neighbours are told. It
 * decides nothing: its {@link Group} is elected, and here is where what follows from it is done. On
 * the speaker's thread alone.
 */
final class Router {
    private static final Duration TIME_TO_SETTLE = Duration.ofSeconds(1);

    private final Ports ports;
    private final Channels channels;
    private final VrrpObserver observer;
    private final Troubles troubles;
    private final Warnings warnings;
    private final Reception reception;
    private final AddressUpkeep upkeep;
    private final RouteUpkeep routes;
    private final VirtualMac virtualMac;
    private final Announcements announcements;
    private final Map<Family, Voice> voices = new EnumMap<>(Family.class);

    private final Group group;
    private VirtualRouter config;

    /** The link it speaks on, as the kernel numbers it; that of its last channel. */
    private int index;

    /** Whether it has not yet followed the state of its group. */
    private boolean isNew = true;

    /** Whether its addresses are on the way to another link, by a change of the configuration. */
    private boolean isMoving;

    private long sent;
    private long announced;

    Router(VirtualRouter config, Group group, Rules rules, Wherewithal with, Ticks now) {
        this.ports = with.ports();
        this.channels = with.channels();
        this.observer = with.observer();
        this.config = config;
        this.group = group;
        this.troubles = new Troubles(this::name, observer);
        this.warnings = new Warnings(this::name, observer);
        this.reception = new Reception(observer, warnings);
        this.upkeep =
                new AddressUpkeep(
                        ports.addresses(), troubles, config.floating(), config.lifetime());
        this.routes = new RouteUpkeep(ports.routing(), troubles, config);
        this.virtualMac = new VirtualMac(ports, troubles);
        this.announcements = new Announcements(config.announce());
        raiseVoices(rules, now);
    }

    private void raiseVoices(Rules rules, Ticks now) {
        for (Family family : Terms.families(config)) {
            voices.computeIfAbsent(
                    family, _ -> new Voice(this, family, rules, channels, troubles, now));
        }
    }

    // ---- what it is ----

    String name() {
        return config.name();
    }

    VirtualRouter config() {
        return config;
    }

    Group group() {
        return group;
    }

    Collection<Voice> voices() {
        return voices.values();
    }

    boolean isNew() {
        return isNew;
    }

    boolean isOn(String interfaceName) {
        return config.interfaceName().equals(interfaceName);
    }

    boolean isOn(int interfaceIndex) {
        return virtualMac.has(interfaceIndex)
                || (index == interfaceIndex
                        && voices().stream().anyMatch(v -> v.channel().isPresent()));
    }

    int interfaceIndex() {
        return index;
    }

    boolean speaksFrom(InetAddress source) {
        return voices().stream().anyMatch(v -> v.source().filter(source::equals).isPresent());
    }

    boolean lacksFooting() {
        return voices().stream().anyMatch(voice -> voice.lack().isPresent());
    }

    // ---- its link ----

    /** Gets every voice its channel, or finds out which cannot have one. */
    Optional<Footing.Lacking> connect(
            LinkTable links, Set<InetAddress> virtual, Rules rules, Ticks now) {
        Optional<Footing.Lacking> lack = Optional.empty();
        for (Voice voice : voices()) {
            voice.connect(links, virtual, ports.addresses(), rules);
            voice.channel().ifPresent(shared -> index = shared.opening.interfaceIndex());
            lack = lack.or(voice::lack);
        }
        return lack.or(() -> settle(links, now));
    }

    private Optional<Footing.Lacking> settle(LinkTable links, Ticks now) {
        boolean fitted = virtualMac.fits(config);
        Optional<String> refusal =
                links.named(config.interfaceName())
                        .flatMap(link -> virtualMac.settle(config, link))
                        .or(this::openWaysOut);
        if (refusal.isPresent()) {
            return Optional.of(new Footing.Lacking(refusal.get(), true));
        }
        if (isMoving || (!fitted && upkeep.isHolding())) {
            isMoving = false;
            virtualMac.raise();
            claimAddresses(group.rules().priority().isOwner(), now);
            keepRoutes(now);
            announcements.begin(now);
        }
        return Optional.empty();
    }

    /** Beforehand: a takeover has no time for it. */
    private Optional<String> openWaysOut() {
        for (Voice voice : voices()) {
            Optional<Lan.Opening> opening = voice.channel().map(shared -> shared.opening);
            String what = "speak through the virtual MAC of " + voice.family();
            if (opening.isPresent()
                    && !troubles.attempt(
                            what, () -> virtualMac.sender(voice.family(), opening.get()))) {
                return Optional.of(troubles.reason(what));
            }
        }
        return Optional.empty();
    }

    /** Where its addresses belong. */
    private Place place() {
        return virtualMac.place(index);
    }

    /** The way out for its advertisements where that is not the channel it listens on. */
    Optional<AdvertisementSender> wayOut(Family family, Lan.Opening opening) throws KernelRefused {
        return virtualMac.isRaised() ? virtualMac.sender(family, opening) : Optional.empty();
    }

    /**
     * A link with its virtual MAC is gone; true if it was one of ours, which is to be made again.
     */
    boolean lostVirtualMac(int interfaceIndex) {
        boolean ours = virtualMac.has(interfaceIndex);
        virtualMac.forget(interfaceIndex);
        return ours;
    }

    /** Somebody may have set a link with its virtual MAC down. */
    void virtualMacChanged(Links.Link link) {
        if (virtualMac.has(link.index()) && upkeep.isHolding() && !link.up()) {
            virtualMac.raise();
        }
    }

    boolean isReplaced(LinkTable links) {
        return voices().stream().anyMatch(voice -> voice.isReplaced(links));
    }

    // ---- from one process to another ----

    HandedOver.Member handOver() {
        return new HandedOver.Member(
                HandedOver.key(config),
                upkeep.handOver(),
                routes.handOver(),
                announcements.pending());
    }

    /** To be called before it connects: there is nothing that it has not followed. */
    void prepareToTakeOver(LinkTable links) {
        isNew = false;
        links.named(config.interfaceName()).ifPresent(link -> virtualMac.takeOver(config, link));
    }

    /** Holds what it held in another process; false if the kernel refuses an address. */
    boolean takeOver(HandedOver.Member before, Ticks now) {
        if (!virtualMac.isRaised() && !virtualMac.raise()) {
            return false;
        }
        boolean all = upkeep.takeOver(place(), before.addresses(), now);
        for (RoutingTable.Entry entry : routes.takeOver(before.routes(), now)) {
            observer.on(new VrrpEvent.RouteRestored(name(), entry));
        }
        before.announcements().ifPresent(announcements::goOn);
        return all;
    }

    /** Another process goes on: all stays as it is, and this one hears and says nothing more. */
    void leaveToAnother() {
        voices().forEach(Voice::leave);
        virtualMac.leave();
    }

    /** Closes the channels of voices that have no footing. */
    void leaveWhereLacking() {
        voices().stream().filter(voice -> voice.lack().isPresent()).forEach(Voice::leave);
    }

    void leave() {
        voices().forEach(Voice::leave);
        virtualMac.remove();
    }

    /** The kernel says that an address of its link was removed. */
    void addressRemoved(InetAddress address, Ticks now) {
        if (upkeep.restore(address, now)) {
            observer.on(new VrrpEvent.AddressRestored(name(), address));
            announcements.begin(now);
            // The kernel removes the routes that prefer an address as their source with it.
            keepRoutes(now);
        }
    }

    // ---- what arrives ----

    void receive(Voice voice, Datagram datagram, Ticks now) {
        reception
                .receive(voice.terms(), datagram, group.state().holdsAddresses(), now)
                .ifPresent(advert -> group.heard(advert, datagram.source(), voice, now));
    }

    /** Another host says that it has an address. */
    void claimedByAnother(Neighbours.Claim claim, Ticks now) {
        // What was on its way when this host took over is no rival's word.
        boolean settled = now.isAtOrAfter(group.since().plus(TIME_TO_SETTLE));
        if (group.state().holdsAddresses()
                && settled
                && config.floating().stream().anyMatch(p -> p.address().equals(claim.address()))) {
            warn(
                    RouterStatus.Warning.DUAL_ACTIVE,
                    () ->
                            "the host with MAC address %s says that it has %s, which this host holds (is it configured there, or the network one-way?)"
                                    .formatted(
                                            claim.hardwareAddress(),
                                            claim.address().getHostAddress()),
                    now);
        }
    }

    void warn(String kind, Supplier<String> detail, Ticks now) {
        warnings.warn(kind, detail, now);
    }

    void deafened(Voice voice, String reason, Ticks now) {
        group.fail(reason, now);
        voice.leave();
    }

    // ---- what follows from the election ----

    void send(Priority priority, Ticks now) {
        if (!priority.isResign()) {
            if (!virtualMac.isRaised() && !virtualMac.raise()) {
                // Its link is about to go, or to come back. What left by the one below would carry
                // another MAC address.
                return;
            }
            // What is said must be true while it is said.
            upkeep.reclaimWhatIsGone(now);
        }
        for (Voice voice : voices()) {
            if (voice.send(priority, now)) {
                sent++;
            }
        }
    }

    /** Takes the addresses; false if the kernel refused one. */
    boolean claim(boolean asOwner, Ticks now) {
        if (index == 0) {
            return true; // It has just come to the group, and follows as soon as it has a channel.
        }
        if (!virtualMac.isRaised() && !virtualMac.raise()) {
            return false;
        }
        boolean all = claimAddresses(asOwner, now);
        keepRoutes(now);
        return all;
    }

    private boolean claimAddresses(boolean asOwner, Ticks now) {
        return asOwner ? upkeep.claimAsOwner(place(), now) : upkeep.claim(place(), now);
    }

    private void keepRoutes(Ticks now) {
        for (RoutingTable.Entry entry : routes.claim(now)) {
            observer.on(new VrrpEvent.RouteRestored(name(), entry));
        }
    }

    /** Gives the addresses up, those an earlier life of this process left behind included. */
    void release(Ticks now) {
        announcements.end();
        routes.release(now);
        if (index != 0) {
            upkeep.release(place(), now);
        }
        virtualMac.lower();
    }

    void announceToNeighbours(Ticks now) {
        announcements.begin(now);
        announceIfDue(now);
    }

    private void announceIfDue(Ticks now) {
        if (announcements.due(now)) {
            announce(upkeep.wanted());
        }
    }

    private void announce(List<Prefix> addresses) {
        for (Prefix prefix : addresses) {
            if (troubles.attempt(
                    "announce " + prefix,
                    () ->
                            ports.neighbours()
                                    .announce(place().of(prefix.address()), prefix.address()))) {
                announced++;
            }
        }
    }

    void followed() {
        isNew = false;
    }

    // ---- what is due ----

    /** When {@link #act} is due; empty if nothing happens by itself. */
    Optional<Ticks> deadline() {
        return Ticks.earliest(
                Ticks.earliest(upkeep.deadline(), announcements.deadline()), routes.deadline());
    }

    /** Does what is due; false if it cannot go on, because an address cannot be kept. */
    boolean act(Ticks now) {
        boolean kept = !Ticks.isDue(upkeep.deadline(), now) || upkeep.renew(now);
        announceIfDue(now);
        if (Ticks.isDue(routes.deadline(), now)) {
            for (RoutingTable.Entry entry : routes.look(now)) {
                observer.on(new VrrpEvent.RouteRestored(name(), entry));
            }
        }
        return kept;
    }

    // ---- what the operator changes ----

    /**
     * The configuration is another one; the identity is the same.
     *
     * @return whether it has to connect anew
     */
    boolean change(VirtualRouter to, Rules rules, Ticks now) {
        boolean elsewhere =
                !config.reach().equals(to.reach())
                        || !Terms.families(config).equals(Terms.families(to));
        config = to;
        announcements.change(to.announce());
        List<Voice> gone =
                voices().stream().filter(v -> !Terms.families(to).contains(v.family())).toList();
        for (Voice voice : gone) {
            group.lastWordOf(voice, now);
            voice.leave();
            voices.remove(voice.family());
        }
        voices().forEach(voice -> voice.change(to, rules));
        raiseVoices(rules, now);
        if (!virtualMac.fits(to)) {
            elsewhere = true;
            isMoving = upkeep.isHolding();
            if (isMoving) {
                upkeep.release(place(), now);
            }
        }
        List<Prefix> added = upkeep.change(to.floating(), to.lifetime(), now);
        routes.change(to, now);
        announce(added);
        return elsewhere;
    }

    /** The effective priority is another one. */
    void goBy(Rules rules) {
        voices().forEach(voice -> voice.change(config, rules));
    }

    // ---- the end ----

    /**
     * A bug of ours is about to end the thread: the addresses are given up by hand, whatever else
     * goes wrong.
     */
    void abandon(Throwable bug, Ticks now) {
        firmly(bug, () -> send(Priority.RESIGN, now));
        for (RoutingTable.Entry entry : routes.wanted().reversed()) {
            firmly(bug, () -> ports.routing().remove(entry));
        }
        for (Prefix prefix : upkeep.wanted()) {
            int on = place().of(prefix.address());
            firmly(bug, () -> ports.addresses().release(on, prefix.address(), prefix.length()));
        }
        firmly(bug, virtualMac::remove);
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

    // ---- for people ----

    List<RouterStatus.Address> addresses() {
        List<RouterStatus.Address> addresses = new ArrayList<>();
        for (Prefix prefix : config.floating()) {
            addresses.add(
                    new RouterStatus.Address(
                            prefix.address(), prefix.length(), upkeep.isHeld(prefix)));
        }
        return addresses;
    }

    List<RouterStatus.VirtualLink> virtualLinks() {
        return virtualMac.shown();
    }

    List<RouterStatus.Route> routes() {
        return routes.wanted().stream()
                .map(entry -> new RouterStatus.Route(entry.toString(), routes.isHeld(entry)))
                .toList();
    }

    Warnings warnings() {
        return warnings;
    }

    Reception reception() {
        return reception;
    }

    List<String> troubles() {
        return troubles.inWords();
    }

    long sent() {
        return sent;
    }

    long announced() {
        return announced;
    }

    /** Datagrams on its channels for nobody here. */
    long forOthers() {
        return voices().stream()
                .flatMap(voice -> voice.channel().stream())
                .mapToLong(shared -> shared.forNobody)
                .sum();
    }
}
