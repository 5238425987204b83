package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.RouterPlan.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hundred routers at 100 ms with two hundred addresses on one link: all of them move in hardly
 * more than the time of one. keepalived carries as many beside it, for the CPU time that takes.
 *
 * <p>Buoy joins where keepalived is active already. The other way round keepalived answers each
 * advertisement of a hundred active routers with five gratuitous ARP for each address, falls behind
 * with its own, and never becomes active for all.
 */
@Alone
@Needs(value = "keepalived", buoy = true)
class ManyRoutersIT {
    private static final int ROUTERS = 100;
    private static final int WEAK = 100;
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration DOWN =
            new RouterPlan("one", 1, 3, INTERVAL, Mode.MULTICAST, address(0)).activeDown(WEAK);
    private static final Duration LIMIT = DOWN.multipliedBy(12).dividedBy(10);
    private static final Duration WATCHED = Duration.ofSeconds(5);

    @Test
    void allMove() {
        try (Lan lan = Lan.open("many")) {
            assertThat(move(lan).slowest())
                    .isBetween(DOWN.minusMillis(10), DOWN.plus(Duration.ofSeconds(5)));
        }
    }

    /** What a busy machine made late is measured again, at most three times. */
    @Tag("soak")
    @Test
    void allMoveInHardlyMoreThanTheTimeOfOne() {
        Duration best = Duration.ofDays(1);
        for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
            try (Lan lan = Lan.open("many")) {
                Move move = move(lan);
                best = move.slowest().compareTo(best) < 0 ? move.slowest() : best;
                sayCpu(lan, move.buoy());
            }
        }
        assertThat(best).isLessThanOrEqualTo(LIMIT);
    }

    /**
     * All routers have moved to Buoy.
     *
     * @param slowest of the times from the last advertisement of one host to the first of the other
     */
    private record Move(BuoyDaemon buoy, Duration slowest) {}

    private static Move move(Lan lan) {
        Host strong = lan.host("strong", "198.51.100.1/24");
        Host weak = lan.host("weak", "198.51.100.2/24");
        Capture capture = lan.capture();
        Running active = Keepalived.start(strong, keepalived(0, 150)).process();
        Await.until(
                PATIENCE,
                "keepalived active on all",
                () -> holders(capture).equals(Set.of(strong.mac())));
        BuoyDaemon backup = BuoyDaemon.start(weak, buoy());
        backup.awaitPeers(ROUTERS, 150);
        AddressEvents events = AddressEvents.on(weak);
        Await.until(
                PATIENCE,
                "keepalived active on all, with Buoy there",
                () -> holders(capture).equals(Set.of(strong.mac())));
        active.kill();
        Instant killed = Instant.now();
        Await.until(
                PATIENCE, "Buoy active on all", () -> holders(capture).equals(Set.of(weak.mac())));
        Await.until(
                PATIENCE,
                "all addresses on the weak host",
                () -> weak.carries().size() >= 2 * ROUTERS);
        Duration slowest = slowestTakeover(capture.advertisements(), strong);
        Figures.say(
                "%d routers, %d addresses: slowest takeover %s (theory %s, limit %s), last address %s after the kill"
                        .formatted(
                                ROUTERS,
                                2 * ROUTERS,
                                Figures.ms(slowest),
                                Figures.ms(DOWN),
                                Figures.ms(LIMIT),
                                Figures.ms(Duration.between(killed, lastAdded(events, killed)))));
        return new Move(backup, slowest);
    }

    /** Who said the last word on any of the routers, once all were heard within a second. */
    private static Set<String> holders(Capture capture) {
        Map<Integer, String> last = new HashMap<>();
        Instant from = Instant.now().minusMillis(1000);
        capture.advertisements().reversed().stream()
                .takeWhile(a -> a.at().isAfter(from))
                .forEach(a -> last.putIfAbsent(a.routerId(), a.mac()));
        return last.size() == ROUTERS ? new HashSet<>(last.values()) : Set.of();
    }

    private static Duration slowestTakeover(List<Advertisement> all, Host strong) {
        Map<Integer, Instant> lastOfStrong = new HashMap<>();
        Map<Integer, Instant> firstOfWeak = new HashMap<>();
        for (Advertisement a : all) {
            if (a.mac().equals(strong.mac())) {
                lastOfStrong.put(a.routerId(), a.at());
                firstOfWeak.remove(a.routerId());
            } else {
                firstOfWeak.putIfAbsent(a.routerId(), a.at());
            }
        }
        return lastOfStrong.entrySet().stream()
                .map(
                        e ->
                                Duration.between(
                                        e.getValue(),
                                        Objects.requireNonNull(firstOfWeak.get(e.getKey()))))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** When the last of the addresses was there. */
    private static Instant lastAdded(AddressEvents events, Instant killed) {
        Map<String, Instant> first = new HashMap<>();
        events.all().stream()
                .filter(e -> !e.gone() && e.at().isAfter(killed))
                .forEach(e -> first.putIfAbsent(e.address(), e.at()));
        return first.values().stream().max(Instant::compareTo).orElseThrow();
    }

    /** Both carry a hundred routers at the same time, Buoy some and keepalived others. */
    private static void sayCpu(Lan lan, BuoyDaemon buoy) {
        Host kept = lan.host("kept", "198.51.100.3/24");
        Running keepalived = Keepalived.start(kept, keepalived(ROUTERS, 150)).process();
        Await.until(PATIENCE, "keepalived active", () -> kept.carries().size() >= 2 * ROUTERS);
        List<Long> ours = withChildren(buoy.process().pid());
        List<Long> theirs = withChildren(keepalived.pid());
        Duration oursBefore = cpu(ours);
        Duration theirsBefore = cpu(theirs);
        Await.pass(WATCHED);
        Figures.say(
                "%d active routers at 100 ms: CPU of Buoy %.1f %%, of keepalived %.1f %% of one core"
                        .formatted(
                                ROUTERS,
                                percent(cpu(ours).minus(oursBefore)),
                                percent(cpu(theirs).minus(theirsBefore))));
    }

    private static double percent(Duration cpu) {
        return 100.0 * cpu.toNanos() / WATCHED.toNanos();
    }

    private static List<Long> withChildren(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** utime and stime of proc(5), in ticks of 10 ms. */
    private static Duration cpu(List<Long> pids) {
        long ticks = 0;
        for (long pid : pids) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(words[11]) + Long.parseLong(words[12]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Duration.ofMillis(ticks * 10);
    }

    // ---- configurations: router n of two hundred has VRID n + 1 and two addresses ----

    private static String buoy() {
        var yaml = new StringBuilder("vrrp:\n");
        IntStream.range(0, ROUTERS)
                .forEach(
                        n ->
                                yaml.append(
                                        "  r%1$d: {interface: eth0, router-id: %1$d, priority: %2$d, advertise: 100ms, addresses: [%3$s, %4$s]}\n"
                                                .formatted(
                                                        n + 1,
                                                        WEAK,
                                                        address(2 * n),
                                                        address(2 * n + 1))));
        return yaml.toString();
    }

    private static String keepalived(int first, int priority) {
        var conf = new StringBuilder("global_defs {\n  vrrp_version 3\n}\n");
        IntStream.range(first, first + ROUTERS)
                .forEach(
                        n ->
                                conf.append(
                                        """
                                        vrrp_instance r%1$d {
                                          state BACKUP
                                          interface eth0
                                          virtual_router_id %1$d
                                          priority %2$d
                                          advert_int 0.1
                                          virtual_ipaddress {
                                            %3$s dev eth0
                                            %4$s dev eth0
                                          }
                                        }
                                        """
                                                .formatted(
                                                        n + 1,
                                                        priority,
                                                        address(2 * n),
                                                        address(2 * n + 1))));
        return conf.toString();
    }

    /** Four hundred, from two networks of the documentation. */
    private static String address(int n) {
        return n < 200 ? "203.0.113." + (n + 1) + "/24" : "198.51.100." + (n - 200 + 10) + "/24";
    }
}
