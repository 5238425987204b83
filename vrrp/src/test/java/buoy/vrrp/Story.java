package buoy.vrrp;

import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.Happening.What;
import buoy.vrrp.History.Member;
import buoy.vrrp.History.Moment;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Version;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Plays a {@link History} on a {@link SimulatedLan} and has it watched. */
final class Story {
    /** VRID of the first router; only a group has another. */
    static final int ROUTER_ID = Routers.web().router().routerId();

    /** The virtual addresses of the three shapes; the first is in all. */
    private static final String VIRTUAL = "198.51.100.100/24";

    private static final String VIRTUAL6 = "2001:db8:77::100/64";
    private static final String OTHER = "198.51.100.101/24";

    private static final InetAddress STRANGER = InetAddress.ofLiteral("198.51.100.200");
    private static final InetAddress GROUP = WireFormat.group(false);
    private static final String POOL = "app";

    private final History history;
    private final SimulatedLan lan;
    private final LanWatch watch;
    private final List<List<Routers>> configured = new ArrayList<>();
    private final Liar liar;

    /** Whose kernel has ever refused something: such a host does not try again for long. */
    private final Set<SimulatedHost> refusing = new HashSet<>();

    private Story(History history, Telling telling, Liar liar) {
        this.history = history;
        this.liar = liar;
        lan = new SimulatedLan(history.seed());
        lan.recording = false;
        lan.longestDelay = history.weather().longestDelay();
        lan.doubling = history.weather().doubling();
        for (Member member : history.members()) {
            int number = lan.hosts.size() + 1;
            SimulatedHost host = lan.host("198.51.100." + number);
            // The other way round, so that ties look different to the two families.
            host.addAddress(InetAddress.ofLiteral("fe80::" + (9 - number)));
            host.clockDrifts(member.drift());
            configured.add(config(member, member.priority(), member.interval()));
        }
        watch = new LanWatch(history, lan, telling);
        lan.witness = watch;
        liar.deceive(lan);
        lan.hosts.forEach(
                host -> {
                    host.runs(configured(host));
                    host.poolHealth(POOL, 1);
                });
    }

    private Routers[] configured(SimulatedHost host) {
        return configured.get(host.index).stream()
                .map(routers -> liar.config(host.index, routers))
                .toArray(Routers[]::new);
    }

    /** Somebody who makes hosts do what the history does not say: so that properties must fail. */
    interface Liar {
        Liar NOBODY = new Liar() {};

        default void deceive(SimulatedLan lan) {}

        /** What the host really runs. */
        default Routers config(int member, Routers config) {
            return config;
        }
    }

    /** The first property that did not hold; empty if all did. */
    static Optional<String> play(History history) {
        return play(history, new Telling.Nothing(), Liar.NOBODY);
    }

    static Optional<String> play(History history, Telling telling, Liar liar) {
        Story story = new Story(history, telling, liar);
        story.play();
        return story.watch.broken();
    }

    private void play() {
        for (Moment moment : history.moments()) {
            lan.run(moment.after());
            if (watch.broken().isPresent()) {
                return;
            }
            happen(moment.happening());
        }
        if (history.seed() % 2 == 0) {
            // Whoever can hear each other come to terms also while something is wrong elsewhere.
            lan.run(history.calming());
        }
        mend();
        lan.run(history.calming());
        watch.atTheEnd();
    }

    private List<Routers> config(Member member, int priority, Duration interval) {
        Routers web =
                Routers.web()
                        .priority(priority)
                        .preempting(member.preempts())
                        .preemptDelay(history.preemptDelay())
                        .lifetime(history.lifetime());
        web =
                history.version() == Version.V2
                        ? web.version2().every(interval)
                        : web.every(interval);
        Routers tracking =
                switch (member.tracks()) {
                    case NOTHING -> web;
                    case WEIGHT -> web.tracking(new Track.PoolWeight(POOL, 1, LanWatch.WEIGHT));
                    case FAULT -> web.tracking(new Track.PoolFault(POOL, 1));
                };
        return switch (history.shape()) {
            case SINGLE -> List.of(tracking);
            case BOTH_FAMILIES -> List.of(tracking.addresses(VIRTUAL, VIRTUAL6));
            case GROUP ->
                    List.of(
                            tracking.group("edge"),
                            web.named("other", 52).addresses(OTHER).group("edge"));
        };
    }

    /** All the virtual addresses that a host has or has not. */
    static List<InetAddress> virtual(History.Shape shape) {
        return switch (shape) {
            case SINGLE -> List.of(Routers.prefix(VIRTUAL).address());
            case BOTH_FAMILIES ->
                    List.of(Routers.prefix(VIRTUAL).address(), Routers.prefix(VIRTUAL6).address());
            case GROUP ->
                    List.of(Routers.prefix(VIRTUAL).address(), Routers.prefix(OTHER).address());
        };
    }

    private void happen(Happening happening) {
        watch.happens(happening);
        switch (happening) {
            case Happening.To(int member, var what) -> happen(lan.hosts.get(member), what);
            case Happening.Heal _ -> lan.heal();
            case Happening.Lose(double part) -> lan.loss = part;
            case Happening.Stranger(int priority) -> advertiseFromNowhere(priority);
        }
    }

    private void happen(SimulatedHost host, What what) {
        switch (what) {
            case What.Freeze _ -> host.freeze(true);
            case What.Thaw _ -> host.freeze(false);
            case What.Pause _ -> host.pause(true);
            case What.GoOn _ -> host.pause(false);
            case What.Kill _ -> host.kill();
            case What.Stop _ -> host.stop();
            case What.Start _ -> {
                host.restart(configured(host));
                host.poolHealth(POOL, 1);
            }
            case What.Cut(int segment) -> lan.separate(host, segment);
            case What.Unplug _ -> host.linkUp(false);
            case What.Plug _ -> host.linkUp(true);
            case What.Reload(int priority, var interval) -> {
                Member member = history.members().get(host.index);
                configured.set(host.index, config(member, priority, interval));
                host.runs(configured(host));
            }
            case What.Pool(boolean up) -> host.poolHealth(POOL, up ? 1 : 0);
            case What.Remove _ -> host.removeAddress(Routers.prefix(VIRTUAL).address());
            case What.Refuse(var call) -> {
                host.refused.add(call);
                refusing.add(host);
            }
            case What.Allow _ -> {
                host.refused.clear();
                host.linkUp(true);
            }
            case What.Garbage _ -> garbage(host);
        }
    }

    /** Nothing is wrong any more. */
    private void mend() {
        happen(new Happening.Lose(0));
        happen(new Happening.Heal());
        for (SimulatedHost host : lan.hosts) {
            happen(new Happening.To(host.index, new What.GoOn()));
            happen(new Happening.To(host.index, new What.Thaw()));
            happen(new Happening.To(host.index, new What.Allow()));
            if (refusing.contains(host) || !host.isSound()) {
                happen(new Happening.To(host.index, new What.Start()));
            }
        }
    }

    private void advertiseFromNowhere(int priority) {
        WireFormat format =
                new WireFormat(
                        history.version(),
                        ROUTER_ID,
                        WireFormat.TTL,
                        history.seed() % 2 == 0,
                        Optional.empty());
        Advert advert =
                new Advert(
                        ROUTER_ID,
                        new Priority(priority),
                        history.longestInterval(),
                        List.of(Routers.prefix(VIRTUAL).address()));
        byte[] message = format.encode(advert, STRANGER, GROUP);
        lan.hosts.forEach(
                host -> lan.deliver(host, new Datagram(message, STRANGER, GROUP, WireFormat.TTL)));
    }

    /** Never from a host that takes part, and never with the TTL that would make it count. */
    private void garbage(SimulatedHost host) {
        Random random = new Random(history.seed());
        for (int i = 0; i < 20; i++) {
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            if (payload.length > 2 && random.nextBoolean()) {
                payload[0] = (byte) (history.version().number() << 4 | 1);
                payload[1] = (byte) ROUTER_ID;
                payload[2] = (byte) (random.nextBoolean() ? 0 : 255);
            }
            int ttl = random.nextInt(WireFormat.TTL);
            lan.deliver(host, new Datagram(payload, STRANGER, GROUP, ttl));
        }
    }
}
