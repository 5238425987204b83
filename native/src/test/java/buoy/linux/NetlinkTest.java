package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.Lifetime;
import buoy.linux.layout.NetworkEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, in namespaces; {@code ip} is the judge. */
class NetlinkTest {
    private Wire wire;
    private Wire.End end;
    private Netlink netlink;
    private int eth0;

    @BeforeEach
    void lay() throws Exception {
        wire = Wire.lay();
        end = wire.left;
        eth0 = end.index("eth0");
        netlink = end.in(() -> Netlink.open(end.kernel));
    }

    @AfterEach
    void remove() throws Exception {
        if (wire != null) {
            netlink.close();
            wire.close();
        }
    }

    @Test
    void listsLinksAndAddresses() throws Exception {
        var link = end.in(() -> netlink.link("eth0")).orElseThrow();
        assertThat(link.index()).isEqualTo(eth0);
        assertThat(link.isRunning()).isTrue();
        assertThat(link.mac().orElseThrow())
                .hasToString(end.run("cat", "/sys/class/net/eth0/address").strip());
        assertThat(end.in(() -> netlink.link("eth9"))).isEmpty();
        assertThat(end.in(() -> netlink.addresses(eth0)))
                .extracting(InterfaceAddress::address)
                .containsExactly(ip("198.51.100.1"), ip("fe80::1"));
        assertThat(end.in(() -> netlink.addresses(eth0))).allMatch(InterfaceAddress::isPermanent);
    }

    @Test
    void anAddressIsThereAtOnceAndGoneWhenItsLifetimeEnds() throws Exception {
        var both = List.of(ipv4(), ipv6());
        var start = System.nanoTime();
        for (var address : both) {
            put(address, new Lifetime(3, 0));
        }
        assertThat(shown()).contains(text(ipv4()), text(ipv6()));
        for (var address : both) {
            assertThat(end.in(() -> netlink.addresses(eth0)))
                    .filteredOn(it -> it.address().equals(address.address()))
                    .singleElement()
                    .satisfies(it -> assertThat(it.isUsable()).isTrue())
                    .satisfies(it -> assertThat(it.isPermanent()).isFalse());
        }
        for (var address : both) {
            Eventually.get(this::shown, it -> !it.contains(text(address)));
            // The kernel rounds up, never down: the dead-man switch may not fire while we live.
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void renewingKeepsTheAddressAndIsNoRemoval() throws Exception {
        var events = end.in(() -> NetlinkEvents.open(end.kernel));
        var seen = new ArrayList<NetworkEvent>();
        var lifetime = new Lifetime(2, 0);
        var start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
            put(ipv4(), lifetime);
            put(ipv6(), lifetime);
            for (var more = end.in(events::next); !more.isEmpty(); more = end.in(events::next)) {
                seen.addAll(more);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        events.close();
        assertThat(shown()).contains(text(ipv4()), text(ipv6()));
        assertThat(seen)
                .hasOnlyElementsOfType(NetworkEvent.AddressChanged.class)
                .hasSizeGreaterThan(10);
        assertThat(seen.stream().distinct())
                .as("the same two addresses with the same flags")
                .hasSize(2);
    }

    @Test
    void anAddressWithoutLifetimeIsPermanentAndCanBeGivenOne() throws Exception {
        put(ipv4(), Lifetime.FOREVER);
        assertThat(shown())
                .contains(
                        "198.51.100.100/24 scope global secondary eth0\\       valid_lft forever");
        put(ipv4(), new Lifetime(30, 30));
        assertThat(shown())
                .containsPattern(
                        "198.51.100.100/24 scope global secondary dynamic eth0\\\\ +valid_lft (29|30)sec");
    }

    @Test
    void theRouteToTheSubnetStaysWhenOurAddressGoes() throws Exception {
        // Another address of the subnet is there before ours or comes after it: its route is not
        // ours to end.
        for (var before : List.of(true, false)) {
            if (before) {
                end.run("ip", "addr", "add", "2001:db8:77::1/64", "dev", "eth0", "nodad");
            }
            put(ipv6(), new Lifetime(1, 0));
            put(ipv6(), new Lifetime(1, 0));
            if (!before) {
                end.run("ip", "addr", "add", "2001:db8:77::1/64", "dev", "eth0", "nodad");
            }
            put(ipv6(), new Lifetime(1, 0));
            Eventually.get(this::shown, it -> !it.contains("2001:db8:77::100/64"));
            assertThat(end.run("ip", "-6", "route", "show", "2001:db8:77::/64"))
                    .contains("dev eth0 proto kernel")
                    .doesNotContain("expires");
            end.run("ip", "addr", "del", "2001:db8:77::1/64", "dev", "eth0");
        }
    }

    @Test
    void removingWhatIsNotThereIsNoFailure() throws Exception {
        for (var address : List.of(ipv4(), ipv6())) {
            put(address, Lifetime.FOREVER);
            assertThat(end.in(() -> netlink.remove(address))).isTrue();
            assertThat(shown()).doesNotContain(text(address));
            assertThat(end.in(() -> netlink.remove(address))).isFalse();
        }
        assertThat(
                        end.in(
                                () ->
                                        netlink.remove(
                                                new InterfaceAddress(
                                                        9999, ip("198.51.100.100"), 24, 0))))
                .isFalse();
    }

    @Test
    void aRefusalSaysWhatWhyAndWhatToDo() {
        assertThatThrownBy(
                        () ->
                                put(
                                        new InterfaceAddress(9999, ip("198.51.100.100"), 24, 0),
                                        Lifetime.FOREVER))
                .isInstanceOf(SyscallFailed.class)
                .hasMessageContaining(
                        "RTM_NEWADDR(198.51.100.100/24 on interface 9999) failed: ENODEV")
                .hasMessageContaining("the interface is not there");
    }

    @Test
    void hearsOfLinksAndAddressesThatOthersChange() throws Exception {
        var events = end.in(() -> NetlinkEvents.open(end.kernel));
        end.run("ip", "addr", "add", "198.51.100.50/24", "dev", "eth0");
        assertThat(await(events, NetworkEvent.AddressChanged.class).address().address())
                .isEqualTo(ip("198.51.100.50"));
        end.run("ip", "addr", "del", "198.51.100.50/24", "dev", "eth0");
        assertThat(await(events, NetworkEvent.AddressGone.class).address().address())
                .isEqualTo(ip("198.51.100.50"));
        wire.right.run("ip", "link", "set", "eth0", "down");
        Eventually.get(
                () -> await(events, NetworkEvent.LinkChanged.class).link(),
                link -> link.isUp() && !link.isRunning());
        wire.right.run("ip", "link", "set", "eth0", "up");
        Eventually.get(
                () -> await(events, NetworkEvent.LinkChanged.class).link(),
                link -> link.isRunning());
        end.run("ip", "link", "delete", "eth0");
        assertThat(await(events, NetworkEvent.LinkGone.class).link().name()).isEqualTo("eth0");
        events.close();
    }

    private <T extends NetworkEvent> T await(NetlinkEvents events, Class<T> kind) throws Exception {
        var found =
                Eventually.get(
                        () -> end.in(events::next).stream().filter(kind::isInstance).findFirst(),
                        Optional::isPresent);
        return kind.cast(found.orElseThrow());
    }

    private void put(InterfaceAddress address, Lifetime lifetime) throws Exception {
        end.in(
                () -> {
                    netlink.put(address, lifetime);
                    return true;
                });
    }

    private InterfaceAddress ipv4() throws UnknownHostException {
        return new InterfaceAddress(eth0, ip("198.51.100.100"), 24, 0);
    }

    private InterfaceAddress ipv6() throws UnknownHostException {
        return new InterfaceAddress(eth0, ip("2001:db8:77::100"), 64, InterfaceAddress.NODAD);
    }

    private static String text(InterfaceAddress address) {
        return address.prefixLength() == 24 ? "198.51.100.100/24" : "2001:db8:77::100/64";
    }

    private String shown() throws Exception {
        return end.run("ip", "-o", "addr", "show", "dev", "eth0");
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
