package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.linux.layout.AddressClaim;
import buoy.linux.layout.ClaimFilter;
import buoy.linux.layout.GratuitousArp;
import buoy.linux.layout.MacAddress;
import buoy.linux.layout.NeighbourAdvertisement;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others say on a real link, and the kernel's own filter before it. */
class ClaimSocketTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:66");

    private Wire wire;
    private PacketSocket speaker;

    @BeforeEach
    void lay() throws Exception {
        wire = Wire.lay();
        speaker = wire.right.in(() -> PacketSocket.open(wire.right.kernel));
    }

    @AfterEach
    void remove() throws Exception {
        if (wire != null) {
            speaker.close();
            wire.close();
        }
    }

    @Test
    void hearsWhoSaysInArpThatItHasOneOfTheAddresses() throws Exception {
        try (var claims = listen(ClaimSocket.ARP, ClaimFilter.arp(List.of(ipv4(100), ipv4(101))))) {
            say(wire.right, GratuitousArp.frame(MAC, ipv4(99)));
            say(wire.right, GratuitousArp.frame(MAC, ipv4(101)));
            assertThat(next(claims)).isEqualTo(new AddressClaim(ipv4(101), MAC));
            assertThat(wire.left.in(claims::receive)).isEmpty();
        }
    }

    @Test
    void hearsWhoAdvertisesItselfAsTheNeighbourWithOneOfTheAddresses() throws Exception {
        var filter = ClaimFilter.neighbourAdvertisements(List.of(ipv6("100"), ipv6("1:0:101")));
        try (var claims = listen(ClaimSocket.IPV6, filter)) {
            for (var address : List.of("99", "100", "1:0:101")) {
                say(wire.right, NeighbourAdvertisement.frame(MAC, ipv6(address), true));
            }
            assertThat(next(claims)).isEqualTo(new AddressClaim(ipv6("100"), MAC));
            assertThat(next(claims)).isEqualTo(new AddressClaim(ipv6("1:0:101"), MAC));
            assertThat(wire.left.in(claims::receive)).isEmpty();
        }
    }

    @Test
    void listensForOthersFromOneMomentToTheNext() throws Exception {
        try (var claims = listen(ClaimSocket.ARP, ClaimFilter.arp(List.of(ipv4(100))))) {
            claims.replaceFilter(ClaimFilter.arp(List.of(ipv4(101))));
            say(wire.right, GratuitousArp.frame(MAC, ipv4(100)));
            say(wire.right, GratuitousArp.frame(MAC, ipv4(101)));
            assertThat(next(claims).address()).isEqualTo(ipv4(101));
        }
    }

    @Test
    void doesNotHearThisHost() throws Exception {
        try (var claims = listen(ClaimSocket.ARP, ClaimFilter.arp(List.of(ipv4(100))));
                var own = wire.left.in(() -> PacketSocket.open(wire.left.kernel))) {
            var frame = GratuitousArp.frame(MAC, ipv4(100));
            wire.left.in(
                    () -> {
                        own.send(wire.left.index("eth0"), frame);
                        return true;
                    });
            say(wire.right, GratuitousArp.frame(MacAddress.parse("02:00:00:00:00:67"), ipv4(100)));
            assertThat(next(claims).mac()).hasToString("02:00:00:00:00:67");
        }
    }

    /** The kernel refuses a program that is too long for it, or in which a jump leads nowhere. */
    @Test
    void everyOneOfManyAddressesIsHeard() throws Exception {
        var many4 =
                IntStream.range(0, 3000)
                        .mapToObj(i -> address("203.0." + i / 256 + "." + i % 256))
                        .map(Inet4Address.class::cast)
                        .toList();
        var many6 = IntStream.range(0, 3000).mapToObj(i -> ipv6(Integer.toHexString(i))).toList();
        try (var arp = listen(ClaimSocket.ARP, ClaimFilter.arp(many4));
                var neighbours =
                        listen(ClaimSocket.IPV6, ClaimFilter.neighbourAdvertisements(many6))) {
            for (var i : List.of(0, 199, 200, 201, 399, 400, 999, 1000)) {
                say(wire.right, GratuitousArp.frame(MAC, many4.get(i)));
                say(wire.right, NeighbourAdvertisement.frame(MAC, many6.get(i), true));
                if (i < 1000) {
                    assertThat(next(arp).address()).isEqualTo(many4.get(i));
                    assertThat(next(neighbours).address()).isEqualTo(many6.get(i));
                }
            }
            assertThat(wire.left.in(arp::receive)).isEmpty();
            assertThat(wire.left.in(neighbours::receive)).isEmpty();
        }
    }

    private ClaimSocket listen(int ethertype, byte[] filter) throws Exception {
        var index = wire.left.index("eth0");
        return wire.left.in(() -> ClaimSocket.open(wire.left.kernel, index, ethertype, filter));
    }

    private void say(Wire.End end, byte[] frame) throws Exception {
        var index = end.index("eth0");
        end.in(
                () -> {
                    speaker.send(index, frame);
                    return true;
                });
    }

    private AddressClaim next(ClaimSocket claims) throws Exception {
        return Eventually.get(() -> wire.left.in(claims::receive), Optional::isPresent)
                .orElseThrow();
    }

    private static Inet4Address ipv4(int last) {
        return (Inet4Address) address("198.51.100." + last);
    }

    private static Inet6Address ipv6(String last) {
        return (Inet6Address) address("2001:db8:77::" + last);
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
