package buoy.config;

import buoy.config.model.Family;
import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Notify;
import buoy.config.model.Password;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.config.model.VirtualRouter.Track;
import buoy.config.model.VirtualRouter.Version;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code vrrp.NAME}: the keys of one router, and what hangs together among them. */
final class RouterReader {
    static final int OWNER = 255;

    /** RFC 9568 5.2.3: a VRID is taken on one link for one family. */
    private record Vrid(String interfaceName, int id, Family family) {}

    private final TrackReader tracks;
    private final Claims<Vrid> vrids;
    private final VirtualAddressReader addresses;
    private final GroupReader groups = new GroupReader();

    RouterReader(TrackReader tracks, Problems problems) {
        this.tracks = tracks;
        vrids = new Claims<>(problems, "choose another router-id");
        addresses = new VirtualAddressReader(problems);
    }

    Optional<VirtualRouter> read(String name, Section s) {
        Optional<String> interfaceName = s.required("interface", Names::interfaceName);
        Optional<Integer> routerId = s.required("router-id", Numbers.between(1, 255));
        int priority = s.get("priority", Numbers.between(1, OWNER), 100);
        Version version =
                s.get("version", Words.of("3", Version.V3).or("2", Version.V2), Version.V3);
        RouterTimes times = RouterTimes.read(s, version, priority);
        List<Prefix> prefixes = addresses.read(s, version);
        List<Prefix> extra = addresses.readExtra(s);
        Set<Family> families = familiesOf(prefixes);
        boolean virtualMac = s.get("virtual-mac", Numbers.BOOL, false);
        Set<Family> taken = EnumSet.copyOf(families);
        if (virtualMac) {
            // Each family that floats has its MAC address, which is made from the VRID.
            taken.addAll(familiesOf(extra));
        }
        claim(s, interfaceName, routerId, taken);
        List<FloatingRoute> routes = s.sections("routes", FloatingReader::route);
        List<FloatingRule> rules = s.sections("rules", FloatingReader::rule);
        Reach reach =
                s.optionally("unicast", u -> UnicastReader.read(u, families))
                        .orElse(new Reach.Multicast());
        boolean accept = accept(s, priority);
        Checksum checksum = checksum(s, version, families);
        Optional<Password> password = PasswordReader.read(s, version);
        Optional<String> group = groups.read(s, priority, times);
        List<Track> track = tracks.read(s, priority);
        Notify notify = s.optionally("notify", NotifyReader::read).orElse(Notify.NOBODY);
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
                        times.startDelay(),
                        prefixes,
                        extra,
                        routes,
                        rules,
                        reach,
                        virtualMac,
                        accept,
                        checksum,
                        times.lifetime(),
                        password,
                        group,
                        times.announce(),
                        track,
                        notify));
    }

    private static Set<Family> familiesOf(List<Prefix> prefixes) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        prefixes.forEach(p -> families.add(Family.of(p.address())));
        return families;
    }

    /** Judged as soon as these three are known, whatever else is wrong with the router. */
    private void claim(
            Section s,
            Optional<String> interfaceName,
            Optional<Integer> routerId,
            Set<Family> families) {
        if (interfaceName.isEmpty() || routerId.isEmpty()) {
            return;
        }
        for (Family family : families) {
            vrids.claim(
                    new Vrid(interfaceName.get(), routerId.get(), family),
                    "VRID %d on %s for %s".formatted(routerId.get(), interfaceName.get(), family),
                    s.place("router-id"),
                    s.path("router-id"));
        }
    }

    /** RFC 9568 6.1: Accept_Mode is for those that are not the owner. */
    private static boolean accept(Section s, int priority) {
        boolean accept = s.get("accept", Numbers.BOOL, true);
        if (!accept && priority == OWNER) {
            s.warn("accept", "has no effect: the owner of the addresses always accepts");
        }
        return accept;
    }

    private static Checksum checksum(Section s, Version version, Set<Family> families) {
        Checksum checksum =
                s.get(
                        "checksum",
                        Words.of("compatible", Checksum.COMPATIBLE).or("rfc9568", Checksum.RFC9568),
                        Checksum.COMPATIBLE);
        if (checksum == Checksum.RFC9568
                && (version == Version.V2 || families.equals(Set.of(Family.IPV6)))) {
            s.warn("checksum", "has no effect: the choice exists for version 3 over IPv4 alone");
        }
        return checksum;
    }
}
