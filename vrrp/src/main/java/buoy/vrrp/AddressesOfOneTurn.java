package buoy.vrrp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel's address table, where the addresses of a link are listed once a turn at most: many
 * routers on one link ask, and they may have many addresses there.
 */
final class AddressesOfOneTurn implements AddressTable {
    private final AddressTable table;
    private final Map<Integer, List<Entry>> listed = new HashMap<>();

    AddressesOfOneTurn(AddressTable table) {
        this.table = table;
    }

    /** Another turn begins. */
    void forget() {
        listed.clear();
    }

    @Override
    public void claim(int interfaceIndex, InetAddress address, int prefixLength, Duration lifetime)
            throws KernelRefused {
        table.claim(interfaceIndex, address, prefixLength, lifetime);
    }

    @Override
    public void release(int interfaceIndex, InetAddress address, int prefixLength)
            throws KernelRefused {
        table.release(interfaceIndex, address, prefixLength);
    }

    @Override
    public List<Entry> list(int interfaceIndex) throws KernelRefused {
        List<Entry> entries = listed.get(interfaceIndex);
        if (entries == null) {
            entries = List.copyOf(table.list(interfaceIndex));
            listed.put(interfaceIndex, entries);
        }
        return entries;
    }
}
