package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Family;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceChoiceTest {
    private static final Routers WEB = Routers.web();
    private static final Routers WEB6 = Routers.web().addresses("2001:db8:77::100/64");

    @Test
    void theFirstAddressThatIsNotVirtual() {
        assertThat(choose(WEB, "198.51.100.100", "fe80::a", "198.51.100.1", "203.0.113.1"))
                .contains(InetAddress.ofLiteral("198.51.100.1"));
    }

    @Test
    void overIpv6TheLinkLocalAddress() {
        assertThat(choose(WEB6, "198.51.100.1", "2001:db8:77::1", "fe80::a"))
                .contains(InetAddress.ofLiteral("fe80::a"));
        assertThat(choose(WEB6, "2001:db8:77::1")).isEmpty();
    }

    @Test
    void inIpv6UnicastTheKindOfAddressThePeersHave() {
        assertThat(choose(WEB6.unicastTo("2001:db8:77::2"), "fe80::a", "2001:db8:77::1"))
                .contains(InetAddress.ofLiteral("2001:db8:77::1"));
        assertThat(choose(WEB6.unicastTo("fe80::b"), "2001:db8:77::1", "fe80::a"))
                .contains(InetAddress.ofLiteral("fe80::a"));
    }

    @Test
    void nothingIsBetterThanAVirtualAddressUnlessItIsTheOwnersOnlyOne() {
        assertThat(choose(WEB, "198.51.100.100")).isEmpty();
        assertThat(choose(WEB.priority(255), "198.51.100.100"))
                .contains(InetAddress.ofLiteral("198.51.100.100"));
        assertThat(choose(WEB.priority(255), "198.51.100.100", "198.51.100.1"))
                .contains(InetAddress.ofLiteral("198.51.100.1"));
    }

    private static Optional<InetAddress> choose(Routers routers, String... there) {
        List<AddressTable.Entry> entries =
                Arrays.stream(there)
                        .map(one -> new AddressTable.Entry(InetAddress.ofLiteral(one), 24, true))
                        .toList();
        InetAddress virtual = routers.router().addresses().getFirst().address();
        return SourceChoice.of(routers.router(), Family.of(virtual), entries, Set.of(virtual));
    }
}
