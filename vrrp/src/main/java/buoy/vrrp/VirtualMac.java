package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.vrrp.Links.Link;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The links of one router that carry its virtual MAC addresses: one for each family it floats
 * addresses of, none where it does not want any. They are there while the router takes part, and up
 * while it is active: one that is down answers nothing, and leaves the host nothing to hear twice.
 */
final class VirtualMac {
    private final Ports ports;
    private final Troubles troubles;
    private final Map<Family, VirtualMacs.Made> links = new EnumMap<>(Family.class);
    private final Map<Family, Sender> senders = new EnumMap<>(Family.class);

    /** The link below. */
    private int below;

    private boolean raised;

    private record Sender(InetAddress source, AdvertisementSender socket) {}

    VirtualMac(Ports ports, Troubles troubles) {
        this.ports = ports;
        this.troubles = troubles;
    }

    private static Set<Family> families(VirtualRouter config) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        if (config.virtualMac()) {
            for (Prefix prefix : config.floating()) {
                families.add(Family.of(prefix.address()));
            }
        }
        return families;
    }

    /** Whether its links are those that the configuration wants. */
    boolean fits(VirtualRouter config) {
        return links.keySet().equals(families(config));
    }

    boolean has(int interfaceIndex) {
        return links.values().stream().anyMatch(made -> made.link().index() == interfaceIndex);
    }

    /** For people. */
    List<RouterStatus.VirtualLink> shown() {
        return links.values().stream()
                .map(made -> new RouterStatus.VirtualLink(made.link().name(), made.mac(), raised))
                .toList();
    }

    /** Where the addresses belong. */
    Place place(int interfaceIndex) {
        return new Place(
                indexOf(Family.IPV4).orElse(interfaceIndex),
                indexOf(Family.IPV6).orElse(interfaceIndex));
    }

    private Optional<Integer> indexOf(Family family) {
        return Optional.ofNullable(links.get(family)).map(made -> made.link().index());
    }

    /**
     * Makes what is missing and removes what is not wanted.
     *
     * @param on the link below
     * @return why it is not as it should be; empty where it is
     */
    Optional<String> settle(VirtualRouter config, Link on) {
        if (below != on.index()) {
            remove();
            below = on.index();
        }
        Set<Family> wanted = families(config);
        for (Family family : Set.copyOf(links.keySet())) {
            if (!wanted.contains(family)) {
                remove(family);
            }
        }
        for (Family family : wanted) {
            boolean ipv6 = family == Family.IPV6;
            String what = "make the virtual MAC of " + family;
            if (!links.containsKey(family)
                    && !troubles.attempt(
                            what,
                            () ->
                                    links.put(
                                            family,
                                            ports.virtualMacs()
                                                    .make(on, config.routerId(), ipv6)))) {
                return Optional.of(troubles.reason(what));
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #settle}, with those that another process has made and leaves to this one.
     *
     * @param on the link below
     */
    void takeOver(VirtualRouter config, Link on) {
        below = on.index();
        for (Family family : families(config)) {
            boolean ipv6 = family == Family.IPV6;
            var _ =
                    troubles.attempt(
                            "take the virtual MAC of " + family + " over",
                            () ->
                                    ports.virtualMacs()
                                            .takeOver(on, config.routerId(), ipv6)
                                            .ifPresent(made -> links.put(family, made)));
        }
    }

    /** They stay as they are, for another process. */
    void leave() {
        Set.copyOf(links.keySet()).forEach(this::hush);
        links.clear();
    }

    /** Sends, hears and answers; false if the kernel refuses. */
    boolean raise() {
        boolean all = true;
        for (Map.Entry<Family, VirtualMacs.Made> each : links.entrySet()) {
            all &=
                    troubles.attempt(
                            raising(each.getKey()),
                            () -> ports.virtualMacs().raise(each.getValue().link().index()));
        }
        raised = all;
        return all;
    }

    boolean isRaised() {
        return raised || links.isEmpty();
    }

    /** Silent again. */
    void lower() {
        if (!links.isEmpty()) {
            raised = false;
            links.keySet().forEach(family -> troubles.forget(raising(family)));
            links.values().forEach(made -> ports.virtualMacs().lower(made.link().index()));
        }
    }

    private static String raising(Family family) {
        return "raise the virtual MAC of " + family;
    }

    void remove() {
        Set.copyOf(links.keySet()).forEach(this::remove);
        raised = false;
    }

    private void remove(Family family) {
        hush(family);
        VirtualMacs.Made made = links.remove(family);
        if (made != null) {
            ports.virtualMacs().remove(made.link().index());
        }
    }

    /**
     * Somebody else removed a link, or the one below is gone: it is made again by {@link #settle}.
     */
    void forget(int interfaceIndex) {
        for (Family family : Set.copyOf(links.keySet())) {
            if (indexOf(family).filter(index -> index == interfaceIndex).isPresent()) {
                remove(family);
                raised = false;
            }
        }
    }

    /** The way out for what is to carry the virtual MAC; empty where there is none. */
    Optional<AdvertisementSender> sender(Family family, Lan.Opening opening) throws KernelRefused {
        VirtualMacs.Made made = links.get(family);
        // Unicast goes by way of the routing table, which knows the link below.
        if (made == null || opening.group().isEmpty()) {
            return Optional.empty();
        }
        Sender sender = senders.get(family);
        if (sender == null || !sender.source().equals(opening.source())) {
            hush(family);
            sender =
                    new Sender(
                            opening.source(),
                            ports.lan().speakThrough(made.link(), opening.source(), opening.ttl()));
            senders.put(family, sender);
        }
        return Optional.of(sender.socket());
    }

    private void hush(Family family) {
        Sender sender = senders.remove(family);
        if (sender != null) {
            sender.socket().close();
        }
    }
}
