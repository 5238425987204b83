package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An address is added host by host, as operators do: for a while the two hosts' lists differ.
 * Nobody takes that for another router, and the addresses that stay are not touched.
 */
@BesideOthers
@Needs(buoy = true)
class AddressAddedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OLD = "198.51.100.100/24";
    private static final String NEW = "198.51.100.101/24";

    private static String configuration(int priority, String... addresses) {
        return """
        vrrp:
          web:
            interface: eth0
            router-id: 51
            priority: %d
            advertise: 100ms
            addresses: [%s]
        """
                .formatted(priority, String.join(", ", addresses));
    }

    @Test
    void anAddressAddedHostByHostMovesNothing() {
        try (Lan lan = Lan.open("added")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Capture capture = lan.capture();
            BuoyDaemon active = BuoyDaemon.start(lb1, configuration(150, OLD));
            Await.until(PATIENCE, "lb1 active", () -> lb1.carries().contains(OLD));
            BuoyDaemon backup = BuoyDaemon.start(lb2, configuration(100, OLD));
            AddressEvents events = AddressEvents.on(lb1);
            String before = described(lb1);
            Instant from = Instant.now();

            reload(active, configuration(150, OLD, NEW));
            Await.until(PATIENCE, NEW + " on lb1", () -> lb1.carries().contains(NEW));
            // Long enough for a backup that refuses the longer list to take over.
            Await.pass(Duration.ofSeconds(1));
            assertThat(lb2.carries()).doesNotContain(OLD, NEW);
            reload(backup, configuration(100, OLD, NEW));
            Await.pass(Duration.ofSeconds(1));

            assertThat(capture.advertisements().stream().filter(a -> a.at().isAfter(from)).toList())
                    .as("all advertisements are lb1's")
                    .isNotEmpty()
                    .allMatch(a -> a.mac().equals(lb1.mac()) && a.priority() == 150);
            assertThat(events.all())
                    .as("nothing was removed")
                    .noneMatch(event -> event.gone() && event.at().isAfter(from));
            assertThat(described(lb1)).as("flags of the old address").isEqualTo(before);
            assertThat(lb2.carries()).doesNotContain(OLD, NEW);
        }
    }

    private static void reload(BuoyDaemon daemon, String yaml) {
        daemon.host().write(BuoyDaemon.CONFIGURATION, yaml);
        daemon.command("reload").orFail();
    }

    /** The old address as the kernel describes it, without the lifetime, which is renewed. */
    private static String described(Host host) {
        List<String> lines =
                host.run("ip", "-o", "addr", "show", "dev", "eth0")
                        .orFail()
                        .lines()
                        .filter(line -> line.contains(OLD))
                        .map(line -> line.replaceAll("_lft \\S+", "_lft"))
                        .toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }
}
