package buoy.vrrp;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Notify;
import buoy.config.model.Password;
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
import java.util.function.Consumer;

/** Configurations for tests: the defaults of the reference, and one change at a time. */
record Routers(VirtualRouter router) {
    static final Prefix VIRTUAL = prefix("198.51.100.100/24");

    static Routers web() {
        return new Routers(new Parts().router());
    }

    Routers named(String name, int routerId) {
        return with(
                parts -> {
                    parts.name = name;
                    parts.routerId = routerId;
                });
    }

    Routers on(String interfaceName) {
        return with(parts -> parts.interfaceName = interfaceName);
    }

    Routers priority(int priority) {
        return with(parts -> parts.priority = priority);
    }

    Routers version2() {
        return with(parts -> parts.version = Version.V2);
    }

    Routers every(Duration interval) {
        return with(parts -> parts.advertise = interval);
    }

    Routers preempting(boolean preempt) {
        return with(parts -> parts.preempt = preempt);
    }

    Routers preemptDelay(Duration delay) {
        return with(parts -> parts.preemptDelay = delay);
    }

    Routers startDelay(Duration delay) {
        return with(parts -> parts.startDelay = delay);
    }

    Routers addresses(String... prefixes) {
        return with(parts -> parts.addresses = prefixes(prefixes));
    }

    Routers extraAddresses(String... prefixes) {
        return with(parts -> parts.extraAddresses = prefixes(prefixes));
    }

    Routers routes(FloatingRoute... routes) {
        return with(parts -> parts.routes = List.of(routes));
    }

    Routers rules(FloatingRule... rules) {
        return with(parts -> parts.rules = List.of(rules));
    }

    Routers unicastTo(String... peers) {
        List<InetAddress> addresses = Arrays.stream(peers).map(InetAddress::ofLiteral).toList();
        return with(
                parts -> parts.reach = new Reach.Unicast(addresses, Optional.empty(), 255, 255));
    }

    Routers virtualMac() {
        return with(parts -> parts.virtualMac = true);
    }

    Routers accept(boolean accept) {
        return with(parts -> parts.accept = accept);
    }

    Routers lifetime(Duration lifetime) {
        return with(parts -> parts.lifetime = lifetime);
    }

    Routers password(String password) {
        return with(parts -> parts.password = Optional.of(new Password(password)));
    }

    Routers group(String group) {
        return with(parts -> parts.group = Optional.of(group));
    }

    Routers announcing(int repeat, Duration every, Duration refresh) {
        return with(parts -> parts.announce = new Announce(repeat, every, refresh));
    }

    Routers tracking(Track... tracks) {
        return with(parts -> parts.tracks = List.of(tracks));
    }

    Routers notify(Notify notify) {
        return with(parts -> parts.notify = notify);
    }

    static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new Prefix(
                InetAddress.ofLiteral(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    private static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Routers::prefix).toList();
    }

    private Routers with(Consumer<Parts> change) {
        Parts parts = new Parts(router);
        change.accept(parts);
        return new Routers(parts.router());
    }

    private static final class Parts {
        private String name = "web";
        private String interfaceName = "eth0";
        private int routerId = 51;
        private int priority = 100;
        private Version version = Version.V3;
        private Duration advertise = Duration.ofSeconds(1);
        private boolean preempt = true;
        private Duration preemptDelay = Duration.ZERO;
        private Duration startDelay = Duration.ZERO;
        private List<Prefix> addresses = List.of(VIRTUAL);
        private List<Prefix> extraAddresses = List.of();
        private List<FloatingRoute> routes = List.of();
        private List<FloatingRule> rules = List.of();
        private Reach reach = new Reach.Multicast();
        private boolean virtualMac = false;
        private boolean accept = true;
        private Checksum checksum = Checksum.COMPATIBLE;
        private Duration lifetime = Duration.ofSeconds(3);
        private Optional<Password> password = Optional.empty();
        private Optional<String> group = Optional.empty();
        private Announce announce = new Announce(5, Duration.ofSeconds(1), Duration.ZERO);
        private List<Track> tracks = List.of();
        private Notify notify = Notify.NOBODY;

        Parts() {}

        Parts(VirtualRouter of) {
            name = of.name();
            interfaceName = of.interfaceName();
            routerId = of.routerId();
            priority = of.priority();
            version = of.version();
            advertise = of.advertise();
            preempt = of.preempt();
            preemptDelay = of.preemptDelay();
            startDelay = of.startDelay();
            addresses = of.addresses();
            extraAddresses = of.extraAddresses();
            routes = of.routes();
            rules = of.rules();
            reach = of.reach();
            virtualMac = of.virtualMac();
            accept = of.accept();
            checksum = of.checksum();
            lifetime = of.lifetime();
            password = of.password();
            group = of.group();
            announce = of.announce();
            tracks = of.tracks();
            notify = of.notifications();
        }

        VirtualRouter router() {
            return new VirtualRouter(
                    name,
                    interfaceName,
                    routerId,
                    priority,
                    version,
                    advertise,
                    preempt,
                    preemptDelay,
                    startDelay,
                    addresses,
                    extraAddresses,
                    routes,
                    rules,
                    reach,
                    virtualMac,
                    accept,
                    checksum,
                    lifetime,
                    password,
                    group,
                    announce,
                    tracks,
                    notify);
        }
    }
}
