package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One family of one router on the network: what it says there, and what it hears. On the speaker's
 * thread alone.
 */
final class Voice {
    /**
     * The first of several is where ties are settled. Virtual addresses are the same on every host,
     * so every host settles them in the same place.
     */
    static final Comparator<Voice> FIRST_SETTLES_TIES =
            Comparator.comparing(Voice::family)
                    .thenComparing(Voice::leastAddress, Voice::compareUnsigned);

    private final Router router;
    private final Channels channels;
    private final Troubles troubles;
    private Terms terms;
    private Channels.@Nullable Shared channel;

    /** Why it can say nothing; empty while it can. */
    private Optional<Footing.Lacking> lack = Optional.of(new Footing.Lacking("not started", false));

    private Ticks lastSent;
    private Optional<Ticks> lastHeard = Optional.empty();

    Voice(
            Router router,
            Family family,
            Rules rules,
            Channels channels,
            Troubles troubles,
            Ticks now) {
        this.router = router;
        this.channels = channels;
        this.troubles = troubles;
        this.lastSent = now;
        // Until its link is known it has no address of its own; nothing is compared with this one.
        InetAddress unknown = router.config().addresses().getFirst().address();
        this.terms = Terms.of(router.config(), family, rules, unknown);
    }

    Family family() {
        return terms.family();
    }

    int routerId() {
        return terms.config().routerId();
    }

    Router router() {
        return router;
    }

    Terms terms() {
        return terms;
    }

    private InetAddress leastAddress() {
        return terms.addresses().stream().min(Voice::compareUnsigned).orElseThrow();
    }

    private static int compareUnsigned(InetAddress one, InetAddress other) {
        return Arrays.compareUnsigned(one.getAddress(), other.getAddress());
    }

    // ---- its channel ----

    Optional<Footing.Lacking> lack() {
        return lack;
    }

    Optional<Channels.Shared> channel() {
        return Optional.ofNullable(channel);
    }

    Optional<InetAddress> source() {
        return channel().map(shared -> shared.opening.source());
    }

    /** Whether its link has been replaced by another of the same name. */
    boolean isReplaced(LinkTable links) {
        Optional<Integer> now = links.named(terms.config().interfaceName()).map(Links.Link::index);
        Optional<Integer> before = channel().map(shared -> shared.opening.interfaceIndex());
        return now.isPresent() && before.isPresent() && !now.equals(before);
    }

    /**
     * Looks for its footing and speaks from it. Where it lacks one, the channel it had stays open
     * until {@link #leave}.
     */
    void connect(LinkTable links, Set<InetAddress> virtual, AddressTable table, Rules rules) {
        lack =
                switch (Footing.of(terms, links, virtual, table, troubles)) {
                    case Footing.Firm(var opening) -> speakOn(opening, rules);
                    case Footing.Lacking lacking -> Optional.of(lacking);
                };
    }

    private Optional<Footing.Lacking> speakOn(Opening opening, Rules rules) {
        Channels.Shared before = channel;
        if (before != null && before.opening.equals(opening)) {
            return Optional.empty();
        }
        if (!troubles.attempt(opening(), () -> channel = channels.join(opening, this))) {
            return Optional.of(new Footing.Lacking(troubles.reason(opening()), true));
        }
        if (before != null) {
            channels.leave(before, this);
        }
        terms = Terms.of(terms.config(), family(), rules, opening.source());
        return Optional.empty();
    }

    void leave() {
        if (channel != null) {
            channels.leave(channel, this);
            channel = null;
        }
    }

    /** The configuration or the effective priority is another one. */
    void change(VirtualRouter config, Rules rules) {
        terms = Terms.of(config, family(), rules, terms.self());
    }

    // ---- what it says and hears ----

    /** Says to all peers of its family what the priority is, if it can. */
    boolean send(Priority priority, Ticks now) {
        Channels.Shared to = channel;
        if (to == null || lack.isPresent()) {
            return false;
        }
        Advert advert = terms.advert(priority);
        boolean all = true;
        for (InetAddress destination : terms.destinations()) {
            byte[] message = terms.format().encode(advert, to.opening.source(), destination);
            all &=
                    troubles.attempt(
                            sending(),
                            () ->
                                    router.wayOut(family(), to.opening)
                                            .orElse(to.channel)
                                            .send(message, destination));
        }
        if (all) {
            lastSent = now;
        }
        return all;
    }

    /** Whether nothing has left for so long that peers believe it is gone. */
    boolean isMute(Ticks now) {
        Duration heardFor = terms.config().advertise().multipliedBy(3);
        return troubles.has(sending()) && now.isAtOrAfter(lastSent.plus(heardFor));
    }

    String whyMute() {
        return troubles.reason(sending());
    }

    /** When an advertisement counted here last. */
    Optional<Ticks> lastHeard() {
        return lastHeard;
    }

    void heard(Ticks now) {
        lastHeard = Optional.of(now);
    }

    void receive(Datagram datagram, Ticks now) {
        router.receive(this, datagram, now);
    }

    /** The channel cannot be read: hearing nothing must not look like silence of the peers. */
    void deafened(KernelRefused refusal, Ticks now) {
        String what = "receive over " + family();
        troubles.began(what, refusal);
        router.deafened(this, troubles.reason(what), now);
        troubles.forget(what);
    }

    /** As people tell voices apart. */
    @Override
    public String toString() {
        return "%s over %s".formatted(router.name(), family());
    }

    private String opening() {
        return "open a channel for " + family();
    }

    private String sending() {
        return "send an advertisement over " + family();
    }
}
