package buoy.vrrp;

import buoy.config.model.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Addresses that were there for good before a router claimed them: an owner's own (RFC 9568 1.6),
 * configured by the operator, who does not expect them to go when this process does. They are left
 * as they are, for as long as they are there.
 */
final class OwnAddresses {
    private static final String LIST = "list addresses";

    private final AddressTable table;
    private final Troubles troubles;
    private final Set<Prefix> own = new HashSet<>();

    OwnAddresses(AddressTable table, Troubles troubles) {
        this.table = table;
        this.troubles = troubles;
    }

    /** The router is the owner: whatever is there for good is its own. */
    void find(Place where) {
        List<AddressTable.Entry> there = new ArrayList<>();
        if (list(where, there)) {
            own.clear();
            permanent(there).forEach(own::add);
        }
    }

    /** The router was the owner once, and what was its own may be gone since. */
    void lookAgain(Place where) {
        List<AddressTable.Entry> there = new ArrayList<>();
        if (!own.isEmpty() && list(where, there)) {
            own.retainAll(permanent(there));
        }
    }

    private static List<Prefix> permanent(List<AddressTable.Entry> entries) {
        return entries.stream()
                .filter(AddressTable.Entry::permanent)
                .map(entry -> new Prefix(entry.address(), entry.prefixLength()))
                .toList();
    }

    private boolean list(Place where, List<AddressTable.Entry> into) {
        return troubles.attempt(
                LIST,
                () -> {
                    into.addAll(table.list(where.ipv4Index()));
                    if (where.ipv6Index() != where.ipv4Index()) {
                        into.addAll(table.list(where.ipv6Index()));
                    }
                });
    }

    /** Found so by another process. */
    void add(Prefix address) {
        own.add(address);
    }

    boolean contains(Prefix address) {
        return own.contains(address);
    }

    void remove(Prefix address) {
        own.remove(address);
    }

    /** Whether the kernel has the address now, our own or claimed; no if it does not say. */
    boolean isThere(Place where, Prefix address) {
        List<AddressTable.Entry> there = new ArrayList<>();
        return troubles.attempt(LIST, () -> there.addAll(table.list(where.of(address.address()))))
                && there.stream().anyMatch(entry -> entry.address().equals(address.address()));
    }
}
