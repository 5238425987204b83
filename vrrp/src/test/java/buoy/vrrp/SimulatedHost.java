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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** One host of a {@link SimulatedLan}: a kernel of sorts, and a speaker's loop on top of it. */
final class SimulatedHost {
    private static final int SOCKET_BUFFER = 200;
    private static final int INDEX = 2;

    final SimulatedLan lan;
    final InetAddress address;
    final List<VrrpEvent> events = new ArrayList<>();

    /** What the kernel was asked for, oldest first, such as {@code claim 198.51.100.100}. */
    final List<String> calls = new ArrayList<>();

    /** Calls the kernel refuses at present: as in {@link #calls}, or by their first word. */
    final Set<String> refused = new HashSet<>();

    /** What a port throws instead of what it may throw, at the call of that first word. */
    final Map<String, RuntimeException> bugs = new LinkedHashMap<>();

    /** The routes and rules its kernel has by the doing of this program. */
    final Set<RoutingTable.Entry> routes = new LinkedHashSet<>();

    /** Routes that somebody else made, in the place of one of ours. */
    final Set<RoutingTable.Entry> foreignRoutes = new HashSet<>();

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

    /** What the loop announced at the end of its last turn. */
    private long deadline;

    /** An address with the time it is gone; {@code permanent} ones have none. */
    private record Held(int prefixLength, long until, boolean permanent) {}

    SimulatedHost(SimulatedLan lan, InetAddress address) {
        this.lan = lan;
        this.address = address;
        held.put(address, new Held(24, 0, true));
        loop = new Loop(ports(), events::add);
    }

    Ports ports() {
        return new Ports(
                this::open,
                new Addresses(),
                new SimulatedNeighbours(),
                new LinkTableOfKernel(),
                new Routes(),
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

    void stop() {
        commands.add(Loop::stop);
        commands.add(_ -> stopped = true);
    }

    void freeze(boolean whether) {
        frozen = whether;
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
        loop = new Loop(ports(), events::add);
        runs(routers);
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
        return !frozen && !killed;
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
                moreToRead
                        || !commands.isEmpty()
                        || !linkEvents.isEmpty()
                        || !claims.isEmpty()
                        || channels.stream().anyMatch(channel -> !channel.inbox.isEmpty());
        return now ? lan.elapsed() : Math.max(lan.elapsed(), deadline);
    }

    void turn() {
        moreToRead = loop.turn(commands);
        deadline = lan.elapsed() + (loop.deadline().nanos() - lan.clock());
    }

    void arrive(Datagram datagram) {
        if (link.filter(Link::up).isEmpty()) {
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
        held.entrySet()
                .removeIf(
                        entry -> {
                            Held one = entry.getValue();
                            boolean gone = !one.permanent() && one.until() <= lan.elapsed();
                            if (gone) {
                                linkEvents.add(
                                        new LinkEvent.AddressRemoved(
                                                INDEX, entry.getKey(), one.prefixLength()));
                            }
                            return gone;
                        });
    }

    // ---- its kernel ----

    private void call(String word, String subject) throws KernelRefused {
        calls.add(word + " " + subject);
        RuntimeException bug = bugs.get(word);
        if (bug != null) {
            throw bug;
        }
        if (refused.contains(word) || refused.contains(word + " " + subject)) {
            throw new KernelRefused(word + " " + subject + " failed: EPERM (ask the test)");
        }
    }

    private AdvertisementChannel open(Lan.Opening opening) throws KernelRefused {
        call("open", opening.interfaceName());
        Channel channel = new Channel(opening);
        channels.add(channel);
        return channel;
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
            if (link.filter(Link::up).isPresent()) {
                lan.transmit(SimulatedHost.this, message, opening.source(), destination);
            }
        }

        @Override
        public Optional<Datagram> receive() throws KernelRefused {
            if (refused.contains("receive")) {
                throw new KernelRefused("receive failed: ENETDOWN (ask the test)");
            }
            return Optional.ofNullable(inbox.poll());
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
            call("claim", claimed.getHostAddress());
            long until = lan.elapsed() + lifetime.toNanos();
            held.put(claimed, new Held(prefixLength, until, lifetime.isZero()));
            linkEvents.add(new LinkEvent.AddressAdded(index, claimed, prefixLength));
        }

        @Override
        public void release(int index, InetAddress released, int prefixLength)
                throws KernelRefused {
            call("release", released.getHostAddress());
            if (held.remove(released) != null) {
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
            call("announce", announced.getHostAddress());
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
            return lan.clock();
        }

        @Override
        public void await(long deadline) {
            throw new AssertionError("the simulation waits, not the loop");
        }

        @Override
        public void wakeUp() {}
    }
}
