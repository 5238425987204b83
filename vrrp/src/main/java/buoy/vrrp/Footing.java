package buoy.vrrp;

import buoy.config.model.Family;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.Links.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a voice has what it takes to speak: a link that is up, and an address of its own. */
sealed interface Footing {
    /** It has; this is the channel to open. */
    record Firm(Opening opening) implements Footing {}

    /**
     * It has not.
     *
     * @param why in words
     * @param isRefusal whether the kernel refused to say: no event will tell when that is over
     */
    record Lacking(String why, boolean isRefusal) implements Footing {}

    /**
     * Looks.
     *
     * @param virtual every virtual address of this host's routers
     */
    static Footing of(
            Terms terms,
            LinkTable links,
            Set<InetAddress> virtual,
            AddressTable table,
            Troubles troubles) {
        String name = terms.config().interfaceName();
        Optional<Link> link = links.named(name);
        if (link.isEmpty()) {
            return new Lacking("interface %s is missing".formatted(name), false);
        }
        if (!link.get().up()) {
            return new Lacking("link %s is down".formatted(name), false);
        }
        List<AddressTable.Entry> entries = new ArrayList<>();
        String listing = "list addresses";
        if (!troubles.attempt(listing, () -> entries.addAll(table.list(link.get().index())))) {
            return new Lacking(troubles.reason(listing), true);
        }
        Optional<InetAddress> source =
                SourceChoice.of(terms.config(), terms.family(), entries, virtual);
        if (source.isEmpty()) {
            String family = terms.family() == Family.IPV6 ? "suitable IPv6" : "IPv4";
            return new Lacking("%s has no %s address to speak from".formatted(name, family), false);
        }
        return new Firm(terms.opening(link.get(), source.get()));
    }
}
