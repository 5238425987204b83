package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.Ipv4Setting;
import buoy.linux.layout.Lifetime;
import buoy.linux.layout.MacAddress;
import buoy.linux.layout.Macvlan;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link with a MAC address of its own, made, used and removed; {@code ip} is the judge. */
class VirtualMacOnTheWireTest {
    private static final String NAME = "buoy.51.eth0";
    private static final String IPV4_MAC = "00:00:5e:00:01:33";
    private static final String IPV6_MAC = "00:00:5e:00:02:33";

    private Wire wire;
    private Wire.End end;
    private Netlink netlink;

    @BeforeEach
    void lay() throws Exception {
        wire = Wire.lay();
        end = wire.left;
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
    void aKernelWithoutThemSaysSoBeforeOneIsMade() throws Exception {
        var before = end.run("ip", "-o", "link");
        end.in(
                () -> {
                    netlink.requireMacvlan();
                    return true;
                });
        assertThatThrownBy(
                        () ->
                                end.in(
                                        () -> {
                                            netlink.requireKind("notthere");
                                            return true;
                                        }))
                .hasMessageContaining("RTM_NEWLINK(a link of kind notthere) failed: EOPNOTSUPP")
                .hasMessageContaining("modprobe macvlan");
        assertThat(end.run("ip", "-o", "link")).isEqualTo(before);
    }

    @Test
    void isMadeDownInBridgeModeAndRemoved() throws Exception {
        var index = make(end, netlink, IPV4_MAC);
        assertThat(end.run("ip", "-d", "link", "show", NAME))
                .contains(NAME + "@eth0", "state DOWN", IPV4_MAC, "macvlan mode bridge");
        var link = end.in(() -> netlink.link(NAME)).orElseThrow();
        assertThat(link.kind()).isEqualTo(Macvlan.KIND);
        assertThat(link.mac()).contains(MacAddress.parse(IPV4_MAC));
        assertThat(link.isUp()).isFalse();
        assertThatThrownBy(() -> make(end, netlink, IPV4_MAC))
                .hasMessageContaining(
                        "RTM_NEWLINK(buoy.51.eth0 with 00:00:5e:00:01:33) failed: EEXIST");
        assertThat(end.in(() -> netlink.removeLink(index))).isTrue();
        assertThat(end.in(() -> netlink.removeLink(index))).isFalse();
        assertThat(end.in(() -> netlink.link(NAME))).isEmpty();
    }

    @Test
    void keepsItsAliasAndItsSettings() throws Exception {
        var index = make(end, netlink, IPV4_MAC);
        end.in(
                () -> {
                    netlink.setAlias(index, "buoy: arp_ignore=0");
                    netlink.set(
                            index,
                            Map.of(
                                    Ipv4Setting.ARP_IGNORE,
                                    1,
                                    Ipv4Setting.ARP_ANNOUNCE,
                                    2,
                                    Ipv4Setting.FORWARDING,
                                    1));
                    netlink.withoutOwnIpv6(index);
                    return true;
                });
        assertThat(end.in(() -> netlink.link(NAME)).orElseThrow().alias())
                .isEqualTo("buoy: arp_ignore=0");
        for (var expected : Map.of("arp_ignore", "1", "arp_announce", "2").entrySet()) {
            assertThat(
                            end.run(
                                            "cat",
                                            "/proc/sys/net/ipv4/conf/"
                                                    + NAME
                                                    + "/"
                                                    + expected.getKey())
                                    .strip())
                    .isEqualTo(expected.getValue());
        }
        assertThat(end.in(() -> netlink.settings(NAME)))
                .containsEntry(Ipv4Setting.ARP_IGNORE, 1)
                .containsEntry(Ipv4Setting.ARP_ANNOUNCE, 2)
                .containsEntry(Ipv4Setting.FORWARDING, 1);
        assertThat(end.in(() -> netlink.settings("eth0"))).containsEntry(Ipv4Setting.ARP_IGNORE, 0);
        end.in(
                () -> {
                    netlink.setUp(index, true);
                    return true;
                });
        assertThat(end.run("ip", "-6", "addr", "show", "dev", NAME)).isBlank();
        assertThat(end.in(() -> netlink.link(NAME)).orElseThrow().isUp()).isTrue();
    }

    /** Two of one MAC address on one link cannot be up at once; the kernel says so, late. */
    @Test
    void aSecondOneOfTheSameAddressIsRefusedWhenSetUp() throws Exception {
        end.run(
                "ip", "link", "add", "vrrp.51", "link", "eth0", "address", IPV4_MAC, "type",
                "macvlan");
        end.run("ip", "link", "set", "vrrp.51", "up");
        var index = make(end, netlink, IPV4_MAC);
        assertThatThrownBy(
                        () ->
                                end.in(
                                        () -> {
                                            netlink.setUp(index, true);
                                            return true;
                                        }))
                .hasMessageContaining("failed: EADDRINUSE")
                .hasMessageContaining("something else uses it already");
    }

    /**
     * The other end has a link of the same MAC address, as a peer has; its lower link must hear.
     */
    @Test
    void whatIsSentThroughItHasItsMacAndIsHeardByTheLinkBelowAPeersOwn() throws Exception {
        var peer = wire.right;
        for (var family : List.of("4", "6")) {
            var ipv4 = family.equals("4");
            var mac = ipv4 ? IPV4_MAC : IPV6_MAC;
            var index = up(end, netlink, mac);
            try (var theirs = peer.in(() -> Netlink.open(peer.kernel))) {
                up(peer, theirs, mac);
                var group = ip(ipv4 ? "224.0.0.18" : "ff02::12");
                var receiver =
                        peer.in(
                                () ->
                                        VrrpSocket.open(
                                                peer.kernel,
                                                peer.index("eth0"),
                                                "eth0",
                                                ip(ipv4 ? "198.51.100.2" : "fe80::2"),
                                                Optional.of(group),
                                                255));
                var source = ip(ipv4 ? "198.51.100.1" : "fe80::1");
                var sender =
                        end.in(() -> VrrpSocket.openSender(end.kernel, index, NAME, source, 255));
                var capture =
                        peer.start(
                                "timeout",
                                "10",
                                "tcpdump",
                                "-i",
                                "eth0",
                                "-e",
                                "-n",
                                "-c",
                                "1",
                                "--immediate-mode",
                                "proto 112 or ip6 proto 112");
                var listening =
                        capture.errorReader().lines().anyMatch(line -> line.contains("listening"));
                assertThat(listening).as("tcpdump listens").isTrue();
                end.in(
                        () -> {
                            sender.send(new byte[] {0x31, 51, 100, 0, 0, 100, 0, 0}, group);
                            return true;
                        });
                var heard =
                        Eventually.get(() -> peer.in(receiver::receive), Optional::isPresent)
                                .orElseThrow();
                assertThat(heard.source()).isEqualTo(source);
                assertThat(heard.hopLimit()).isEqualTo(255);
                assertThat(capture.inputReader().readLine()).contains(mac + " > ");
                sender.close();
                receiver.close();
                var theirIndex = peer.index(NAME);
                peer.in(() -> theirs.removeLink(theirIndex));
            }
            end.in(() -> netlink.removeLink(index));
        }
    }

    @Test
    void theRouteThatComesWithAnAddressGivesWayToThatOfTheLinkBelow() throws Exception {
        end.run("ip", "addr", "add", "2001:db8:77::1/64", "dev", "eth0", "nodad");
        var index = up(end, netlink, IPV4_MAC);
        var ipv4 = new InterfaceAddress(index, ip("198.51.100.100"), 24, 0, 60_000);
        var ipv6 =
                new InterfaceAddress(
                        index, ip("2001:db8:77::100"), 64, InterfaceAddress.NODAD, 60_000);
        for (var address : List.of(ipv4, ipv6, ipv4, ipv6)) { // added, then renewed
            end.in(
                    () -> {
                        netlink.put(address, new Lifetime(10, 0));
                        return true;
                    });
        }
        assertThat(end.run("ip", "route", "show", "198.51.100.0/24"))
                .contains(
                        "dev " + NAME + " proto kernel scope link src 198.51.100.100 metric 60000")
                .contains("dev eth0 proto kernel scope link src 198.51.100.1");
        assertThat(end.run("ip", "route", "get", "198.51.100.9"))
                .contains("dev eth0 src 198.51.100.1");
        assertThat(end.run("ip", "-6", "route", "get", "2001:db8:77::9"))
                .contains("dev eth0", "src 2001:db8:77::1");
        assertThat(end.in(() -> netlink.addresses(index)))
                .extracting(InterfaceAddress::metric)
                .containsExactly(60_000, 60_000);
    }

    private static int up(Wire.End end, Netlink netlink, String mac) throws Exception {
        var index = make(end, netlink, mac);
        return end.in(
                () -> {
                    netlink.withoutOwnIpv6(index);
                    netlink.setUp(index, true);
                    return index;
                });
    }

    private static int make(Wire.End end, Netlink netlink, String mac) throws Exception {
        var lower = end.index("eth0");
        return end.in(
                () -> {
                    netlink.make(new Macvlan(NAME, lower, MacAddress.parse(mac)));
                    return netlink.link(NAME).orElseThrow().index();
                });
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
