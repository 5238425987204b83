package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.Links.LinkEvent;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the speaker's thread does, one turn after the other: what arrived, commands, link events,
 * what is due. In that order, because whoever was kept from running must hear what happened
 * meanwhile before it says or takes anything: even an address that is gone from the link may be
 * another host's by now. And a bounded amount of it, because a flood must not delay an
 * advertisement.
 */
final class Loop {
    /** Datagrams read from a channel before what is due is looked at again. */
    private static final int BATCH = 64;

    /** The same after the thread was late: more than a socket buffer holds. */
    private static final int BACKLOG = 4096;

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

    private final Ports ports;
    private final VrrpObserver observer;
    private final Channels channels;
    private final LinkTable links = new LinkTable();
    private final Troubles troubles;
    private final Map<String, Integer> serversUp = new HashMap<>();
    private Map<Identity, Router> routers = new LinkedHashMap<>();

    /** Every virtual address of every router: none of them is a source to speak from. */
    private Set<InetAddress> virtual = Set.of();

    /** When the links are to be read afresh; empty while the events tell the whole story. */
    private Optional<Ticks> refreshAt;

    private Ticks complainFrom;
    private boolean stopped;

    Loop(Ports ports, VrrpObserver observer) {
        this.ports = ports;
        this.observer = observer;
        this.channels = new Channels(ports.lan());
        this.troubles = new Troubles(() -> "all", observer);
        this.refreshAt = Optional.of(now());
        this.complainFrom = now();
    }

    void run(Queue<Consumer<Loop>> commands) throws KernelRefused {
        while (!stopped) {
            boolean more = turn(commands);
            if (!stopped && !more) {
                ports.waiter().await(deadline().nanos());
            }
        }
    }

    /**
     * One turn.
     *
     * @return whether more has arrived than was read
     */
    boolean turn(Queue<Consumer<Loop>> commands) {
        boolean more = listen(now());
        for (Consumer<Loop> next = commands.poll(); next != null; next = commands.poll()) {
            next.accept(this);
        }
        if (stopped) {
            return false;
        }
        watch(now());
        Ticks now = now();
        for (Router router : routers.values()) {
            router.act(links, virtual, now);
        }
        return more;
    }

    /** When there is something to do with nothing arriving. */
    Ticks deadline() {
        Ticks earliest = now().plus(IDLE);
        if (refreshAt.isPresent()) {
            earliest = earliest.earliest(refreshAt.get());
        }
        for (Router router : routers.values()) {
            Optional<Ticks> deadline = router.deadline();
            if (deadline.isPresent()) {
                earliest = earliest.earliest(deadline.get());
            }
        }
        return earliest;
    }

    // ---- links ----

    private void watch(Ticks now) {
        if (refreshAt.isPresent() && now.isAtOrAfter(refreshAt.get())) {
            refresh(now);
        }
        List<LinkEvent> events = new ArrayList<>(0);
        troubles.attempt("read link events", () -> events.addAll(ports.links().events()));
        for (LinkEvent event : events) {
            switch (event) {
                case LinkEvent.Changed(var link) -> {
                    Optional<String> before = links.nameOf(link.index());
                    links.put(link);
                    before.filter(name -> !name.equals(link.name()))
                            .ifPresent(name -> reconnect(name, now));
                    reconnect(link.name(), now);
                }
                case LinkEvent.Gone(int index) -> {
                    Optional<String> name = links.nameOf(index);
                    links.remove(index);
                    name.ifPresent(gone -> reconnect(gone, now));
                }
                case LinkEvent.AddressAdded(int index, _, _) -> addressAdded(index, now);
                case LinkEvent.AddressRemoved(int index, var address, _) ->
                        addressRemoved(index, address, now);
                case LinkEvent.Overrun _ -> refresh(now);
            }
        }
    }

    private void refresh(Ticks now) {
        if (!troubles.attempt("list links", () -> links.replace(ports.links().list()))) {
            refreshAt = Optional.of(now.plus(RETRY));
            return;
        }
        refreshAt = Optional.empty();
        for (Router router : routers.values()) {
            router.connect(links, virtual, now);
            Terms.addresses(router.config())
                    .forEach(address -> router.addressRemoved(address, now));
        }
    }

    private void reconnect(String interfaceName, Ticks now) {
        for (Router router : routers.values()) {
            if (router.isOn(interfaceName)) {
                router.connect(links, virtual, now);
            }
        }
    }

    private void addressAdded(int index, Ticks now) {
        Optional<String> name = links.nameOf(index);
        for (Router router : routers.values()) {
            if (name.isPresent() && router.isOn(name.get()) && router.source().isEmpty()) {
                router.connect(links, virtual, now);
            }
        }
    }

    private void addressRemoved(int index, InetAddress address, Ticks now) {
        for (Router router : routers.values()) {
            if (router.isOn(index)) {
                router.addressRemoved(address, now);
                if (router.source().filter(address::equals).isPresent()) {
                    router.connect(links, virtual, now);
                }
            }
        }
    }

    // ---- what arrives ----

    private boolean listen(Ticks now) {
        int quota = isLate(now) ? BACKLOG : BATCH;
        boolean more = false;
        Map<Channels.Shared, KernelRefused> deaf = new HashMap<>(0);
        for (Channels.Shared shared : channels.all()) {
            try {
                more |= drain(shared, quota, now);
            } catch (KernelRefused refusal) {
                deaf.put(shared, refusal);
            }
        }
        deaf.forEach(
                (shared, refusal) ->
                        List.copyOf(shared.listeners)
                                .forEach(router -> router.deafened(refusal, now)));
        return more;
    }

    private static boolean drain(Channels.Shared shared, int quota, Ticks now)
            throws KernelRefused {
        for (int i = 0; i < quota; i++) {
            Optional<Datagram> datagram = shared.channel.receive();
            if (datagram.isEmpty()) {
                return false;
            }
            dispatch(shared, datagram.get(), now);
        }
        return true;
    }

    private static void dispatch(Channels.Shared shared, Datagram datagram, Ticks now) {
        int routerId = WireFormat.routerIdOf(datagram.payload());
        boolean heard = false;
        for (Router router : shared.listeners) {
            if (router.hears(routerId)) {
                router.receive(datagram, now);
                heard = true;
            }
        }
        if (!heard) {
            shared.forNobody++;
        }
    }

    private boolean isLate(Ticks now) {
        boolean late = false;
        for (Router router : routers.values()) {
            Duration by = router.late(now);
            late |= by.compareTo(router.config().advertise()) >= 0;
            if (by.compareTo(router.config().advertise().multipliedBy(2)) >= 0
                    && now.isAtOrAfter(complainFrom)) {
                complainFrom = now.plus(BETWEEN_COMPLAINTS);
                observer.on(new VrrpEvent.Overslept(by));
            }
        }
        return late;
    }

    // ---- commands ----

    void apply(List<VirtualRouter> wanted) {
        Ticks now = now();
        Map<Identity, Router> before = new LinkedHashMap<>(routers);
        Map<Identity, Router> next = new LinkedHashMap<>();
        Set<InetAddress> addresses = new HashSet<>();
        for (VirtualRouter config : wanted) {
            config.floating().forEach(prefix -> addresses.add(prefix.address()));
        }
        virtual = Set.copyOf(addresses);
        List<Router> added = new ArrayList<>();
        for (VirtualRouter config : wanted) {
            Router router = before.remove(Identity.of(config));
            if (router == null) {
                router = new Router(config, weigh(config), ports, channels, observer, now);
                added.add(router);
            }
            next.put(Identity.of(config), router);
        }
        before.values().forEach(gone -> gone.stop(now));
        routers = next;
        for (VirtualRouter config : wanted) {
            Router router = next.get(Identity.of(config));
            if (router != null && !router.config().equals(config)) {
                router.change(config, weigh(config), now);
            }
        }
        if (refreshAt.isEmpty()) {
            added.forEach(router -> router.connect(links, virtual, now));
        }
    }

    private Tracking weigh(VirtualRouter config) {
        return Tracking.of(config, serversUp);
    }

    void poolHealth(String pool, int up) {
        serversUp.put(pool, up);
        Ticks now = now();
        for (Router router : routers.values()) {
            router.track(weigh(router.config()), now);
        }
    }

    void stop() {
        Ticks now = now();
        routers.values().forEach(router -> router.stop(now));
        stopped = true;
    }

    /** Gives everything up because of a bug; what else goes wrong is added to it. */
    void abandon(Throwable bug) {
        stopped = true;
        Ticks now = now();
        routers.values().forEach(router -> router.abandon(bug, now));
    }

    List<RouterStatus> status() {
        Ticks now = now();
        Instant wallNow = Instant.now();
        return routers.values().stream().map(router -> router.status(now, wallNow)).toList();
    }

    private Ticks now() {
        return new Ticks(ports.waiter().now());
    }
}
