package buoy.lab;

import static buoy.lab.VirtualMacScene.LINK;
import static buoy.lab.VirtualMacScene.LINK6;
import static buoy.lab.VirtualMacScene.MAC;
import static buoy.lab.VirtualMacScene.PATIENCE;
import static buoy.lab.VirtualMacScene.VIP;
import static buoy.lab.VirtualMacScene.buoy;
import static buoy.lab.VirtualMacScene.carries;
import static buoy.lab.VirtualMacScene.links;
import static buoy.lab.VirtualMacScene.setting;
import static buoy.lab.VirtualMacScene.settings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Links with virtual MAC addresses: when they come, what they change on the host, when they go. */
@BesideOthers
@Needs(
        value = {"arping", "ping", "nft"},
        buoy = true)
class VirtualMacLifeIT {
    private static final String WITH = "virtual-mac: true";
    private static final String WITHOUT = "virtual-mac: false";

    @Test
    void aReloadMovesTheAddressesThereAndBack() {
        try (Lan lan = Lan.open("vmacreload")) {
            VirtualMacScene scene = new VirtualMacScene(lan, true);
            VirtualMacScene.strict(scene.lb1);
            String before = settings(scene.lb1);
            BuoyDaemon active = BuoyDaemon.start(scene.lb1, buoy(150, true, WITH));
            scene.assertActive(scene.lb1, MAC);
            assertThat(active.command("status").orFail())
                    .contains("virtual MAC 00:00:5e:00:01:33 on buoy.51.eth0, answering")
                    .contains("virtual MAC 00:00:5e:00:02:33 on buoy6.51.eth0, answering");
            for (boolean virtualMac : new boolean[] {false, true}) {
                reload(active, virtualMac ? WITH : WITHOUT);
                String link = virtualMac ? LINK : "eth0";
                Await.until(
                        PATIENCE,
                        "the address on " + link,
                        () ->
                                carries(scene.lb1, link, VIP)
                                        && links(scene.lb1) == (virtualMac ? 2 : 0));
                assertThat(active.command("status").orFail()).contains("active");
                scene.assertActive(scene.lb1, virtualMac ? MAC : scene.lb1.mac());
                if (!virtualMac) {
                    assertThat(settings(scene.lb1)).isEqualTo(before);
                }
            }

            // Neighbours find an address that takes nothing.
            reload(active, WITH + "\n    accept: false");
            scene.assertAnswersOnce(MAC);
            assertThat(scene.client.run("ping", "-c", "2", "-i", "0.1", "-W", "1", VIP).exit())
                    .as("ping's exit without an answer")
                    .isEqualTo(1);
            active.stop();
            assertThat(settings(scene.lb1)).isEqualTo(before);
            assertThat(links(scene.lb1)).isZero();
        }
    }

    private static void reload(BuoyDaemon daemon, String more) {
        daemon.host().write(BuoyDaemon.CONFIGURATION, buoy(150, true, more));
        daemon.command("reload").orFail();
    }

    @Test
    void aKilledProcessLosesTheAddressesAndItsNextLifeCleansUp() {
        try (Lan lan = Lan.open("vmackill")) {
            VirtualMacScene scene = new VirtualMacScene(lan, true);
            VirtualMacScene.strict(scene.lb1);
            String before = settings(scene.lb1);
            BuoyDaemon first = BuoyDaemon.start(scene.lb1, buoy(150, true, WITH));
            scene.assertActive(scene.lb1, MAC);
            BuoyDaemon.start(scene.lb2, buoy(100, true, WITH));
            first.process().kill();
            Await.until(PATIENCE, "the address gone", () -> !carries(scene.lb1, LINK, VIP));
            scene.assertActive(scene.lb2, MAC);
            // The links are still there, and arp_ignore still changed: the next life finds both.
            assertThat(links(scene.lb1)).isEqualTo(2);
            assertThat(setting(scene.lb1, "arp_ignore")).isEqualTo("1");
            BuoyDaemon next = BuoyDaemon.start(scene.lb1, buoy(50, true, WITHOUT));
            Await.until(PATIENCE, "no link left", () -> links(scene.lb1) == 0);
            assertThat(settings(scene.lb1)).isEqualTo(before);
            next.stop();
            scene.assertOneMac();
        }
    }

    @Test
    void whatOthersRemoveOrSetDownComesBack() {
        try (Lan lan = Lan.open("vmacgone")) {
            VirtualMacScene scene = new VirtualMacScene(lan, true);
            VirtualMacScene.strict(scene.lb1);
            BuoyDaemon active = BuoyDaemon.start(scene.lb1, buoy(150, true, WITH));
            scene.assertActive(scene.lb1, MAC);
            scene.lb1.run("ip", "link", "del", LINK).orFail();
            scene.assertActive(scene.lb1, MAC);
            scene.lb1.run("ip", "link", "set", LINK6, "down").orFail();
            scene.assertActive(scene.lb1, MAC);
            scene.lb1.cutLink();
            Await.until(PATIENCE, "the address gone", () -> !carries(scene.lb1, LINK, VIP));
            scene.lb1.joinLink();
            scene.assertActive(scene.lb1, MAC);
            assertThat(active.command("status").orFail()).doesNotContain("dual-active");
            active.stop();
            scene.assertOneMac();
        }
    }

    /** It would answer for every host of the network; it may once the operator has seen to that. */
    @Test
    void aKernelThatAnswersForOthersIsRefused() {
        try (Lan lan = Lan.open("vmacproxy")) {
            VirtualMacScene scene = new VirtualMacScene(lan, false);
            String proxy = "net.ipv4.conf.all.proxy_arp=";
            scene.lb1.run("sysctl", "-qw", proxy + "1").orFail();
            String version2 =
                    buoy(150, false, WITH)
                            .replace("advertise: 100ms", "version: 2\n    advertise: 1s");
            BuoyDaemon active = BuoyDaemon.start(scene.lb1, version2);
            Await.until(
                    PATIENCE,
                    "a fault that names the setting",
                    () -> active.command("status").orFail().contains("all.proxy_arp is 1"));
            assertThat(links(scene.lb1)).isZero();
            scene.lb1.run("sysctl", "-qw", proxy + "0").orFail();
            scene.assertActive(scene.lb1, MAC);
            active.stop();
            assertThat(scene.capture.advertisements()).allMatch(a -> a.version() == 2);
            scene.assertOneMac();
        }
    }
}
