package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Announce;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.config.model.VirtualRouter.Track;
import buoy.config.model.VirtualRouter.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Configurations for tests: the defaults of the reference, and one change at a time. */
record Routers(VirtualRouter router) {
    static final Prefix VIRTUAL = prefix("198.51.100.100/24");

    static Routers web() {
        return new Routers(
                new VirtualRouter(
                        "web",
                        "eth0",
                        51,
                        100,
                        Version.V3,
                        Duration.ofSeconds(1),
                        true,
                        Duration.ZERO,
                        List.of(VIRTUAL),
                        new Reach.Multicast(),
                        Checksum.COMPATIBLE,
                        Duration.ofSeconds(3),
                        new Announce(5, Duration.ofSeconds(1), Duration.ZERO),
                        List.of()));
    }

    Routers named(String name, int routerId) {
        return with(name, routerId, router.priority(), router.addresses());
    }

    Routers priority(int priority) {
        return with(router.name(), router.routerId(), priority, router.addresses());
    }

    Routers addresses(String... prefixes) {
        List<Prefix> addresses = Arrays.stream(prefixes).map(Routers::prefix).toList();
        return with(router.name(), router.routerId(), router.priority(), addresses);
    }

    private Routers with(String name, int routerId, int priority, List<Prefix> addresses) {
        return new Routers(
                new VirtualRouter(
                        name,
                        router.interfaceName(),
                        routerId,
                        priority,
                        router.version(),
                        router.advertise(),
                        router.preempt(),
                        router.preemptDelay(),
                        addresses,
                        router.reach(),
                        router.checksum(),
                        router.lifetime(),
                        router.announce(),
                        router.tracks()));
    }

    Routers version2() {
        return timing(Version.V2, router.advertise(), router.preempt(), router.preemptDelay());
    }

    Routers every(Duration interval) {
        return timing(router.version(), interval, router.preempt(), router.preemptDelay());
    }

    Routers preempting(boolean preempt) {
        return timing(router.version(), router.advertise(), preempt, router.preemptDelay());
    }

    Routers preemptDelay(Duration delay) {
        return timing(router.version(), router.advertise(), router.preempt(), delay);
    }

    private Routers timing(
            Version version, Duration interval, boolean preempt, Duration preemptDelay) {
        return new Routers(
                new VirtualRouter(
                        router.name(),
                        router.interfaceName(),
                        router.routerId(),
                        router.priority(),
                        version,
                        interval,
                        preempt,
                        preemptDelay,
                        router.addresses(),
                        router.reach(),
                        router.checksum(),
                        router.lifetime(),
                        router.announce(),
                        router.tracks()));
    }

    Routers unicastTo(String... peers) {
        List<InetAddress> addresses = Arrays.stream(peers).map(InetAddress::ofLiteral).toList();
        return reaching(
                new Reach.Unicast(addresses, Optional.empty(), 255, 255),
                router.lifetime(),
                router.announce(),
                router.tracks());
    }

    Routers lifetime(Duration lifetime) {
        return reaching(router.reach(), lifetime, router.announce(), router.tracks());
    }

    Routers announcing(int repeat, Duration every, Duration refresh) {
        Announce announce = new Announce(repeat, every, refresh);
        return reaching(router.reach(), router.lifetime(), announce, router.tracks());
    }

    Routers tracking(Track... tracks) {
        return reaching(router.reach(), router.lifetime(), router.announce(), List.of(tracks));
    }

    private Routers reaching(
            Reach reach, Duration lifetime, Announce announce, List<Track> tracks) {
        return new Routers(
                new VirtualRouter(
                        router.name(),
                        router.interfaceName(),
                        router.routerId(),
                        router.priority(),
                        router.version(),
                        router.advertise(),
                        router.preempt(),
                        router.preemptDelay(),
                        router.addresses(),
                        reach,
                        router.checksum(),
                        lifetime,
                        announce,
                        tracks));
    }

    static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new Prefix(
                InetAddress.ofLiteral(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }
}
