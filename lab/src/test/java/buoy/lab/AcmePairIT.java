package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two hosts with one address: one orders, whichever has the address answers, both serve. */
@BesideOthers
@Needs(
        value = {"pebble", "openssl", "nft"},
        buoy = true)
class AcmePairIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "app.example.com";
    private static final String VIP = "198.51.100.100";

    private static String configuration(Host self, Host other, int priority, Host ca) {
        return """
        process: {state-directory: /run/buoy/state}
        peer:
          bind: %1$s:8405
          others: ["%2$s:8405"]
          key-file: /etc/buoy/peer.key
        vrrp:
          web:
            interface: eth0
            router-id: 51
            priority: %3$d
            advertise: 100ms
            addresses: [198.51.100.100/24]
        certificates:
          site: {acme: {directory: "%4$s", ca: /etc/buoy/pebble-ca.crt, names: [app.example.com]}}
        listeners:
          http: {bind: ["0.0.0.0:80"], protocol: http, redirect: https}
          https:
            bind: ["0.0.0.0:443"]
            protocol: http
            tls: {certificates: [site]}
            routes: [{respond: {status: 200, body: "%5$s\\n"}}]
        """
                .formatted(
                        self.address(),
                        other.address(),
                        priority,
                        Pebble.directory(ca),
                        self.name());
    }

    private static boolean has(Host host) {
        return host.carries().stream().anyMatch(each -> each.startsWith(VIP + "/"));
    }

    private static String file(Host host) {
        return host.run("cat", "/run/buoy/state/acme/site.pem").output();
    }

    @Test
    void anOrderSurvivesThatTheAddressMovesWhileTheCaLooks() {
        try (Lan lan = Lan.open("acmepair")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host ca = lan.host("ca", "198.51.100.250/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Pebble.prepare(lan, ca);
            Pebble.resolve(ca, VIP, NAME);
            Pebble.resolve(client, VIP, NAME);
            for (Host host : List.of(lb1, lb2)) {
                Pebble.trust(lan, host);
                host.write("/etc/buoy/peer.key", "a secret for this lab, long enough: 4711 0815\n");
            }
            // The CA's questions are lost, and asked again, until the address has moved.
            ca.run(
                            "nft",
                            "add table ip hold; add chain ip hold out {type filter hook output priority 0;};"
                                    + " add rule ip hold out ip daddr 198.51.100.100 tcp dport 80 drop")
                    .orFail();
            BuoyDaemon first = BuoyDaemon.start(lb1, configuration(lb1, lb2, 150, ca));
            Await.until(PATIENCE, VIP + " on lb1", () -> has(lb1));
            BuoyDaemon second = BuoyDaemon.start(lb2, configuration(lb2, lb1, 100, ca));
            second.process().awaitOutput("lb1 (198.51.100.1:8405): connected", PATIENCE);
            first.process().awaitOutput("lb2 (198.51.100.2:8405): connected", PATIENCE);
            Pebble pebble = Pebble.start(ca, Pebble.Plan.ORDINARY);
            first.process().awaitOutput("site: ready for the CA to look", PATIENCE);
            first.command("router", "resign", "web").orFail();
            Await.until(PATIENCE, VIP + " on lb2", () -> has(lb2));
            ca.run("nft", "delete table ip hold").orFail();

            first.process().awaitOutput("site: issued for app.example.com", PATIENCE);
            second.process().awaitOutput("site: taken over from lb1", PATIENCE);
            assertThat(has(lb2)).isTrue();
            assertThat(file(lb2)).isEqualTo(file(lb1)).contains("BEGIN PRIVATE KEY");
            client.write("/etc/root.crt", pebble.root());
            Await.until(PATIENCE, "lb2 serves it", () -> get(client).equals("lb2"));
            assertThat(pebble.issued()).isEqualTo(1);
            assertThat(second.command("status").orFail()).contains("198.51.100.1:8405");

            // The other host dies: the certificate and its key are here, and so is the account.
            lb2.powerOff();
            first.command("router", "resume", "web").orFail();
            Await.until(PATIENCE, "lb1 serves it", () -> get(client).equals("lb1"));
            first.process().awaitOutput("198.51.100.2:8405: lost", PATIENCE);
            assertThat(pebble.issued()).isEqualTo(1);
        }
    }

    @Test
    void hostsWithDifferentSecretsShareNothing() {
        try (Lan lan = Lan.open("acmesecret")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host ca = lan.host("ca", "198.51.100.250/24");
            Pebble.prepare(lan, ca);
            Pebble.resolve(ca, VIP, NAME);
            for (Host host : List.of(lb1, lb2)) {
                Pebble.trust(lan, host);
                host.write(
                        "/etc/buoy/peer.key", "a secret of its own, long enough: " + host + "\n");
            }
            Pebble.start(ca, Pebble.Plan.ORDINARY);
            BuoyDaemon first = BuoyDaemon.start(lb1, configuration(lb1, lb2, 150, ca));
            BuoyDaemon second = BuoyDaemon.start(lb2, configuration(lb2, lb1, 100, ca));
            first.process().awaitOutput("site: issued for app.example.com", PATIENCE);
            second.process().awaitOutput("compare peer.key-file", PATIENCE);
            assertThat(second.process().output()).doesNotContain("taken over");
            assertThat(lb2.run("ls", "/run/buoy/state/acme/site.pem").exit()).isNotZero();
        }
    }

    private static String get(Host client) {
        return client.run(
                        "curl",
                        "--silent",
                        "--max-time",
                        "5",
                        "--cacert",
                        "/etc/root.crt",
                        "https://" + NAME + "/")
                .output()
                .strip();
    }
}
