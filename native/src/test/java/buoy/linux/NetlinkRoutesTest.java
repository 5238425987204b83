package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.linux.layout.IpPrefix;
import buoy.linux.layout.Route;
import buoy.linux.layout.Rule;
import buoy.linux.layout.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes and rules against the kernel, in namespaces; {@code ip} is the judge. */
class NetlinkRoutesTest {
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
    void addsARouteOnceAndRemovesIt() throws Exception {
        var route = route("203.0.113.0", 24, "198.51.100.254", "198.51.100.1", Route.MAIN, 50);
        assertThat(end.in(() -> netlink.add(route))).isTrue();
        assertThat(end.in(() -> netlink.add(route))).isFalse();
        assertThat(end.run("ip", "route", "show", "203.0.113.0/24"))
                .contains("via 198.51.100.254 dev eth0 proto 112 src 198.51.100.1 metric 50");
        assertThat(end.in(netlink::routes)).containsExactly(route);
        assertThat(end.in(() -> netlink.remove(route))).isTrue();
        assertThat(end.run("ip", "route", "show", "203.0.113.0/24")).isBlank();
        assertThat(end.in(() -> netlink.remove(route))).isFalse();
    }

    @Test
    void listsOurRoutesOfAllTablesAndFamiliesAndNobodyElses() throws Exception {
        var ipv4 = route("0.0.0.0", 0, "198.51.100.254", "", 100, 0);
        var ipv6 = route("2001:db8:99::", 48, "fe80::254", "", Route.MAIN, 77);
        end.run("ip", "route", "add", "default", "via", "198.51.100.254", "protocol", "18");
        end.run("ip", "-6", "route", "add", "2001:db8:98::/48", "via", "fe80::254", "dev", "eth0");
        end.in(() -> netlink.add(ipv4) && netlink.add(ipv6));
        assertThat(end.in(netlink::routes)).containsExactly(ipv4, ipv6);
        end.in(() -> netlink.remove(ipv4) && netlink.remove(ipv6));
        assertThat(end.in(netlink::routes)).isEmpty();
        assertThat(end.run("ip", "route")).contains("default via 198.51.100.254");
    }

    @Test
    void aRouteOfSomebodyElseIsNeitherReplacedNorRemoved() throws Exception {
        end.run("ip", "route", "add", "203.0.113.0/24", "via", "198.51.100.253");
        var ours = route("203.0.113.0", 24, "198.51.100.254", "", Route.MAIN, 0);
        assertThat(end.in(() -> netlink.add(ours))).isFalse();
        assertThat(
                        end.in(
                                () ->
                                        netlink.remove(
                                                route(
                                                        "203.0.113.0",
                                                        24,
                                                        "198.51.100.253",
                                                        "",
                                                        Route.MAIN,
                                                        0))))
                .isFalse();
        assertThat(end.run("ip", "route", "show", "203.0.113.0/24")).contains("198.51.100.253");
    }

    @Test
    void aRouteThroughNowhereIsRefusedInWords() {
        assertThatThrownBy(
                        () ->
                                end.in(
                                        () ->
                                                netlink.add(
                                                        route(
                                                                "203.0.113.0",
                                                                24,
                                                                "192.0.2.1",
                                                                "",
                                                                Route.MAIN,
                                                                0))))
                .isInstanceOf(SyscallFailed.class)
                .hasMessageContaining(
                        "RTM_NEWROUTE(203.0.113.0/24 via 192.0.2.1) failed: ENETUNREACH");
    }

    @Test
    void addsARuleOnceAndRemovesItAlone() throws Exception {
        var ipv4 =
                new Rule(
                        SocketAddress.AF_INET,
                        Optional.of(new IpPrefix(ip("198.51.100.100"), 32)),
                        Optional.empty(),
                        100,
                        1000);
        var ipv6 =
                new Rule(
                        SocketAddress.AF_INET6,
                        Optional.empty(),
                        Optional.of(new IpPrefix(ip("2001:db8:99::"), 48)),
                        70_000,
                        1001);
        end.run("ip", "rule", "add", "from", "198.51.100.100", "table", "100", "priority", "999");
        end.run("ip", "rule", "add", "from", "203.0.113.1", "table", "9", "protocol", "18");
        for (var rule : new Rule[] {ipv4, ipv6}) {
            assertThat(end.in(() -> netlink.add(rule))).isTrue();
            assertThat(end.in(() -> netlink.add(rule))).isFalse();
        }
        assertThat(end.run("ip", "rule"))
                .contains("1000:\tfrom 198.51.100.100 lookup 100 proto 112");
        assertThat(end.run("ip", "-6", "rule"))
                .contains("1001:\tfrom all to 2001:db8:99::/48 lookup 70000 proto 112");
        assertThat(end.in(netlink::rules)).containsExactly(ipv4, ipv6);
        for (var rule : new Rule[] {ipv4, ipv6}) {
            assertThat(end.in(() -> netlink.remove(rule))).isTrue();
            assertThat(end.in(() -> netlink.remove(rule))).isFalse();
        }
        assertThat(end.run("ip", "rule"))
                .doesNotContain("1000:")
                .contains("999:\tfrom 198.51.100.100 lookup 100")
                .contains("from 203.0.113.1 lookup 9 proto keepalived");
    }

    @Test
    void theSameRuleOfSomebodyElseStandsBesideOursAndStays() throws Exception {
        var rule =
                new Rule(
                        SocketAddress.AF_INET,
                        Optional.of(new IpPrefix(ip("198.51.100.100"), 32)),
                        Optional.empty(),
                        100,
                        1000);
        end.run("ip", "rule", "add", "from", "198.51.100.100", "table", "100", "priority", "1000");
        assertThat(end.in(() -> netlink.add(rule))).isTrue();
        assertThat(end.in(() -> netlink.add(rule))).isFalse();
        assertThat(end.in(() -> netlink.remove(rule))).isTrue();
        assertThat(end.in(() -> netlink.remove(rule))).isFalse();
        assertThat(end.run("ip", "rule")).contains("1000:\tfrom 198.51.100.100 lookup 100");
    }

    private Route route(String to, int length, String via, String source, int table, int metric)
            throws UnknownHostException {
        return new Route(
                new IpPrefix(ip(to), length),
                Optional.of(ip(via)),
                eth0,
                source.isEmpty() ? Optional.empty() : Optional.of(ip(source)),
                table,
                metric);
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
