package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code accept: false} (RFC 9568 6.1, Accept_Mode): an active router that is not the owner takes
 * no packet for its addresses, and yet its neighbours find it, to forward by.
 */
@BesideOthers
@Needs(
        value = {"curl", "nft"},
        buoy = true)
class AcceptModeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> FLOATING = List.of("198.51.100.100", "2001:db8:77::100");
    private static final List<String> OWN = List.of("198.51.100.1", "2001:db8:77::1");

    private static String yaml(boolean accept) {
        return """
        vrrp:
          web:
            interface: eth0
            router-id: 51
            addresses: [198.51.100.100/24, "2001:db8:77::100/64"]
            accept: %s
        listeners:
          http: {bind: ["0.0.0.0:80", "[::]:80"], protocol: http, pool: app}
        pools:
          app: {servers: {app1: "198.51.100.11:5000"}, health: {http: {path: /api/health}}}
        """
                .formatted(accept);
    }

    @Test
    void nothingIsTakenForTheAddressesAndNeighboursFindThem() {
        try (Lan lan = Lan.open("accept")) {
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Host lb = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host client = lan.host("client", "198.51.100.200/24", "2001:db8:77::200/64");
            BuoyDaemon buoy = BuoyDaemon.start(lb, yaml(false));
            Await.until(
                    PATIENCE,
                    "the rules, which come before an address does",
                    () -> {
                        String rules = lb.run("nft", "list", "ruleset").orFail();
                        return FLOATING.stream().allMatch(rules::contains);
                    });
            Await.until(PATIENCE, "both addresses on lb1", () -> carriesAll(lb));
            for (String address : OWN) {
                assertThat(get(client, address)).as(address).isZero();
            }
            for (String address : FLOATING) {
                assertThat(get(client, address)).as("%s: curl's timeout", address).isEqualTo(28);
                Await.until(
                        PATIENCE,
                        address + " known to its neighbours",
                        () ->
                                client.run("ip", "neigh", "show", address)
                                        .orFail()
                                        .contains(lb.mac()));
            }

            lb.write(BuoyDaemon.CONFIGURATION, yaml(true));
            buoy.command("reload").orFail();
            for (String address : FLOATING) {
                assertThat(get(client, address)).as(address).isZero();
            }
            assertThat(lb.run("nft", "list", "ruleset").orFail()).isBlank();

            lb.write(BuoyDaemon.CONFIGURATION, yaml(false));
            buoy.command("reload").orFail();
            assertThat(get(client, FLOATING.getFirst())).isEqualTo(28);
            buoy.process().kill();
            Await.until(
                    PATIENCE,
                    "the table gone with its owner",
                    () -> lb.run("nft", "list", "ruleset").orFail().isBlank());
        }
    }

    private static boolean carriesAll(Host lb) {
        List<String> carried = lb.carries();
        return FLOATING.stream()
                .allMatch(a -> carried.stream().anyMatch(c -> c.startsWith(a + "/")));
    }

    /** How curl ends. */
    private static int get(Host client, String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return client.run("curl", "--silent", "--max-time", "2", "http://" + host + "/").exit();
    }
}
