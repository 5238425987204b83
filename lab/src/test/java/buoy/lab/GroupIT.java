package buoy.lab;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A gateway between two links: whichever of them it loses, both of its addresses move. */
@BesideOthers
@Needs(buoy = true)
class GroupIT {
    private static final String OUTSIDE = "198.51.100.101/24";
    private static final String INSIDE = "203.0.113.1/24";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static String configuration(int priority) {
        return """
        vrrp:
          outside: {interface: eth0, router-id: 53, priority: %1$d, advertise: 100ms, addresses: [%2$s], group: edge}
          inside: {interface: eth1, router-id: 54, priority: %1$d, advertise: 100ms, addresses: [%3$s], group: edge}
        """
                .formatted(priority, OUTSIDE, INSIDE);
    }

    @Test
    void oneLinkCutMovesBothMembersAndBothComeBack() {
        try (Lan lan = Lan.open("group")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            joinInside(lan.host("inside"), lb1, lb2);
            BuoyDaemon.start(lb1, configuration(150));
            BuoyDaemon.start(lb2, configuration(100));
            awaitBoth(lb1, lb2);

            lb1.run("ip", "link", "set", "eth1", "down").orFail();
            awaitBoth(lb2, lb1);
            lb1.run("ip", "link", "set", "eth1", "up").orFail();
            awaitBoth(lb1, lb2);

            lb1.cutLink();
            awaitBoth(lb2, lb1);
            lb1.joinLink();
            awaitBoth(lb1, lb2);
        }
    }

    /** A second network: a cable from each of the hosts to a switch of its own. */
    private static void joinInside(Host inside, Host... hosts) {
        inside.run("ip", "link", "add", "br1", "up", "type", "bridge").orFail();
        int number = 11;
        for (Host host : hosts) {
            String port = "port" + number;
            Finished.of(
                            "ip",
                            "link",
                            "add",
                            port,
                            "netns",
                            anchor(inside),
                            "type",
                            "veth",
                            "peer",
                            "name",
                            "eth1",
                            "netns",
                            anchor(host))
                    .orFail();
            inside.run("ip", "link", "set", port, "master", "br1", "up").orFail();
            host.run("ip", "addr", "add", "203.0.113.%d/24".formatted(number), "dev", "eth1")
                    .orFail();
            host.run("ip", "link", "set", "eth1", "up").orFail();
            number++;
        }
    }

    /** A process by whose number the network of a host is named. */
    private static String anchor(Host host) {
        return Long.toString(host.start("anchor", "sleep", "infinity").pid());
    }

    private static void awaitBoth(Host there, Host elsewhere) {
        Await.until(
                PATIENCE,
                "both addresses on " + there + " alone",
                () ->
                        has(there, OUTSIDE)
                                && has(there, INSIDE)
                                && !has(elsewhere, OUTSIDE)
                                && !has(elsewhere, INSIDE));
    }

    private static boolean has(Host host, String address) {
        return host.run("ip", "-o", "-4", "addr", "show").orFail().contains(" " + address + " ");
    }
}
