package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.Links.Link;
import buoy.vrrp.Links.LinkEvent;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** One host of a {@link SimulatedLan}: a kernel of sorts, and a speaker's loop on top of it. */
final class SimulatedHost {
    private static final int SOCKET_BUFFER = 200;
    private static final int INDEX = 2;

    /** Every clock starts shortly before it wraps. */
    private static final long EPOCH = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    private static final long MILLION = 1_000_000;

    final SimulatedLan lan;
    final int index;
    final InetAddress address;

    /** Hosts of one segment hear each other. */
    int segment;

    /** How many advertisements it has sent, whichever process. */
    long sent;

    final List<VrrpEvent> events = new ArrayList<>();

    /** What the kernel was asked for, oldest first, such as {@code claim 198.51.100.100}. */
    final List<String> calls = new ArrayList<>();

    /** Calls the kernel refuses at present: as in {@link #calls}, or by their first word. */
    final Set<String> refused = new HashSet<>();

    /** Calls the kernel says it has done, and has not, by their first word. */
    final Set<String> ignored = new HashSet<>();

    /** What a port throws instead of what it may throw, at the call of that first word. */
    final Map<String, RuntimeException> bugs = new LinkedHashMap<>();

    /** The routes and rules its kernel has by the doing of this program. */
    final Set<RoutingTable.Entry> routes = new LinkedHashSet<>();

    /** Routes that somebody else made, in the place of one of ours. */
    final Set<RoutingTable.Entry> foreignRoutes = new HashSet<>();

    /** Its links with virtual MAC addresses, and which of them are up. */
    final Map<Integer, Link> virtualLinks = new LinkedHashMap<>();

    final Set<Integer> raised = new HashSet<>();
    private int nextIndex = 100;

    /** On which link each address was claimed last. */
    final Map<InetAddress, Integer> claimedOn = new HashMap<>();

    private final Map<InetAddress, Held> held = new LinkedHashMap<>();
    private final Deque<LinkEvent> linkEvents = new ArrayDeque<>();
    private final List<Neighbours.Claim> claims = new ArrayList<>();
    private Set<InetAddress> listenedFor = Set.of();
    private final List<Channel> channels = new ArrayList<>();
    private final Queue<Consumer<Loop>> commands = new ArrayDeque<>();
    private Optional<Link> link = Optional.of(new Link(INDEX, "eth0", true));
    private Loop loop;
    private boolean frozen;
    private boolean killed;
    private boolean stopped;
    private boolean moreToRead;

    /** What the loop announced at the end of its last turn, by the host's clock. */
    private long deadline;

    /** How much faster than time its clock goes, in millionths. */
    private long drift;

    /** The whole machine stands still, its clock too, and hears nothing. */
    private boolean paused;

    /** Two points of the same instant, in time and by the host's clock. */
    private long knownElapsed;

    private long knownLocal;

    /** No address runs out before, by the host's clock. */
    private long nextExpiry = Long.MAX_VALUE;

    /** An address with the time it is gone; {@code permanent} ones have none. */
    private record Held(int prefixLength, long until, boolean permanent) {}

    SimulatedHost(SimulatedLan lan, int index, InetAddress address) {
        this.lan = lan;
        this.index = index;
        this.address = address;
        held.put(address, new Held(24, 0, true));
        loop = new Loop(ports(), this::tell, false);
    }

    private void tell(VrrpEvent event) {
        if (lan.recording) {
            events.add(event);
        }
        lan.witness.tells(this, event);
    }

    Ports ports() {
        return new Ports(
                new Sockets(),
                new Addresses(),
                new SimulatedNeighbours(),
                new LinkTableOfKernel(),
                new Routes(),
                new VirtualLinks(),
                new Clock(),
                () -> {});
    }

    // ---- what a test does to it ----

    SimulatedHost runs(Routers... routers) {
        List<VirtualRouter> configs = List.of(routers).stream().map(Routers::router).toList();
        commands.add(loop -> loop.apply(configs));
        return this;
    }

    void poolHealth(String pool, int up) {
        learns(new Fact.ServersUp(new Subject.Pool(pool), up));
    }

    void learns(Fact fact) {
        commands.add(loop -> loop.learn(fact));
    }

    void resign(String router, Consumer<Resignation> told) {
        commands.add(loop -> loop.resign(Set.of(router), told));
    }

    void resume(String router) {
        commands.add(loop -> loop.resume(Set.of(router)));
    }

    void stop() {
        commands.add(Loop::stop);
        commands.add(_ -> stopped = true);
    }

    void freeze(boolean whether) {
        frozen = whether;
    }

    void pause(boolean whether) {
        clockIs(whether, drift);
    }

    void clockDrifts(long millionths) {
        clockIs(paused, millionths);
    }

    private void clockIs(boolean standing, long millionths) {
        knownLocal = local();
        knownElapsed = lan.elapsed();
        paused = standing;
        drift = millionths;
    }

    /** The process is gone without a word; its sockets too, its addresses not. */
    void kill() {
        killed = true;
        channels.clear();
    }

    /** Another process of the same configuration starts. */
    void restart(Routers... routers) {
        killed = false;
        frozen = false;
        stopped = false;
        deadline = 0;
        channels.clear();
        commands.clear();
        linkEvents.clear();
        claims.clear();
        listenedFor = Set.of();
        loop = new Loop(ports(), this::tell, false);
        runs(routers);
    }

    /** Another process of this host goes on in the place of the one that runs. */
    void upgrade(Routers... routers) {
        List<VirtualRouter> configs = List.of(routers).stream().map(Routers::router).toList();
        Loop old = loop;
        HandedOver all = old.handOver(HandedOver.keys(configs));
        claims.clear();
        listenedFor = Set.of();
        loop = new Loop(ports(), this::tell, true);
        loop.takeOver(configs, all);
        old.leave();
        deadline = local();
    }

    /** The other process failed before it spoke. */
    void upgradeFails(Routers... routers) {
        List<VirtualRouter> configs = List.of(routers).stream().map(Routers::router).toList();
        var _ = loop.handOver(HandedOver.keys(configs));
        commands.add(Loop::takeBack);
    }

    void linkUp(boolean up) {
        link = Optional.of(new Link(INDEX, "eth0", up));
        linkEvents.add(new LinkEvent.Changed(link.get()));
    }

    /** A link no router speaks on. */
    void otherLink(String name, boolean up) {
        linkEvents.add(new LinkEvent.Changed(new Link(INDEX + 1, name, up)));
    }

    void linkGone() {
        link = Optional.empty();
        channels.clear();
        held.clear();
        linkEvents.add(new LinkEvent.Gone(INDEX));
    }

    void linkAppears(int index) {
        link = Optional.of(new Link(index, "eth0", true));
        held.put(address, new Held(24, 0, true));
        linkEvents.add(new LinkEvent.Changed(link.get()));
    }

    void removeAddress(InetAddress removed) {
        held.remove(removed);
        linkEvents.add(new LinkEvent.AddressRemoved(INDEX, removed, 24));
    }

    /** Somebody removes a link with a virtual MAC; its addresses go with it. */
    void removeVirtualLink(int index) {
        virtualLinks.remove(index);
        raised.remove(index);
        claimedOn.forEach(
                (one, on) -> {
                    if (on == index && held.remove(one) != null) {
                        linkEvents.add(new LinkEvent.AddressRemoved(index, one, 24));
                    }
                });
        linkEvents.add(new LinkEvent.Gone(index));
    }

    private Link virtualLink(int index) {
        return Objects.requireNonNull(virtualLinks.get(index));
    }

    void removeAddressFrom(int index, InetAddress removed) {
        held.remove(removed);
        linkEvents.add(new LinkEvent.AddressRemoved(index, removed, 24));
    }

    void setVirtualLinkDown(int index) {
        raised.remove(index);
        linkEvents.add(new LinkEvent.Changed(new Link(index, virtualLink(index).name(), false)));
    }

    void addAddress(InetAddress added) {
        held.put(added, new Held(24, 0, true));
        linkEvents.add(new LinkEvent.AddressAdded(INDEX, added, 24));
    }

    void overrun() {
        linkEvents.clear();
        linkEvents.add(new LinkEvent.Overrun());
    }

    // ---- what a test asks it ----

    boolean isRunning() {
        return !frozen && !killed && !paused;
    }

    /** There is a process, and it has not been told to end. */
    boolean isAlive() {
        return !killed && !stopped;
    }

    /** Running, with a link that is up and a kernel that refuses nothing. */
    boolean isSound() {
        return isRunning() && !stopped && link.filter(Link::up).isPresent() && refused.isEmpty();
    }

    boolean hasUnread() {
        return channels.stream().anyMatch(channel -> !channel.inbox.isEmpty());
    }

    /** Nanoseconds since the story began, by its own clock. */
    long local() {
        long passed = paused ? 0 : lan.elapsed() - knownElapsed;
        return knownLocal + passed + passed * drift / MILLION;
    }

    /** When its clock will show that, in time. */
    private long elapsedAt(long local) {
        long missing = local - knownLocal;
        long since = drift == 0 ? missing : missing * MILLION / (MILLION + drift);
        while (since + since * drift / MILLION < missing) {
            since++;
        }
        return knownElapsed + since;
    }

    boolean holds(InetAddress virtual) {
        return held.containsKey(virtual);
    }

    RouterStatus status(String router) {
        return loop.status().stream()
                .filter(status -> status.name().equals(router))
                .findFirst()
                .orElseThrow();
    }

    RouterState state(String router) {
        return status(router).state();
    }

    List<String> calls(String word) {
        return calls.stream().filter(call -> call.startsWith(word + " ")).toList();
    }

    <E extends VrrpEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    Loop loop() {
        return loop;
    }

    // ---- what the LAN does with it ----

    long wakesAt() {
        if (!isRunning() || stopped) {
            return Long.MAX_VALUE;
        }
        boolean now =
                moreToRead || !commands.isEmpty() || !linkEvents.isEmpty() || !claims.isEmpty();
        for (int i = 0; i < channels.size() && !now; i++) {
            now = !channels.get(i).inbox.isEmpty();
        }
        return now ? lan.elapsed() : Math.max(lan.elapsed(), elapsedAt(deadline));
    }

    void turn() {
        moreToRead = loop.turn(commands);
        deadline = loop.deadline().nanos() - EPOCH;
    }

    void arrive(Datagram datagram) {
        if (paused || link.filter(Link::up).isEmpty()) {
            return;
        }
        for (Channel channel : channels) {
            boolean wanted =
                    datagram.destination().isMulticastAddress()
                            ? channel.opening
                                    .group()
                                    .filter(datagram.destination()::equals)
                                    .isPresent()
                            : held.containsKey(datagram.destination());
            if (wanted && channel.inbox.size() < SOCKET_BUFFER) {
                channel.inbox.add(datagram);
            }
        }
    }

    /** Another host says that it has the address. */
    void arrive(InetAddress announced, InetAddress host) {
        if (link.isPresent() && link.get().up() && listenedFor.contains(announced)) {
            claims.add(
                    new Neighbours.Claim(
                            link.get().index(), announced, "MAC of " + host.getHostAddress()));
        }
    }

    void expireAddresses() {
        long now = local();
        if (now < nextExpiry) {
            return;
        }
        nextExpiry = Long.MAX_VALUE;
        held.entrySet()
                .removeIf(
                        entry -> {
                            Held one = entry.getValue();
                            boolean gone = !one.permanent() && one.until() <= now;
                            if (gone) {
                                linkEvents.add(
                                        new LinkEvent.AddressRemoved(
                                                INDEX, entry.getKey(), one.prefixLength()));
                            } else if (!one.permanent()) {
                                nextExpiry = Math.min(nextExpiry, one.until());
                            }
                            return gone;
                        });
    }

    // ---- its kernel ----

    private void call(String word, InetAddress subject) throws KernelRefused {
        call(word, lan.recording ? subject.getHostAddress() : "an address");
    }

    private void call(String word, String subject) throws KernelRefused {
        if (lan.recording) {
            calls.add(word + " " + subject);
        }
        RuntimeException bug = bugs.get(word);
        if (bug != null) {
            throw bug;
        }
        if (refused.contains(word) || refused.contains(word + " " + subject)) {
            throw new KernelRefused(word + " " + subject + " failed: EPERM (ask the test)");
        }
    }

    private final class Sockets implements Lan {
        @Override
        public AdvertisementChannel open(Opening opening) throws KernelRefused {
            call("open", opening.interfaceName());
            Channel channel = new Channel(opening);
            channels.add(channel);
            return channel;
        }

        @Override
        public AdvertisementSender speakThrough(Link through, InetAddress source, int ttl)
                throws KernelRefused {
            call("speak-through", through.name());
            return new AdvertisementSender() {
                @Override
                public void send(byte[] message, InetAddress destination) throws KernelRefused {
                    call("send-through", through.name());
                    if (raised.contains(through.index())) {
                        lan.transmit(SimulatedHost.this, message, source, destination);
                    }
                }

                @Override
                public void close() {
                    calls.add("close " + through.name());
                }
            };
        }
    }

    private final class Channel implements AdvertisementChannel {
        private final Lan.Opening opening;
        private final Deque<Datagram> inbox = new ArrayDeque<>();

        private Channel(Lan.Opening opening) {
            this.opening = opening;
        }

        @Override
        public void send(byte[] message, InetAddress destination) throws KernelRefused {
            call("send", Integer.toString(message[2] & 0xff));
            lan.witness.sends(SimulatedHost.this, message);
            if (link.filter(Link::up).isPresent()) {
                lan.transmit(SimulatedHost.this, message, opening.source(), destination);
            }
        }

        @Override
        public Optional<Datagram> receive() throws KernelRefused {
            if (refused.contains("receive")) {
                throw new KernelRefused("receive failed: ENETDOWN (ask the test)");
            }
            Optional<Datagram> next = Optional.ofNullable(inbox.poll());
            if (ignored.contains("receive")) {
                return Optional.empty();
            }
            next.ifPresent(datagram -> lan.witness.reads(SimulatedHost.this, datagram));
            return next;
        }

        @Override
        public void close() {
            channels.remove(this);
        }
    }

    private final class Addresses implements AddressTable {
        @Override
        public void claim(int index, InetAddress claimed, int prefixLength, Duration lifetime)
                throws KernelRefused {
            call("claim", claimed);
            if (ignored.contains("claim")) {
                return;
            }
            long until = local() + lifetime.toNanos();
            held.put(claimed, new Held(prefixLength, until, lifetime.isZero()));
            nextExpiry = lifetime.isZero() ? nextExpiry : Math.min(nextExpiry, until);
            claimedOn.put(claimed, index);
            linkEvents.add(new LinkEvent.AddressAdded(index, claimed, prefixLength));
        }

        @Override
        public void release(int index, InetAddress released, int prefixLength)
                throws KernelRefused {
            call("release", released);
            if (!ignored.contains("release") && held.remove(released) != null) {
                linkEvents.add(new LinkEvent.AddressRemoved(index, released, prefixLength));
            }
        }

        @Override
        public List<AddressTable.Entry> list(int index) {
            List<AddressTable.Entry> entries = new ArrayList<>();
            held.forEach(
                    (one, how) ->
                            entries.add(
                                    new AddressTable.Entry(
                                            one, how.prefixLength(), how.permanent())));
            return entries;
        }
    }

    private final class Routes implements RoutingTable {
        @Override
        public boolean add(RoutingTable.Entry entry) throws KernelRefused {
            if (routes.contains(entry) || foreignRoutes.contains(entry)) {
                return false;
            }
            call("add", entry.toString());
            return routes.add(entry);
        }

        @Override
        public void remove(RoutingTable.Entry entry) throws KernelRefused {
            call("remove", entry.toString());
            routes.remove(entry);
        }

        @Override
        public void clear() throws KernelRefused {
            if (refused.contains("clear")) {
                throw new KernelRefused("clear failed: EPERM (ask the test)");
            }
            routes.clear();
        }
    }

    private final class SimulatedNeighbours implements Neighbours {
        @Override
        public void announce(int index, InetAddress announced) throws KernelRefused {
            call("announce", announced);
            if (link.filter(Link::up).isPresent()) {
                lan.announce(SimulatedHost.this, announced);
            }
        }

        @Override
        public void listenFor(int index, Set<InetAddress> addresses) {
            listenedFor = addresses;
        }

        @Override
        public List<Claim> heard() {
            List<Claim> all = List.copyOf(claims);
            claims.clear();
            return all;
        }
    }

    private final class VirtualLinks implements VirtualMacs {
        @Override
        public Made make(Link on, int routerId, boolean ipv6) throws KernelRefused {
            String name = "buoy%s.%d.%s".formatted(ipv6 ? "6" : "", routerId, on.name());
            call("make", name);
            Link made = new Link(nextIndex++, name, false);
            virtualLinks.put(made.index(), made);
            linkEvents.add(new LinkEvent.Changed(made));
            return new Made(made, "00:00:5e:00:0%d:%02x".formatted(ipv6 ? 2 : 1, routerId));
        }

        @Override
        public Optional<Made> takeOver(Link on, int routerId, boolean ipv6) {
            String name = "buoy%s.%d.%s".formatted(ipv6 ? "6" : "", routerId, on.name());
            return virtualLinks.values().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .map(
                            one ->
                                    new Made(
                                            new Link(
                                                    one.index(),
                                                    name,
                                                    raised.contains(one.index())),
                                            "00:00:5e:00:0%d:%02x"
                                                    .formatted(ipv6 ? 2 : 1, routerId)));
        }

        @Override
        public void raise(int index) throws KernelRefused {
            Link one = virtualLink(index);
            call("raise", one.name());
            if (raised.add(index)) {
                linkEvents.add(new LinkEvent.Changed(new Link(index, one.name(), true)));
            }
        }

        @Override
        public void lower(int index) {
            calls.add("lower " + virtualLink(index).name());
            raised.remove(index);
        }

        @Override
        public void remove(int index) {
            Link one = virtualLinks.remove(index);
            raised.remove(index);
            if (one != null) {
                calls.add("unmake " + one.name());
                linkEvents.add(new LinkEvent.Gone(index));
            }
        }

        @Override
        public void finish(Duration atMost) {}

        @Override
        public void clear() {
            virtualLinks.clear();
            raised.clear();
        }
    }

    private final class LinkTableOfKernel implements Links {
        @Override
        public List<Link> list() throws KernelRefused {
            call("list", "links");
            return link.stream().toList();
        }

        @Override
        public List<LinkEvent> events() {
            List<LinkEvent> all = List.copyOf(linkEvents);
            linkEvents.clear();
            return all;
        }
    }

    private final class Clock implements Waiter {
        @Override
        public long now() {
            return EPOCH + local();
        }

        @Override
        public void await(long deadline) {
            throw new AssertionError("the simulation waits, not the loop");
        }

        @Override
        public void wakeUp() {}
    }
}
