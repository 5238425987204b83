package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.PacketFilter;
import buoy.linux.layout.DropTable.Kind;
import buoy.vrrp.KernelRefused;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * By nf_tables. Nothing is in the kernel's way while nothing is dropped: each table is made when it
 * is first needed and gone when it is no more.
 */
public final class KernelFirewall implements Firewall {
    private final Kernel kernel;
    private Optional<PacketFilter> held = Optional.empty();
    private Optional<PacketFilter> sealed = Optional.empty();

    public KernelFirewall(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public synchronized void holdBack(Set<InetAddress> addresses) throws KernelRefused {
        letIn();
        held = Optional.of(open(Kind.NEW_CONNECTIONS, "hold"));
        drop(held.get(), addresses);
    }

    @Override
    public synchronized void letIn() {
        held.ifPresent(PacketFilter::close);
        held = Optional.empty();
    }

    @Override
    public synchronized void prepareToSeal() throws KernelRefused {
        if (sealed.isEmpty()) {
            sealed = Optional.of(open(Kind.ALL_BUT_NEIGHBOUR_DISCOVERY, "seal"));
        }
    }

    @Override
    public synchronized void seal(Set<InetAddress> addresses) throws KernelRefused {
        if (addresses.isEmpty()) {
            sealed.ifPresent(PacketFilter::close);
            sealed = Optional.empty();
            return;
        }
        prepareToSeal();
        drop(sealed.orElseThrow(), addresses);
    }

    private PacketFilter open(Kind kind, String purpose) throws KernelRefused {
        return Refusal.translated(() -> PacketFilter.open(kernel, kind, purpose));
    }

    private static void drop(PacketFilter filter, Set<InetAddress> addresses) throws KernelRefused {
        Refusal.translated(
                () -> {
                    filter.drop(addresses);
                    return true;
                });
    }
}
