package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.RouterPlan.Mode;
import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The program is replaced under load, again and again. No request fails, not even one that crosses
 * the close of a kept connection, and keepalived, the peer, sees nothing of it: no priority 0, no
 * advertisement left out, no announcement to the neighbours.
 *
 * <p>A WebSocket goes on in the process where it was opened, for {@code process.drain}, and is
 * opened anew then; the same with a session of PostgreSQL.
 */
@Alone
@Needs(
        value = {"curl", "keepalived", "openssl"},
        buoy = true)
class UpgradeIT {
    private static final String VIP = "198.51.100.100";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ADVERTISE = Duration.ofSeconds(1);
    private static final int STRONG = 150;
    private static final int WEAK = 100;

    private static final List<RouterPlan> ROUTERS =
            List.of(
                    plan("web", 51, 3, Mode.MULTICAST, VIP + "/24"),
                    plan("two", 52, 2, Mode.MULTICAST, "198.51.100.102/24"),
                    plan("uni", 53, 3, Mode.UNICAST, "198.51.100.103/24"),
                    plan("six", 54, 3, Mode.MULTICAST, "2001:db8:77::104/64"));

    /** What the peer has no part in. */
    private static final String MORE =
            """
              mac:
                interface: eth0
                router-id: 55
                advertise: 1s
                virtual-mac: true
                addresses: [198.51.100.105/24]
                routes: [{to: 203.0.113.0/24, via: 198.51.100.254}]
            process: {drain: 3s}
            certificates:
              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
            listeners:
              http: {bind: ["%1$s:80"], protocol: http, pool: app}
              https: {bind: ["%1$s:443"], protocol: http, pool: app, tls: {certificates: [site]}}
            pools:
              app:
                servers: {app1: "198.51.100.11:5000", app2: "198.51.100.12:5000"}
                health: {http: {path: /api/health}, every: 1s}
            """
                    .formatted(VIP);

    private static RouterPlan plan(
            String name, int routerId, int version, Mode mode, String address) {
        return new RouterPlan(name, routerId, version, ADVERTISE, mode, address);
    }

    @Test
    void noRequestFailsAndThePeerSeesNothing() {
        upgradeUnderLoad(3);
    }

    @Tag("soak")
    @Test
    void noneFailsInTwentyUpgrades() {
        upgradeUnderLoad(20);
    }

    private static void upgradeUnderLoad(int upgrades) {
        try (Lan lan = Lan.open("upgrade")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host lb2 = lan.host("lb2", "198.51.100.2/24", "2001:db8:77::2/64");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
            Certificates.install(lan, List.of(lb1), List.of("IP:" + VIP));
            String authority = Certificates.trust(lan, client);
            AddressEvents events = AddressEvents.on(lb1);
            Keepalived peer = Keepalived.start(lb2, lb1, WEAK, ROUTERS);
            BuoyDaemon buoy =
                    BuoyDaemon.start(lb1, BuoyDaemon.vrrp(lb1, lb2, STRONG, ROUTERS) + MORE);
            for (RouterPlan router : ROUTERS) {
                Await.until(PATIENCE, router + " on lb1", () -> carries(lb1, router.address()));
                Await.until(
                        PATIENCE, router + " not on lb2", () -> !carries(lb2, router.address()));
            }
            Await.until(PATIENCE, "the virtual MAC", () -> macLink(lb1).contains("105/24"));
            Capture capture = lan.capture();
            LabClient load =
                    LabClient.start(
                            client,
                            List.of("fresh", "fresh", "http://" + VIP + "/", "100"),
                            List.of("careful", "kept", "http://" + VIP + "/slow?ms=5", "100"),
                            List.of("careful", "tls", "https://" + VIP + "/", "20", authority),
                            List.of("ws", "ws", "wss://" + VIP + "/ws", authority));
            awaitMore(load, List.of("fresh", "kept", "tls", "ws"));
            // By then the neighbours have been told of the takeover.
            Await.pass(Duration.ofSeconds(6));
            int before = announced(capture).size();
            String macBefore = macLink(lb1);
            Instant begun = Instant.now();
            List<Long> processes = new ArrayList<>(List.of(process(lb1)));
            for (int i = 1; i <= upgrades; i++) {
                String said = buoy.command("upgrade").orFail();
                long now = process(lb1);
                assertThat(said).isEqualTo("process %d has taken over".formatted(now));
                assertThat(processes).doesNotContain(now);
                assertThat(buoy.command("status").orFail()).doesNotContain("unknown");
                awaitMore(load, List.of("fresh", "kept", "tls", "ws"));
                long old = processes.getLast();
                Await.until(PATIENCE, "the old one to end", () -> !runs(lb1, old));
                processes.add(now);
            }
            Instant ended = Instant.now();
            Attempts all = load.stop();

            List<Advertisement> seen =
                    capture.advertisements().stream()
                            .filter(a -> a.at().isAfter(begun) && a.at().isBefore(ended))
                            .toList();
            Duration gap =
                    Stream.of(51, 52, 53, 54, 55)
                            .map(id -> seen.stream().filter(a -> a.routerId() == id).toList())
                            .map(Advertisement::longestGap)
                            .max(Duration::compareTo)
                            .orElseThrow();
            Figures.say(
                    "%d upgrades under load: fresh %s, kept %s (%d connections closed before a request), TLS %s (%d), WebSocket %d opened; longest gap between advertisements %s at an interval of %s"
                            .formatted(
                                    upgrades,
                                    told(all.of("fresh")),
                                    told(all.of("kept")),
                                    all.of("kept-closed").size(),
                                    told(all.of("tls")),
                                    all.of("tls-closed").size(),
                                    all.of("ws-open").size(),
                                    Figures.ms(gap),
                                    Figures.ms(ADVERTISE)));
            for (String role : List.of("fresh", "kept", "tls")) {
                assertThat(all.of(role).failures().all()).as(role).isEmpty();
            }
            assertThat(all.of("ws-open").size()).isBetween(1, upgrades + 1);
            assertThat(all.of("ws").failures().size()).isLessThanOrEqualTo(upgrades);
            assertThat(seen)
                    .as("advertised by")
                    .extracting(a -> a.from().getHostAddress())
                    .doesNotContain("198.51.100.2", "2001:db8:77:0:0:0:0:2");
            assertThat(seen).extracting(Advertisement::priority).doesNotContain(0);
            assertThat(gap).isLessThan(ADVERTISE.multipliedBy(3));
            assertThat(announced(capture)).as("announced to the neighbours").hasSize(before);
            for (RouterPlan router : ROUTERS) {
                assertThat(events.goneSince(begun, router.host())).as("%s gone", router).isEmpty();
            }
            assertThat(macLink(lb1)).isEqualTo(macBefore);
            assertThat(lb1.run("ip", "route", "show", "203.0.113.0/24").orFail()).isNotBlank();
            assertThat(peer.process().output()).contains("Entering BACKUP STATE");
            // And it ends well, with all that it has taken over.
            assertThat(buoy.command("stop").orFail()).contains("stopped");
            Await.until(PATIENCE, VIP + " on lb2", () -> carries(lb2, VIP + "/24"));
            assertThat(carries(lb1, VIP + "/24")).isFalse();
            assertThat(lb1.run("ip", "-o", "link", "show", "type", "macvlan").orFail()).isBlank();
            assertThat(lb1.run("ip", "route", "show", "203.0.113.0/24").orFail()).isBlank();
        }
    }

    /** Each visit has a session of its own; a session that goes on is cut when drain is over. */
    @Tag("soak")
    @Test
    void sessionsOfPostgresqlBeginAsEverAndNothingIsLost() {
        try (Lan lan = Lan.open("upgrade-postgres")) {
            Scenario2 scenario = new Scenario2(lan);
            String example =
                    scenario.lb1.run("cat", BuoyDaemon.CONFIGURATION).orFail()
                            + "\nprocess: {drain: 3s}\n";
            BuoyDaemon buoy = BuoyDaemon.start(scenario.lb1, example);
            scenario.postgres.awaitReady();
            Await.until(PATIENCE, VIP + " on lb1", () -> Scenario2.isActive(scenario.lb1));
            LabClient load =
                    LabClient.start(
                            scenario.client,
                            List.of("arrivals", "visits", VIP, "5432", "50"),
                            List.of("pg", "writer", VIP, "5432", "20"));
            List<String> roles = List.of("visits", "writer");
            awaitMore(load, roles);
            int upgrades = 5;
            for (int i = 1; i <= upgrades; i++) {
                long old = process(scenario.lb1);
                assertThat(buoy.command("upgrade").orFail()).contains("has taken over");
                awaitMore(load, roles);
                Await.until(PATIENCE, "the old one to end", () -> !runs(scenario.lb1, old));
            }
            awaitMore(load, roles);
            Attempts all = load.stop();
            Figures.say(
                    "%d upgrades under PostgreSQL: visits %s, one long session %s, compared %s"
                            .formatted(
                                    upgrades,
                                    told(all.of("visits")),
                                    told(all.of("writer")),
                                    all.of("writer-compare").reasons()));
            assertThat(all.of("visits").failures().all()).isEmpty();
            assertThat(all.of("writer").failures().size()).isLessThanOrEqualTo(upgrades);
            assertThat(all.of("writer-compare").size()).isEqualTo(1);
            assertThat(all.of("writer-compare").failures().all()).isEmpty();
        }
    }

    private static boolean carries(Host host, String address) {
        return host.carries().contains(address);
    }

    /** Its link with the virtual MAC address: index, flags and addresses, but for lifetimes. */
    private static String macLink(Host host) {
        return host.run("ip", "-o", "addr", "show", "type", "macvlan")
                .orFail()
                .replaceAll("valid_lft \\S+ preferred_lft \\S+", "");
    }

    private static List<Arp> announced(Capture capture) {
        return capture.arps().stream()
                .filter(arp -> arp.isGratuitous() && arp.sender().getHostAddress().equals(VIP))
                .toList();
    }

    /** Who has the place is named by the lock. */
    private static long process(Host host) {
        return Long.parseLong(host.run("cat", "/run/buoy/admin.sock.lock").orFail().trim());
    }

    /** Whoever started it may not have asked how it ended yet: then it is a zombie. */
    private static boolean runs(Host host, long process) {
        return host.run("grep", "-q", "^State:.[^Z]", "/proc/" + process + "/status").exit() == 0;
    }

    private static String told(Attempts attempts) {
        return "%d of %d failed %s"
                .formatted(attempts.failures().size(), attempts.size(), attempts.reasons());
    }

    private static void awaitMore(LabClient load, List<String> roles) {
        Instant since = Instant.now();
        for (String role : roles) {
            Await.until(
                    PATIENCE,
                    "20 successes of " + role,
                    () ->
                            load.attempts(role).successes().all().stream()
                                            .filter(a -> a.start().isAfter(since))
                                            .count()
                                    >= 20);
        }
    }
}
