package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Routes and rules are where the addresses are; {@code ip} is the judge. */
@BesideOthers
@Needs(buoy = true)
class RoutesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String ROUTES =
            """
                routes:
                  - {to: 203.0.113.0/24, via: 198.51.100.254, source: 198.51.100.100}
                  - {to: default, via: 198.51.100.254, table: 100}
                  - {to: "2001:db8:99::/48", via: "2001:db8:77::fe", metric: 50}
                rules:
                  - {from: 198.51.100.100, table: 100, priority: 1000}
                  - {from: "2001:db8:77::100", table: 100, priority: 1000}
            """;

    private static String configuration(int priority, String routes) {
        return """
        vrrp:
          web:
            interface: eth0
            router-id: 51
            priority: %d
            advertise: 100ms
            addresses: [198.51.100.100/24, "2001:db8:77::100/64"]
        %s
        """
                .formatted(priority, routes);
    }

    @Test
    void goWithTheAddressesAndComeBackWhenSomebodyRemovesThem() {
        try (Lan lan = Lan.open("routes")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host lb2 = lan.host("lb2", "198.51.100.2/24", "2001:db8:77::2/64");
            lb1.run("ip", "route", "add", "203.0.113.64/26", "via", "198.51.100.253").orFail();
            BuoyDaemon first = BuoyDaemon.start(lb1, configuration(150, ROUTES));
            BuoyDaemon.start(lb2, configuration(100, ROUTES));
            awaitAll(lb1);
            assertNone(lb2);

            lb1.run("ip", "route", "del", "203.0.113.0/24").orFail();
            lb1.run("ip", "-6", "rule", "del", "priority", "1000").orFail();
            awaitAll(lb1);
            // With it go the routes that prefer it as their source.
            lb1.run("ip", "addr", "del", "198.51.100.100/24", "dev", "eth0").orFail();
            awaitAll(lb1);

            lb1.write(
                    BuoyDaemon.CONFIGURATION,
                    configuration(
                            150,
                            """
                                routes: [{to: default, via: 198.51.100.254, table: 100}]
                            """));
            first.command("reload").orFail();
            Await.until(
                    PATIENCE,
                    "the difference removed",
                    () -> routes(lb1, "-4").lines().count() == 1 && rules(lb1).isBlank());
            assertThat(routes(lb1, "-4")).contains("default via 198.51.100.254 dev eth0");

            first.stop();
            assertNone(lb1);
            assertThat(lb1.run("ip", "route").orFail()).contains("203.0.113.64/26");
            awaitAll(lb2);
        }
    }

    @Test
    void theNextStartRemovesWhatAKilledProcessLeft() {
        try (Lan lan = Lan.open("leftroutes")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            BuoyDaemon first = BuoyDaemon.start(lb1, configuration(150, ROUTES));
            awaitAll(lb1);
            // keepalived's are not taken for ours.
            lb1.run("ip", "rule", "add", "from", "198.51.100.9", "table", "9", "protocol", "18")
                    .orFail();
            first.process().kill();
            Await.until(PATIENCE, "the end of Buoy", () -> !first.process().isAlive());
            assertThat(rules(lb1)).isNotBlank();
            BuoyDaemon.start(lb1, configuration(150, ""));
            Await.until(PATIENCE, "nothing left", () -> rules(lb1).isBlank());
            assertNone(lb1);
            assertThat(lb1.run("ip", "rule").orFail()).contains("from 198.51.100.9 lookup 9");
        }
    }

    @Test
    void aRouteThatCannotBeIsSaidAndStopsNothing() {
        try (Lan lan = Lan.open("noroute")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            lb1,
                            configuration(
                                    150,
                                    """
                                        routes: [{to: 203.0.113.0/24, via: 203.0.113.1}]
                                    """));
            Await.until(
                    PATIENCE,
                    "the address on lb1",
                    () -> lb1.carries().contains("198.51.100.100/24"));
            Await.until(
                    PATIENCE,
                    "a word about the route",
                    () -> buoy.process().output().contains("203.0.113.0/24"));
            Await.pass(Duration.ofSeconds(2));
            assertThat(buoy.process().output().lines())
                    .filteredOn(line -> line.contains("route to 203.0.113.0/24"))
                    .singleElement()
                    .asString()
                    .contains("ENETUNREACH")
                    .contains("check addresses and routes");
            assertThat(buoy.command("status").orFail()).contains("active");
        }
    }

    private static void awaitAll(Host host) {
        Await.until(
                PATIENCE,
                "every route and rule on " + host,
                () ->
                        routes(host, "-4").lines().count() == 2
                                && routes(host, "-6").lines().count() == 1
                                && rules(host).lines().count() == 2);
        assertThat(routes(host, "-4"))
                .contains("203.0.113.0/24 via 198.51.100.254 dev eth0")
                .contains("src 198.51.100.100")
                .contains("default via 198.51.100.254 dev eth0 table 100");
        assertThat(routes(host, "-6"))
                .contains("2001:db8:99::/48 via 2001:db8:77::fe dev eth0", "metric 50");
        assertThat(rules(host))
                .contains("1000:\tfrom 198.51.100.100 lookup 100")
                .contains("1000:\tfrom 2001:db8:77::100 lookup 100");
    }

    private static void assertNone(Host host) {
        assertThat(routes(host, "-4") + routes(host, "-6") + rules(host))
                .as("routes and rules on " + host)
                .isBlank();
    }

    /** Those that bear our number. */
    private static String routes(Host host, String family) {
        return host.run("ip", family, "route", "show", "table", "all", "proto", "112").orFail();
    }

    private static String rules(Host host) {
        String all = host.run("ip", "-4", "rule").orFail() + host.run("ip", "-6", "rule").orFail();
        return String.join("\n", all.lines().filter(line -> line.contains("proto 112")).toList());
    }
}
