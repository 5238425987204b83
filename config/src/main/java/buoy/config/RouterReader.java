package buoy.config;

import buoy.config.model.Pool;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.config.model.VirtualRouter.Track;
import buoy.config.model.VirtualRouter.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code vrrp.NAME}: the keys of one router, and what hangs together among them. */
final class RouterReader {
    static final int OWNER = 255;

    /** RFC 9568 5.2.3: a VRID is taken on one link for one family. */
    private record Vrid(String interfaceName, int id, Family family) {}

    private final TrackReader tracks;
    private final Claims<Vrid> vrids;
    private final VirtualAddressReader addresses;

    /**
     * @param poolNames that may be tracked
     * @param pools those that were read well
     */
    RouterReader(Set<String> poolNames, Map<String, Pool> pools, Problems problems) {
        tracks = new TrackReader(poolNames, pools);
        vrids = new Claims<>(problems, "choose another router-id");
        addresses = new VirtualAddressReader(problems);
    }

    Optional<VirtualRouter> read(String name, Section s) {
        Optional<String> interfaceName = s.required("interface", RouterReader::interfaceName);
        Optional<Integer> routerId = s.required("router-id", Numbers.between(1, 255));
        int priority = s.get("priority", Numbers.between(1, OWNER), 100);
        Version version =
                s.get("version", Words.of("3", Version.V3).or("2", Version.V2), Version.V3);
        RouterTimes times = RouterTimes.read(s, version, priority);
        List<Prefix> prefixes = addresses.read(s, version);
        Optional<Family> family = prefixes.stream().findFirst().map(p -> Family.of(p.address()));
        claim(s, interfaceName, routerId, family);
        Reach reach =
                s.optionally("unicast", u -> UnicastReader.read(u, family))
                        .orElse(new Reach.Multicast());
        Checksum checksum = checksum(s, version, family);
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
                        times.advertise(),
                        times.preempt(),
                        times.preemptDelay(),
                        prefixes,
                        reach,
                        checksum,
                        times.lifetime(),
                        times.announce(),
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

    /** Judged as soon as these three are known, whatever else is wrong with the router. */
    private void claim(
            Section s,
            Optional<String> interfaceName,
            Optional<Integer> routerId,
            Optional<Family> family) {
        if (interfaceName.isPresent() && routerId.isPresent() && family.isPresent()) {
            vrids.claim(
                    new Vrid(interfaceName.get(), routerId.get(), family.get()),
                    "VRID %d on %s for %s"
                            .formatted(routerId.get(), interfaceName.get(), family.get()),
                    s.place("router-id"),
                    s.path("router-id"));
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

    private static Checksum checksum(Section s, Version version, Optional<Family> family) {
        Checksum checksum =
                s.get(
                        "checksum",
                        Words.of("compatible", Checksum.COMPATIBLE).or("rfc9568", Checksum.RFC9568),
                        Checksum.COMPATIBLE);
        if (checksum == Checksum.RFC9568
                && (version == Version.V2 || family.filter(Family.IPV6::equals).isPresent())) {
            s.warn("checksum", "has no effect: the choice exists for version 3 over IPv4 alone");
        }
        return checksum;
    }
}
