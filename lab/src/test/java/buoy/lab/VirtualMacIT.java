package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code virtual-mac: true} beside Buoy, and beside the peers that do the same: whoever is active
 * speaks and answers from one MAC address for each family, and nobody else does. Beside FRR's
 * vrrpd, which cannot be without, also Buoy's own default.
 */
@BesideOthers
@Needs(
        value = {"keepalived", "vrrpd", "arping", "ping"},
        buoy = true)
class VirtualMacIT {
    private static final int STRONG = 150;
    private static final int WEAK = 100;
    private static final RouterPlan ROUTER =
            new RouterPlan(
                    "web",
                    51,
                    3,
                    Duration.ofMillis(100),
                    RouterPlan.Mode.MULTICAST,
                    "198.51.100.100/24");

    private enum Speaker {
        BUOY,
        /** Buoy without a virtual MAC address. */
        PLAIN,
        KEEPALIVED,
        FRR;

        VrrpDaemon start(Host host, int priority, boolean ipv6) {
            return switch (this) {
                case BUOY, PLAIN -> {
                    String virtualMac = "virtual-mac: " + (this == BUOY);
                    yield BuoyDaemon.start(host, VirtualMacScene.buoy(priority, ipv6, virtualMac));
                }
                case KEEPALIVED -> Keepalived.start(host, keepalived(priority));
                case FRR -> Frr.start(host, priority, List.of(ROUTER));
            };
        }

        /** The others leave to the operator what Buoy sees to. */
        void prepare(Host host) {
            switch (this) {
                case BUOY, PLAIN -> VirtualMacScene.strict(host);
                case KEEPALIVED, FRR ->
                        host.run(
                                        "sysctl",
                                        "-qw",
                                        "net.ipv4.conf.all.arp_ignore=1",
                                        "net.ipv4.conf.all.arp_announce=2")
                                .orFail();
            }
        }

        String mac(Host host) {
            return this == PLAIN ? host.mac() : VirtualMacScene.MAC;
        }
    }

    private static String keepalived(int priority) {
        return """
        global_defs {
            vrrp_version 3
        }
        vrrp_instance four {
            state BACKUP
            interface eth0
            use_vmac
            virtual_router_id 51
            priority %1$d
            advert_int 0.1
            virtual_ipaddress {
                198.51.100.100/24
            }
        }
        vrrp_instance six {
            state BACKUP
            interface eth0
            use_vmac
            virtual_router_id 51
            priority %1$d
            advert_int 0.1
            virtual_ipaddress {
                2001:db8:77::100/64
            }
        }
        """
                .formatted(priority);
    }

    @ParameterizedTest(name = "active {0}, backup {1}")
    @CsvSource("BUOY, BUOY, true")
    void aTakeoverIsNoNewsToANeighbour(Speaker active, Speaker backup, boolean ipv6) {
        loseStopAndLook(active, backup, ipv6);
    }

    @Tag("soak")
    @ParameterizedTest(name = "active {0}, backup {1}")
    @CsvSource({
        "BUOY, KEEPALIVED, true",
        "KEEPALIVED, BUOY, true",
        "BUOY, FRR, false",
        "FRR, BUOY, false",
        "PLAIN, FRR, false",
        "FRR, PLAIN, false"
    })
    void besideOthersNeither(Speaker active, Speaker backup, boolean ipv6) {
        loseStopAndLook(active, backup, ipv6);
    }

    /** The active one is lost without a word and comes back; then it stops in good order. */
    private static void loseStopAndLook(Speaker active, Speaker backup, boolean ipv6) {
        try (Lan lan = Lan.open("vmac")) {
            VirtualMacScene scene = new VirtualMacScene(lan, ipv6);
            active.prepare(scene.lb1);
            String before = VirtualMacScene.settings(scene.lb1);
            backup.prepare(scene.lb2);
            backup.start(scene.lb2, WEAK, ipv6);
            scene.assertActive(scene.lb2, backup.mac(scene.lb2));
            VrrpDaemon strong = active.start(scene.lb1, STRONG, ipv6);
            scene.assertActive(scene.lb1, active.mac(scene.lb1));

            Neighbour client = new Neighbour(scene.client, scene.addresses());
            Instant losing = Instant.now();
            scene.lb1.isolate();
            scene.assertActive(scene.lb2, backup.mac(scene.lb2));
            Duration silent = scene.takeover(scene.lb1, scene.lb2);
            client.awaitAnswers();
            Duration silentGap = client.longestSilenceSince(losing);
            scene.lb1.rejoin();
            scene.assertActive(scene.lb1, active.mac(scene.lb1));
            client.awaitAnswers();
            Instant stopping = Instant.now();
            strong.stop();
            scene.assertActive(scene.lb2, backup.mac(scene.lb2));
            Duration graceful = scene.takeover(scene.lb1, scene.lb2);
            client.awaitAnswers();
            Figures.say(
                    "virtual MAC %s -> %s, 100 ms: silent %s, client unanswered %s; graceful %s, client unanswered %s"
                            .formatted(
                                    active,
                                    backup,
                                    Figures.ms(silent),
                                    Figures.ms(silentGap),
                                    Figures.ms(graceful),
                                    Figures.ms(client.longestSilenceSince(stopping))));
            assertThat(silent)
                    .as("silence until takeover")
                    .isBetween(ROUTER.activeDown(WEAK).minusMillis(15), Duration.ofSeconds(2));
            assertThat(graceful)
                    .as("priority 0 until takeover")
                    .isLessThan(ROUTER.activeDown(WEAK));
            if (active != Speaker.PLAIN && backup != Speaker.PLAIN) {
                scene.assertOneMac();
                assertThat(client.learnt())
                        .as("what the client knew of the addresses")
                        .isEqualTo(
                                ipv6
                                        ? Set.of(VirtualMacScene.MAC, VirtualMacScene.MAC6)
                                        : Set.of(VirtualMacScene.MAC));
            }
            if (active == Speaker.BUOY) {
                assertThat(VirtualMacScene.settings(scene.lb1)).as("settings").isEqualTo(before);
                assertThat(VirtualMacScene.links(scene.lb1)).as("links left").isZero();
            }
        }
    }
}
