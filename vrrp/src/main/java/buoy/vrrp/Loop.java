package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.Links.LinkEvent;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Facts;
import buoy.vrrp.track.Subject;
import buoy.vrrp.track.Tracking;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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

    /** Every address is given up by then; what is not done is left to the next life. */
    private static final Duration LAST_ERRANDS = Duration.ofSeconds(1);

    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

    private final Ports ports;
    private final VrrpObserver observer;
    private final Channels channels;
    private final LinkTable links = new LinkTable();
    private final Troubles troubles;
    private Facts facts = Facts.NONE;
    private final AddressesOfOneTurn addresses;
    private final Roster roster;
    private final Agenda agenda = new Agenda();
    private final ClaimsOfOthers claims;

    /** Whether routers may hold other addresses than at the end of the last turn. */
    private boolean reconfigured;

    private final Resignations resignations = new Resignations();

    /** Those that something happened to in this turn: their deadlines may have moved. */
    private final Set<Group> touched = new LinkedHashSet<>();

    /** Every virtual address of every router: none of them is a source to speak from. */
    private Set<InetAddress> virtual = Set.of();

    /** When the links are to be read afresh; empty while the events tell the whole story. */
    private Optional<Ticks> refreshAt;

    /** Whether what an earlier life of this process left behind is gone. */
    private boolean isSwept;

    private Ticks complainFrom;
    private boolean stopped;

    /** Whether another process goes on: no command may touch anything any more. */
    private boolean left;

    /**
     * @param takesOver whether there is a process whose routers this one goes on with: then what is
     *     there is no earlier life's
     */
    Loop(Ports system, VrrpObserver observer, boolean takesOver) {
        this.isSwept = takesOver;
        this.addresses = new AddressesOfOneTurn(system.addresses());
        this.ports = system.withAddresses(addresses);
        this.observer = observer;
        this.channels = new Channels(ports.lan());
        this.roster = new Roster(new Wherewithal(ports, channels, observer, now()), this::weigh);
        this.troubles = new Troubles(() -> "all", observer);
        this.claims = new ClaimsOfOthers(ports.neighbours(), troubles);
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
        addresses.forget();
        Ticks heardUntil = now();
        boolean more = listen(heardUntil);
        for (Consumer<Loop> next = commands.poll(); next != null && !left; next = commands.poll()) {
            next.accept(this);
        }
        if (stopped) {
            return false;
        }
        watch(now());
        Ticks now = now();
        for (Neighbours.Claim claim : claims.heard()) {
            claimed(claim, now);
        }
        // Kept from running since it listened: what it heard is not what is.
        boolean stale = isLate(now) && !isLate(heardUntil);
        if (!stale) {
            act(agenda.due(now), now);
        }
        settle(now);
        touched.forEach(agenda::plan);
        if (claims.isNews(touched) || reconfigured) {
            claims.listenFor(roster.routers());
            reconfigured = false;
        }
        touched.clear();
        return more || stale;
    }

    private void claimed(Neighbours.Claim claim, Ticks now) {
        for (Router router : roster.routers()) {
            if (router.isOn(claim.interfaceIndex())) {
                router.claimedByAnother(claim, now);
            }
        }
    }

    /** All of them speak first: where a host has died, the last of many would wait for long. */
    private void act(List<Group> due, Ticks now) {
        due.forEach(group -> group.speak(now));
        for (Group group : due) {
            group.act(links, virtual, now);
            touched.add(group);
        }
    }

    /** When there is something to do with nothing arriving. */
    Ticks deadline() {
        Ticks earliest = now().plus(IDLE);
        Optional<Ticks> due = Ticks.earliest(refreshAt, agenda.first().map(Agenda.Entry::at));
        return due.isPresent() ? earliest.earliest(due.get()) : earliest;
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
                    roster.routers().forEach(router -> router.virtualMacChanged(link));
                }
                case LinkEvent.Gone(int index) -> {
                    Optional<String> name = links.nameOf(index);
                    links.remove(index);
                    name.ifPresent(gone -> reconnect(gone, now));
                    for (Router router : roster.routers()) {
                        if (router.lostVirtualMac(index)) {
                            connect(router.group(), now);
                        }
                    }
                }
                case LinkEvent.AddressAdded(int index, var address, _) -> {
                    // A virtual one, our own doing mostly, is no source to speak from.
                    if (!virtual.contains(address)) {
                        addressAdded(index, now);
                    }
                }
                case LinkEvent.AddressRemoved(int index, var address, _) ->
                        addressRemoved(index, address, now);
                case LinkEvent.Overrun _ -> refresh(now);
            }
        }
        if (!events.isEmpty()) {
            lookAtInterfaces(now);
        }
    }

    private void refresh(Ticks now) {
        isSwept =
                isSwept
                        || troubles.attempt(
                                "remove what an earlier life left behind",
                                () -> {
                                    ports.routing().clear();
                                    ports.virtualMacs().clear();
                                });
        if (!troubles.attempt("list links", () -> links.replace(ports.links().list()))) {
            refreshAt = Optional.of(now.plus(RETRY));
            return;
        }
        refreshAt = Optional.empty();
        lookAtInterfaces(now);
        for (Router router : roster.routers()) {
            connect(router.group(), now);
            for (Prefix prefix : router.config().floating()) {
                router.addressRemoved(prefix.address(), now);
            }
        }
    }

    private void connect(Group group, Ticks now) {
        group.connect(links, virtual, now);
        touched.add(group);
    }

    /** Links are watched here anyway, so what is known of a tracked interface is, too. */
    private void lookAtInterfaces(Ticks now) {
        know(withInterfaces(roster.routers().stream().map(Router::config).toList()), now);
    }

    private Facts withInterfaces(List<VirtualRouter> configs) {
        Facts more = facts;
        if (refreshAt.isPresent()) {
            return more; // nothing is known of any link yet
        }
        for (VirtualRouter config : configs) {
            for (VirtualRouter.Track track : config.tracks()) {
                if (Tracking.subject(track) instanceof Subject.Interface tracked) {
                    more = more.with(links.fact(tracked));
                }
            }
        }
        return more;
    }

    private void reconnect(String interfaceName, Ticks now) {
        for (Router router : roster.routers()) {
            if (router.isOn(interfaceName)) {
                connect(router.group(), now);
            }
        }
    }

    private void addressAdded(int index, Ticks now) {
        Optional<String> name = links.nameOf(index);
        for (Router router : roster.routers()) {
            if (name.isPresent() && router.isOn(name.get()) && router.lacksFooting()) {
                connect(router.group(), now);
            }
        }
    }

    private void addressRemoved(int index, InetAddress address, Ticks now) {
        for (Router router : roster.routers()) {
            if (router.isOn(index)) {
                router.addressRemoved(address, now);
                touched.add(router.group());
                if (router.speaksFrom(address)) {
                    connect(router.group(), now);
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
                        shared.listeners().forEach(voice -> deafened(voice, refusal, now)));
        return more;
    }

    private void deafened(Voice voice, KernelRefused refusal, Ticks now) {
        voice.deafened(refusal, now);
        touched.add(voice.router().group());
    }

    private boolean drain(Channels.Shared shared, int quota, Ticks now) throws KernelRefused {
        for (int i = 0; i < quota; i++) {
            Optional<Datagram> datagram = shared.channel.receive();
            if (datagram.isEmpty()) {
                return false;
            }
            dispatch(shared, datagram.get(), now);
        }
        return true;
    }

    private void dispatch(Channels.Shared shared, Datagram datagram, Ticks now) {
        Optional<Voice> voice = shared.listener(WireFormat.routerIdOf(datagram.payload()));
        if (voice.isEmpty()) {
            shared.forNobody++;
            return;
        }
        voice.get().receive(datagram, now);
        touched.add(voice.get().router().group());
    }

    /** Whether the thread looks at something an interval or more after that was due. */
    private boolean isLate(Ticks now) {
        Optional<Agenda.Entry> first = agenda.first();
        if (first.isEmpty()) {
            return false;
        }
        Duration by = now.since(first.get().at());
        Duration interval = first.get().group().rules().interval();
        if (by.compareTo(interval.multipliedBy(2)) >= 0 && now.isAtOrAfter(complainFrom)) {
            complainFrom = now.plus(BETWEEN_COMPLAINTS);
            observer.on(new VrrpEvent.Overslept(by));
        }
        return by.compareTo(interval) >= 0;
    }

    // ---- commands ----

    void apply(List<VirtualRouter> wanted) {
        Ticks now = now();
        virtual = virtual(wanted);
        facts = withInterfaces(wanted);
        resignations.retain(wanted.stream().map(VirtualRouter::name).collect(Collectors.toSet()));
        List<Group> added = roster.change(wanted, now);
        if (refreshAt.isEmpty()) {
            added.forEach(group -> group.connect(links, virtual, now));
        }
        changed();
    }

    private static Set<InetAddress> virtual(List<VirtualRouter> wanted) {
        return wanted.stream()
                .flatMap(config -> config.floating().stream())
                .map(Prefix::address)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Others may be due. */
    private void changed() {
        agenda.clear();
        reconfigured = true;
        touched.clear();
        touched.addAll(roster.groups());
    }

    /** As {@link #apply}, for routers that another process has spoken for until now. */
    void takeOver(List<VirtualRouter> wanted, HandedOver before) {
        Ticks now = now();
        virtual = virtual(wanted);
        if (refreshAt.isPresent()) {
            refresh(now);
        }
        for (VirtualRouter config : wanted) {
            for (VirtualRouter.Track track : config.tracks()) {
                Subject subject = Tracking.subject(track);
                if (!facts.know(subject)) {
                    before.facts().stream()
                            .flatMap(word -> word.on(subject).stream())
                            .forEach(fact -> facts = facts.with(fact));
                }
            }
        }
        facts = withInterfaces(wanted);
        resignations.include(before.resigned());
        resignations.retain(wanted.stream().map(VirtualRouter::name).collect(Collectors.toSet()));
        for (Group group : roster.change(wanted, now)) {
            Optional<HandedOver.Team> team = before.team(group.configs());
            if (team.isEmpty()) {
                group.connect(links, virtual, now);
            } else {
                group.takeOver(team.get(), links, virtual, now);
                awaitOutcome(group);
            }
        }
        changed();
    }

    /** A resignation under way may be declined yet. */
    private void awaitOutcome(Group group) {
        if (group.state() instanceof State.Offering) {
            Set<String> offered =
                    group.members().stream()
                            .map(Router::name)
                            .filter(resignations::includes)
                            .collect(Collectors.toSet());
            if (!offered.isEmpty()) {
                resignations.add(offered, _ -> {});
            }
        }
    }

    /**
     * What another process needs to go on with these. Those that it does not want are given up.
     *
     * @param wanted as {@link HandedOver#keys}
     */
    HandedOver handOver(Set<String> wanted) {
        Ticks now = now();
        List<HandedOver.Team> teams = new ArrayList<>();
        for (Group group : roster.groups()) {
            HandedOver.Team team = group.handOver();
            if (wanted.contains(team.key())) {
                teams.add(team);
            } else {
                group.stop(now);
                touched.add(group);
            }
        }
        return new HandedOver(teams, resignations.names(), facts.inWords());
    }

    /** Nobody goes on with them: it is this one. */
    void takeBack() {
        Ticks now = now();
        for (Group group : roster.groups()) {
            connect(group, now);
        }
    }

    /** Another process goes on with them: all stays as it is. */
    void leave() {
        left = true;
        roster.routers().forEach(Router::leaveToAnother);
        ports.virtualMacs().finish(LAST_ERRANDS);
        stopped = true;
    }

    private Tracking weigh(List<VirtualRouter> configs) {
        Tracking tracking = Tracking.of(Group.tracked(configs), facts);
        return configs.stream().map(VirtualRouter::name).anyMatch(resignations::includes)
                ? tracking.resigned()
                : tracking;
    }

    void learn(Fact fact) {
        know(facts.with(fact), now());
    }

    private void know(Facts more, Ticks now) {
        if (more == facts) {
            return;
        }
        facts = more;
        weighAll(now);
    }

    private void weighAll(Ticks now) {
        for (Group group : roster.groups()) {
            group.track(weigh(group.configs()), now);
            touched.add(group);
        }
    }

    void resign(Set<String> names, Consumer<Resignation> told) {
        resignations.add(names, told);
        weighAll(now());
    }

    /** Nobody waits for them: that was in a process before this one. */
    void resigned(Set<String> names) {
        resignations.include(names);
        weighAll(now());
    }

    Set<String> resigned() {
        return resignations.names();
    }

    void resume(Set<String> names) {
        if (resignations.remove(names)) {
            weighAll(now());
        }
    }

    private void settle(Ticks now) {
        if (!resignations.settle(roster.groups()).isEmpty()) {
            weighAll(now);
        }
    }

    void stop() {
        Ticks now = now();
        roster.groups().forEach(group -> group.stop(now));
        ports.virtualMacs().finish(LAST_ERRANDS);
        stopped = true;
        settle(now);
    }

    /** Gives everything up because of a bug; what else goes wrong is added to it. */
    void abandon(Throwable bug) {
        stopped = true;
        Ticks now = now();
        roster.groups().forEach(group -> group.abandon(bug, now));
        settle(now);
    }

    List<RouterStatus> status() {
        Ticks now = now();
        Instant wallNow = Instant.now();
        return roster.routers().stream().map(r -> Snapshot.of(r, facts, now, wallNow)).toList();
    }

    private Ticks now() {
        return new Ticks(ports.waiter().now());
    }
}
