package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Two hosts that share a router of VRID 51, a client of it, and what passes between them. */
final class VirtualMacScene {
    static final String VIP = "198.51.100.100";
    static final String VIP6 = "2001:db8:77::100";
    static final String MAC = "00:00:5e:00:01:33";
    static final String MAC6 = "00:00:5e:00:02:33";
    static final String LINK = "buoy.51.eth0";
    static final String LINK6 = "buoy6.51.eth0";

    /**
     * FRR that was cut off, and active all the while, does not announce itself when it is back:
     * where the MAC address has changed meanwhile a neighbour asks again after 45 s, 5 s and three
     * probes at the latest.
     */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int QUESTIONS = 5;

    final Host lb1;
    final Host lb2;
    final Host client;
    final Capture capture;
    private final boolean ipv6;

    VirtualMacScene(Lan lan, boolean ipv6) {
        this.ipv6 = ipv6;
        lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
        lb2 = lan.host("lb2", "198.51.100.2/24", "2001:db8:77::2/64");
        client = lan.host("client", "198.51.100.200/24", "2001:db8:77::200/64");
        capture = lan.capture();
    }

    static String buoy(int priority, boolean ipv6, String more) {
        return """
        vrrp:
          web:
            interface: eth0
            router-id: 51
            priority: %d
            advertise: 100ms
            %s
            addresses: [198.51.100.100/24%s]
        """
                .formatted(priority, more, ipv6 ? ", \"2001:db8:77::100/64\"" : "");
    }

    /** The strictest that an operator may have. */
    static void strict(Host host) {
        host.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1").orFail();
    }

    List<String> addresses() {
        return ipv6 ? List.of(VIP, VIP6) : List.of(VIP);
    }

    /** It alone advertises, and it alone answers: both from this MAC address. */
    void assertActive(Host host, String mac) {
        Advertisement last =
                Await.value(
                        PATIENCE,
                        host + " to be the only one that advertises",
                        () -> lastWhereAlone(host));
        assertThat(last.mac()).as("source of IPv4 frames").isEqualTo(mac);
        if (ipv6) {
            String expected = mac.equals(MAC) ? MAC6 : mac;
            assertThat(capture.advertisements())
                    .filteredOn(a -> !(a.from() instanceof Inet4Address) && a.priority() > 0)
                    .last()
                    .satisfies(a -> assertThat(a.mac()).as("IPv6 frames").isEqualTo(expected));
        }
        for (String address : addresses()) {
            Await.until(
                    PATIENCE,
                    address + " to answer from " + host,
                    () -> client.run("ping", "-c", "1", "-W", "1", address).exit() == 0);
        }
        assertAnswersOnce(mac);
    }

    /** The last IPv4 advertisement, if it and the two before are the host's and none resigns. */
    private Optional<Advertisement> lastWhereAlone(Host host) {
        List<Advertisement> three = fromHosts().reversed().stream().limit(3).toList();
        boolean alone =
                three.size() == 3
                        && three.stream().allMatch(a -> isOf(a, host) && a.priority() > 0);
        return alone ? Optional.of(three.getFirst()) : Optional.empty();
    }

    /** A question for the address has one answer, from this MAC address. */
    void assertAnswersOnce(String mac) {
        Instant asked = Instant.now();
        client.run("arping", "-c", Integer.toString(QUESTIONS), "-W", "0.1", "-i", "eth0", VIP);
        List<Arp> answers =
                capture.arps().stream()
                        .filter(a -> a.isReply() && !a.isGratuitous())
                        .filter(a -> a.sender().equals(address(VIP)) && a.at().isAfter(asked))
                        .toList();
        // The client's kernel may have asked by itself meanwhile.
        assertThat(answers)
                .as("answers to %d questions", QUESTIONS)
                .hasSizeBetween(QUESTIONS, 2 * QUESTIONS - 1);
        assertThat(answers).extracting(Arp::senderMac).containsOnly(mac);
    }

    /** From the first word to the last, the address had one MAC address. */
    void assertOneMac() {
        assertThat(capture.advertisements())
                .allMatch(a -> a.mac().equals(a.from() instanceof Inet4Address ? MAC : MAC6));
        assertThat(capture.arps())
                .as("ARP in the name of the address, whosoever")
                .filteredOn(a -> a.sender().equals(address(VIP)))
                .extracting(Arp::senderMac)
                .containsOnly(MAC);
    }

    /** From the last that one host said to the first that the other did after it. */
    Duration takeover(Host from, Host to) {
        List<Advertisement> all = fromHosts();
        Instant last =
                all.reversed().stream().filter(a -> isOf(a, from)).findFirst().orElseThrow().at();
        return Duration.between(
                last,
                all.stream()
                        .filter(a -> isOf(a, to) && a.at().isAfter(last))
                        .findFirst()
                        .orElseThrow()
                        .at());
    }

    private List<Advertisement> fromHosts() {
        return capture.advertisements().stream()
                .filter(a -> a.from() instanceof Inet4Address)
                .toList();
    }

    private static boolean isOf(Advertisement advertisement, Host host) {
        return advertisement.from().getHostAddress().equals(host.address());
    }

    /** How the kernel of a host is set, but for what Buoy's links themselves have. */
    static String settings(Host host) {
        return host.run(
                        "sh",
                        "-c",
                        "cd /proc/sys/net; grep -r . ipv[46]/conf/all ipv[46]/conf/default ipv[46]/conf/eth0 2>/dev/null")
                .output();
    }

    static String setting(Host host, String key) {
        return host.run("cat", "/proc/sys/net/ipv4/conf/eth0/" + key).orFail().strip();
    }

    static boolean carries(Host host, String link, String address) {
        return host.run("ip", "-o", "addr", "show", "dev", link)
                .output()
                .contains(" " + address + "/");
    }

    /** How many links with a virtual MAC address Buoy has there. */
    static long links(Host host) {
        return host.run("ip", "-o", "link")
                .orFail()
                .lines()
                .filter(l -> l.contains(": buoy"))
                .count();
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
