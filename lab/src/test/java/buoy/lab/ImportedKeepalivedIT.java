package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two hosts of keepalived move to Buoy one after the other, and back: the same files, and what
 * {@code buoy import} makes of them. Whoever is active has the same addresses, and the same program
 * is told with the same arguments.
 */
@BesideOthers
@Needs(
        value = {"keepalived"},
        buoy = true)
class ImportedKeepalivedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> FLOATING =
            List.of(
                    "198.51.100.100/24",
                    "198.51.100.101/32",
                    "2001:db8:77::100/64",
                    "203.0.113.1/25",
                    "fe80::51/64",
                    "2001:db8:88::1/64");

    /** Version 2 with a password by multicast, version 3 by unicast, and IPv6. */
    private static String configuration(Host host, Host peer, int priority) {
        return """
            global_defs {
                router_id %1$s
                script_user root
                vrrp_garp_master_delay 1
            }
            vrrp_script alive {
                script "/bin/test ! -e /run/amiss"
                interval 1
            }
            vrrp_script weighs {
                script "/bin/test ! -e /run/weak"
                interval 1
                weight 20
            }
            vrrp_instance web {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority %2$d
                advert_int 1
                authentication {
                    auth_type PASS
                    auth_pass secretive
                }
                virtual_ipaddress {
                    198.51.100.100/24 dev eth0
                    198.51.100.101
                }
                virtual_ipaddress_excluded {
                    2001:db8:77::100/64
                }
                virtual_routes {
                    203.0.113.128/25 via 198.51.100.254 dev eth0
                }
                track_script {
                    alive
                }
                notify_master "/bin/sh /etc/keepalived/told.sh 'to master'"
                notify "/bin/sh /etc/keepalived/told.sh any"
                notify_stop "/bin/sh /etc/keepalived/told.sh stopped"
            }
            vrrp_instance inside {
                state BACKUP
                interface eth0
                virtual_router_id 52
                version 3
                priority %2$d
                advert_int 0.2
                unicast_src_ip %3$s
                unicast_peer {
                    %4$s
                }
                virtual_ipaddress {
                    203.0.113.1/25
                }
                track_script {
                    weighs
                }
            }
            vrrp_instance six {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority %2$d
                advert_int 0.5
                virtual_ipaddress {
                    fe80::51/64
                    2001:db8:88::1/64
                }
            }
            """
                .formatted(host.name(), priority, host.address(), peer.address());
    }

    @Test
    void hostsMoveOneAfterTheOtherAndBack() throws IOException {
        try (Lan lan = Lan.open("import")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host lb2 = lan.host("lb2", "198.51.100.2/24", "2001:db8:77::2/64");
            String one = configuration(lb1, lb2, 150);
            String two = configuration(lb2, lb1, 100);
            carryOver(lb1, lb2, one, two);

            // As it was.
            Keepalived before = Keepalived.start(lb1, one);
            Keepalived backup = Keepalived.start(lb2, two);
            awaitOn(lb1, lb2);
            before.stop();
            awaitOn(lb2, lb1);
            Keepalived again = Keepalived.start(lb1, one);
            awaitOn(lb1, lb2);
            backup.stop();
            List<List<String>> toldByKeepalived = told(lb2);

            // The backup first.
            Files.delete(lb2.file("/run/told"));
            BuoyDaemon buoy = BuoyDaemon.start(lb2);
            buoy.awaitPeers(2, 150);
            awaitOn(lb1, lb2);
            again.stop();
            awaitOn(lb2, lb1);

            // keepalived comes again, and is the better one.
            Keepalived once = Keepalived.start(lb1, one);
            awaitOn(lb1, lb2);
            buoy.stop();
            // Buoy lowers its priority to 1 when it resigns.
            assertThat(told(lb2))
                    .containsExactlyElementsOf(
                            toldByKeepalived.stream()
                                    .map(
                                            lines ->
                                                    lines.stream()
                                                            .map(
                                                                    line ->
                                                                            line.replace(
                                                                                    "STOP 100",
                                                                                    "STOP 1"))
                                                            .toList())
                                    .toList());

            // Then the active one; what it tracks lowers the same priority by the same.
            once.stop();
            BuoyDaemon second = BuoyDaemon.start(lb2);
            awaitOn(lb2, lb1);
            BuoyDaemon first = BuoyDaemon.start(lb1);
            awaitOn(lb1, lb2);

            // And back.
            second.stop();
            Keepalived back = Keepalived.start(lb2, two);
            first.stop();
            awaitOn(lb2, lb1);
            back.stop();
        }
    }

    /** A group of two: what fails one of them moves both, and both come back. */
    @Test
    void aGroupMovesAsOne() throws IOException {
        try (Lan lan = Lan.open("group")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            String one = pair(lb1, 150);
            String two = pair(lb2, 100);
            carryOver(lb1, lb2, one, two);

            VrrpDaemon first = Keepalived.start(lb1, one);
            VrrpDaemon second = Keepalived.start(lb2, two);
            List<String> toldByKeepalived = oneFailsAndRecovers(lb1, lb2);
            first.stop();
            awaitPairOn(lb2, lb1);
            second.stop();

            first = BuoyDaemon.start(lb1);
            second = BuoyDaemon.start(lb2);
            assertThat(oneFailsAndRecovers(lb1, lb2))
                    .containsExactlyElementsOf(toldByKeepalived)
                    .contains("GROUP pair FAULT 0", "GROUP pair MASTER 0");

            // One of each, either way around.
            second.stop();
            second = Keepalived.start(lb2, two);
            oneFailsAndRecovers(lb1, lb2);
            first.stop();
            awaitPairOn(lb2, lb1);
            second.stop();
            first = Keepalived.start(lb1, one);
            second = BuoyDaemon.start(lb2);
            oneFailsAndRecovers(lb1, lb2);
            first.stop();
            awaitPairOn(lb2, lb1);
            second.stop();
        }
    }

    /**
     * What tracks the inner router fails on the active host, and is well again.
     *
     * @return what the active host was told meanwhile
     */
    private static List<String> oneFailsAndRecovers(Host active, Host other) throws IOException {
        awaitPairOn(active, other);
        awaitLast(active, "MASTER");
        Files.delete(active.file("/run/told"));
        active.write("/run/amiss", "");
        awaitPairOn(other, active);
        awaitLast(active, "FAULT");
        Files.delete(active.file("/run/amiss"));
        awaitPairOn(active, other);
        awaitLast(active, "MASTER");
        return lines(active);
    }

    private static void awaitPairOn(Host host, Host other) {
        List<String> pair = List.of("198.51.100.100/24", "203.0.113.1/25");
        Await.until(
                PATIENCE,
                "both of the group on " + host + " alone",
                () ->
                        host.carries().containsAll(pair)
                                && other.carries().stream().noneMatch(pair::contains));
    }

    private static void awaitLast(Host host, String state) {
        Await.until(
                PATIENCE,
                "the group's programs to be told of " + state + " on " + host,
                () -> !lines(host).isEmpty() && lines(host).getLast().contains(state));
    }

    private static String pair(Host host, int priority) {
        return """
            global_defs {
                router_id %1$s
                script_user root
            }
            vrrp_script alive {
                script "/bin/test ! -e /run/amiss"
                interval 1
            }
            vrrp_sync_group pair {
                group {
                    outside
                    inside
                }
                notify "/bin/sh /etc/keepalived/told.sh"
            }
            vrrp_instance outside {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority %2$d
                advert_int 1
                virtual_ipaddress {
                    198.51.100.100/24
                }
            }
            vrrp_instance inside {
                state BACKUP
                interface eth0
                virtual_router_id 52
                priority %2$d
                advert_int 1
                virtual_ipaddress {
                    203.0.113.1/25
                }
                track_script {
                    alive
                }
            }
            """
                .formatted(host.name(), priority);
    }

    /**
     * Both files on both hosts, and what comes of them; the program that is told writes it down.
     */
    private static void carryOver(Host lb1, Host lb2, String one, String two) {
        for (Host host : List.of(lb1, lb2)) {
            host.write("/etc/keepalived/told.sh", "echo \"$@\" >>/run/told\n");
            host.write("/etc/import/lb1/keepalived.conf", one);
            host.write("/etc/import/lb2/keepalived.conf", two);
            host.makeDirectory("/etc/buoy");
            host.run(
                            "/bin/sh",
                            "-c",
                            "%s import /etc/import/lb1/keepalived.conf /etc/import/lb2/keepalived.conf >%s 2>/etc/buoy/remarks"
                                    .formatted(BuoyDaemon.program(), BuoyDaemon.CONFIGURATION))
                    .orFail();
        }
    }

    /** All that floats is on one host and not on the other. */
    private static void awaitOn(Host host, Host other) {
        Await.until(
                PATIENCE,
                "what floats on " + host + " alone",
                () ->
                        host.carries().containsAll(FLOATING)
                                && other.carries().stream().noneMatch(FLOATING::contains)
                                && routes(host).contains("203.0.113.128/25 via 198.51.100.254")
                                && !routes(other).contains("203.0.113.128/25 via"));
    }

    private static String routes(Host host) {
        return host.run("ip", "-4", "route").orFail();
    }

    /**
     * What the programs were told, each in its own order, once both were told of the end:
     * keepalived starts all that it tells of one change at the same time, and either may write
     * first.
     */
    private static List<List<String>> told(Host host) {
        Await.until(
                PATIENCE,
                "the last words on " + host,
                () ->
                        lines(host).contains("stopped")
                                && lines(host).stream().anyMatch(line -> line.contains(" STOP ")));
        return Stream.of("any ", "to ", "stopped")
                .map(who -> lines(host).stream().filter(line -> line.startsWith(who)).toList())
                .toList();
    }

    private static List<String> lines(Host host) {
        try {
            return Files.exists(host.file("/run/told"))
                    ? Files.readAllLines(host.file("/run/told"))
                    : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
