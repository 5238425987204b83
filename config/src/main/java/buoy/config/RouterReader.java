package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.Pool;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Announce;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.config.model.VirtualRouter.Track;
import buoy.config.model.VirtualRouter.Version;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code vrrp.NAME}. What hangs together within one router is judged here too. */
final class RouterReader {
    static final int OWNER = 255;
    private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(3);

    /** What one advertisement holds: a count of 8 bits, and 1500 bytes of Ethernet. */
    private static final int MAX_IPV4 = 255;

    private static final int MAX_IPV6 = 90;

    /** RFC 9568 5.2.3: a VRID is taken on one link for one family. */
    private record Vrid(String interfaceName, int id, boolean ipv4) {}

    private final TrackReader tracks;
    private final Claims<Vrid> vrids;
    private final Claims<InetAddress> addresses;

    /**
     * @param poolNames that may be tracked
     * @param pools those that were read well
     */
    RouterReader(Set<String> poolNames, Map<String, Pool> pools, Problems problems) {
        tracks = new TrackReader(poolNames, pools);
        vrids = new Claims<>(problems, "choose another router-id");
        addresses = new Claims<>(problems, "one address belongs to one router");
    }

    Optional<VirtualRouter> read(String name, Section s) {
        Optional<String> interfaceName = s.required("interface", RouterReader::interfaceName);
        Optional<Integer> routerId = s.required("router-id", Numbers.between(1, 255));
        int priority = s.get("priority", Numbers.between(1, OWNER), 100);
        Version version =
                s.get("version", Words.of("3", Version.V3).or("2", Version.V2), Version.V3);
        Duration advertise = s.get("advertise", advertise(version), Duration.ofSeconds(1));
        boolean preempt = s.get("preempt", Numbers::bool, true);
        Duration preemptDelay =
                s.get(
                        "preempt-delay",
                        Durations.between(Duration.ZERO, Duration.ofDays(1)),
                        Duration.ZERO);
        judgePreemption(s, priority, preempt, preemptDelay);
        List<Prefix> prefixes = addresses(s, version);
        Optional<Boolean> ipv4 =
                prefixes.stream().findFirst().map(p -> p.address() instanceof Inet4Address);
        ipv4.ifPresent(
                family ->
                        interfaceName.ifPresent(
                                link ->
                                        routerId.ifPresent(
                                                id -> claim(s, new Vrid(link, id, family)))));
        Reach reach = s.optionally("unicast", u -> unicast(u, ipv4)).orElse(new Reach.Multicast());
        Checksum checksum = checksum(s, version, ipv4);
        Duration lifetime = lifetime(s, advertise, version, priority);
        Announce announce = s.within("announce", RouterReader::announce);
        List<Track> track = tracks.read(s, priority);
        later(s);
        if (interfaceName.isEmpty() || routerId.isEmpty() || prefixes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new VirtualRouter(
                        name,
                        interfaceName.get(),
                        routerId.get(),
                        priority,
                        version,
                        advertise,
                        preempt,
                        preemptDelay,
                        prefixes,
                        reach,
                        checksum,
                        lifetime,
                        announce,
                        track));
    }

    private static void later(Section s) {
        s.onlyDefault("start-delay", "0s");
        s.onlyDefault("extra-addresses", "");
        s.onlyDefault("routes", "");
        s.onlyDefault("rules", "");
        s.onlyDefault("virtual-mac", "false");
        s.onlyDefault("accept", "true");
        s.onlyDefault("password", "null");
        s.notAvailable("password-file", "group", "notify");
    }

    private void claim(Section s, Vrid vrid) {
        vrids.claim(
                vrid,
                "VRID %d on %s for %s"
                        .formatted(vrid.id, vrid.interfaceName, vrid.ipv4 ? "IPv4" : "IPv6"),
                s.place("router-id"),
                s.path("router-id"));
    }

    private static void judgePreemption(
            Section s, int priority, boolean preempt, Duration preemptDelay) {
        if (!preempt && priority == OWNER) {
            s.warn("preempt", "has no effect: the owner of the addresses always takes over");
        }
        if (!preempt && !preemptDelay.isZero()) {
            s.warn("preempt-delay", "has no effect beside preempt: false");
        }
    }

    /** IFNAMSIZ is 16 with the end, and sysfs wants neither slash nor white space. */
    private static Parsed<String> interfaceName(String text) {
        return Pattern.matches("[!-~&&[^/:]]{1,15}", text)
                        && !text.equals(".")
                        && !text.equals("..")
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be the name of a network interface (1..15 characters), got "
                                + Text.quoted(text));
    }

    /** RFC 9568 5.2.7: 12 bits of centiseconds; RFC 3768 5.3.7: 8 bits of seconds. */
    private static Format<Duration> advertise(Version version) {
        return switch (version) {
            case V3 ->
                    text ->
                            Durations.between(Duration.ofMillis(10), Duration.ofMillis(40_950))
                                    .parse(text)
                                    .then(
                                            d ->
                                                    d.toMillis() % 10 == 0
                                                            ? Parsed.ok(d)
                                                            : Parsed.wrong(
                                                                    "must be in steps of 10ms, got "
                                                                            + Text.shown(text)));
            case V2 ->
                    text ->
                            Durations.between(Duration.ofSeconds(1), Duration.ofSeconds(255))
                                    .parse(text)
                                    .then(d -> wholeSeconds(d, text));
        };
    }

    private static Parsed<Duration> wholeSeconds(Duration duration, String text) {
        return duration.toMillis() % 1000 == 0
                ? Parsed.ok(duration)
                : Parsed.wrong("must be whole seconds, got " + Text.shown(text));
    }

    private List<Prefix> addresses(Section s, Version version) {
        List<Section.Item<Prefix>> items =
                s.requiredList("addresses", RouterReader::virtualAddress);
        for (Section.Item<Prefix> item : items) {
            InetAddress address = item.value().address();
            boolean ipv4 = address instanceof Inet4Address;
            addresses.claim(address, AddressText.of(address), item.place(), item.path());
            if (ipv4 != (items.getFirst().value().address() instanceof Inet4Address)) {
                s.problems()
                        .reject(
                                item.place(),
                                item.path(),
                                "IPv4 and IPv6 in one router are "
                                        + Problems.NOT_AVAILABLE
                                        + " (write a router for each)");
            } else if (!ipv4 && version == Version.V2) {
                s.problems()
                        .reject(
                                item.place(),
                                item.path(),
                                "version 2 is for IPv4 alone (use version: 3)");
            }
        }
        if (!items.isEmpty()) {
            boolean ipv4 = items.getFirst().value().address() instanceof Inet4Address;
            if (items.size() > (ipv4 ? MAX_IPV4 : MAX_IPV6)) {
                s.reject(
                        "addresses",
                        "has %d, and an advertisement holds %d (write another router)"
                                .formatted(items.size(), ipv4 ? MAX_IPV4 : MAX_IPV6));
            }
        }
        return items.stream().map(Section.Item::value).toList();
    }

    private static Parsed<Prefix> virtualAddress(String text) {
        return Addresses.prefix(text)
                .then(
                        prefix -> {
                            InetAddress a = prefix.address();
                            return a.isAnyLocalAddress()
                                            || a.isLoopbackAddress()
                                            || a.isMulticastAddress()
                                            || prefix.length() == 0
                                    ? Parsed.wrong(
                                            "must be the address of a host in its network, got "
                                                    + Text.quoted(text))
                                    : Parsed.ok(prefix);
                        });
    }

    /** {@code ipv4} is the family of the addresses, where it is known. */
    private static Optional<Reach> unicast(Section s, Optional<Boolean> ipv4) {
        Claims<InetAddress> once = new Claims<>(s.problems(), "name each peer once");
        List<Section.Item<InetAddress>> peers = s.requiredList("peers", Addresses::address);
        Optional<InetAddress> source = s.optional("source", Addresses::address);
        for (Section.Item<InetAddress> peer : peers) {
            String shown = AddressText.of(peer.value());
            once.claim(peer.value(), shown, peer.place(), peer.path());
            sameFamily(s, peer.value(), ipv4, peer.place(), peer.path());
            if (source.filter(peer.value()::equals).isPresent()) {
                s.problems()
                        .reject(
                                peer.place(),
                                peer.path(),
                                shown + " is our own source (name the" + " other hosts)");
            }
        }
        source.ifPresent(a -> sameFamily(s, a, ipv4, s.place("source"), s.path("source")));
        int ttl = s.get("ttl", Numbers.between(1, 255), 255);
        int minTtl = s.get("min-ttl", Numbers.between(0, 255), 255);
        return peers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Reach.Unicast(
                                peers.stream().map(Section.Item::value).toList(),
                                source,
                                ttl,
                                minTtl));
    }

    private static void sameFamily(
            Section s, InetAddress address, Optional<Boolean> ipv4, Place place, String path) {
        if (ipv4.filter(family -> family != address instanceof Inet4Address).isPresent()) {
            s.problems()
                    .reject(
                            place,
                            path,
                            "must be %s as the router's addresses are, got %s"
                                    .formatted(
                                            ipv4.get() ? "IPv4" : "IPv6", AddressText.of(address)));
        }
    }

    private static Checksum checksum(Section s, Version version, Optional<Boolean> ipv4) {
        Checksum checksum =
                s.get(
                        "checksum",
                        Words.of("compatible", Checksum.COMPATIBLE).or("rfc9568", Checksum.RFC9568),
                        Checksum.COMPATIBLE);
        if (checksum == Checksum.RFC9568 && (version == Version.V2 || !ipv4.orElse(true))) {
            s.warn("checksum", "has no effect: the choice exists for version 3 over IPv4 alone");
        }
        return checksum;
    }

    private static Duration lifetime(Section s, Duration advertise, Version version, int priority) {
        Duration lifetime =
                s.get(
                        "lifetime",
                        text ->
                                Durations.between(Duration.ZERO, Duration.ofDays(1))
                                        .parse(text)
                                        .then(d -> wholeSeconds(d, text)),
                        DEFAULT_LIFETIME);
        // A peer takes over after the active-down time. From then on until the lifetime ends, a
        // host
        // whose process hangs and the new active one both answer.
        Duration skewBase = version == Version.V2 ? Duration.ofSeconds(1) : advertise;
        Duration activeDown =
                advertise
                        .multipliedBy(3)
                        .plus(skewBase.multipliedBy(256 - priority).dividedBy(256));
        Duration sensible =
                DEFAULT_LIFETIME.compareTo(activeDown) > 0
                        ? DEFAULT_LIFETIME
                        : Duration.ofSeconds(activeDown.toSeconds() + 1);
        if (lifetime.compareTo(sensible) > 0) {
            s.warn(
                    "lifetime",
                    ("is long beside advertise: after this process dies a peer takes over within"
                                    + " %dms, and until %s have passed both hosts answer for the"
                                    + " addresses (write %s or less)")
                            .formatted(
                                    activeDown.toMillis(),
                                    Durations.text(lifetime),
                                    Durations.text(sensible)));
        }
        return lifetime;
    }

    private static Announce announce(Section s) {
        Duration hour = Duration.ofHours(1);
        return new Announce(
                s.get("repeat", Numbers.between(1, 100), 5),
                s.get(
                        "every",
                        Durations.between(Duration.ofMillis(10), hour),
                        Duration.ofSeconds(1)),
                s.get("refresh", RouterReader::refresh, Duration.ZERO));
    }

    private static Parsed<Duration> refresh(String text) {
        return Durations.between(Duration.ZERO, Duration.ofDays(1))
                .parse(text)
                .then(
                        d ->
                                d.isZero() || d.compareTo(Duration.ofSeconds(1)) >= 0
                                        ? Parsed.ok(d)
                                        : Parsed.wrong(
                                                "must be 0s (off) or at least 1s, got "
                                                        + Text.shown(text)));
    }
}
