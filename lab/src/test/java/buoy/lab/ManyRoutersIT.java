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
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A hundred routers at 100 ms with two hundred addresses on one link: all of them move in hardly
 * more than the time of one. keepalived carries as many beside it, for the CPU time that takes.
 * What a busy machine made late is measured again, at most three times.
 */
@Needs(value = "keepalived", buoy = true)
class ManyRoutersIT {
    private static final int ROUTERS = 100;
    private static final int WEAK = 100;
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final RouterPlan ONE =
            new RouterPlan("one", 1, 3, INTERVAL, Mode.MULTICAST, "203.0.113.1/24");
    private static final Duration LIMIT = ONE.activeDown(WEAK).multipliedBy(12).dividedBy(10);
    private static final Duration WATCHED = Duration.ofSeconds(5);

    /** Two addresses for each router, from two networks of the documentation. */
    private static List<String> addresses(int id) {
        return List.of("203.0.113." + id + "/24", "198.51.100." + (100 + id % 100) + "/24");
    }

    private static String buoy() {
        var yaml = new StringBuilder("vrrp:\n");
        IntStream.rangeClosed(1, ROUTERS)
                .forEach(
                        id ->
                                yaml.append(
                                        "  r%d: {interface: eth0, router-id: %d, priority: %d, advertise: 100ms, addresses: [%s]}\n"
                                                .formatted(
                                                        id,
                                                        id,
                                                        WEAK,
                                                        String.join(", ", addresses(id)))));
        return yaml.toString();
    }

    private static String keepalived(int firstId, int priority) {
        var conf = new StringBuilder("global_defs {\n  vrrp_version 3\n}\n");
        IntStream.range(0, ROUTERS)
                .forEach(
                        i ->
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
                                                        firstId + i,
                                                        priority,
                                                        addresses(i + 1).getFirst(),
                                                        addresses(i + 1).getLast())));
        return conf.toString();
    }

    @Test
    void allMoveInHardlyMoreThanTheTimeOfOne() {
        try (Lan lan = Lan.open("many")) {
            Host strong = lan.host("strong", "198.51.100.1/24");
            Host weak = lan.host("weak", "198.51.100.2/24");
            Capture capture = lan.capture();
            AddressEvents events = AddressEvents.on(weak);
            BuoyDaemon backup = BuoyDaemon.start(weak, buoy());
            Duration best = Duration.ofDays(1);
            for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
                Running active = Keepalived.start(strong, keepalived(1, 150)).process();
                Await.until(
                        PATIENCE,
                        "the strong host active on all, and its routers alone",
                        () -> holders(capture).equals(Set.of(strong.mac())));
                active.kill();
                Instant killed = Instant.now();
                Duration slowest = slowestTakeover(capture, strong, killed);
                Await.until(
                        PATIENCE,
                        "all addresses on the weak host",
                        () -> weak.carries().size() >= 2 * ROUTERS);
                Instant lastAdded =
                        events.all().stream()
                                .filter(e -> !e.gone() && e.at().isAfter(killed))
                                .collect(
                                        HashMap<String, Instant>::new,
                                        (first, e) -> first.putIfAbsent(e.address(), e.at()),
                                        HashMap::putAll)
                                .values()
                                .stream()
                                .max(Instant::compareTo)
                                .orElseThrow();
                Figures.say(
                        "%d routers, %d addresses: slowest takeover %s (limit %s), last address %s after the kill"
                                .formatted(
                                        ROUTERS,
                                        2 * ROUTERS,
                                        Figures.ms(slowest),
                                        Figures.ms(LIMIT),
                                        Figures.ms(Duration.between(killed, lastAdded))));
                best = slowest.compareTo(best) < 0 ? slowest : best;
            }
            assertThat(best).isLessThanOrEqualTo(LIMIT);
            sayCpu(lan, backup);
        }
    }

    /** Who said the last word on any of the routers, of those heard within a second. */
    private static Set<String> holders(Capture capture) {
        Map<Integer, String> last = new HashMap<>();
        Instant from = Instant.now().minusMillis(1000);
        capture.advertisements().stream()
                .filter(a -> a.at().isAfter(from))
                .forEach(a -> last.put(a.routerId(), a.mac()));
        return last.size() == ROUTERS ? new HashSet<>(last.values()) : Set.of();
    }

    private static Duration slowestTakeover(Capture capture, Host strong, Instant killed) {
        Await.until(
                PATIENCE,
                "takeover of all",
                () -> {
                    Set<String> holders = holders(capture);
                    return holders.size() == 1 && !holders.contains(strong.mac());
                });
        Map<Integer, Instant> lastOfStrong = new HashMap<>();
        Map<Integer, Instant> firstOfWeak = new HashMap<>();
        for (Advertisement a : capture.advertisements()) {
            if (a.at().isBefore(killed.minusSeconds(2))) {
                continue;
            }
            if (a.mac().equals(strong.mac())) {
                lastOfStrong.put(a.routerId(), a.at());
                firstOfWeak.remove(a.routerId());
            } else {
                firstOfWeak.putIfAbsent(a.routerId(), a.at());
            }
        }
        assertThat(lastOfStrong).hasSize(ROUTERS);
        return lastOfStrong.entrySet().stream()
                .map(e -> Duration.between(e.getValue(), firstOfWeak.get(e.getKey())))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** Both carry a hundred routers at the same time, Buoy some and keepalived others. */
    private static void sayCpu(Lan lan, BuoyDaemon buoy) {
        Host kept = lan.host("kept", "198.51.100.3/24");
        Running keepalived = Keepalived.start(kept, keepalived(101, 150)).process();
        Await.until(PATIENCE, "keepalived active", () -> kept.carries().size() >= 2 * ROUTERS);
        List<Long> keepalivedPids = withChildren(keepalived.pid());
        Duration ours = cpu(withChildren(buoy.process().pid()));
        Duration theirs = cpu(keepalivedPids);
        Await.pass(WATCHED);
        ours = cpu(withChildren(buoy.process().pid())).minus(ours);
        theirs = cpu(keepalivedPids).minus(theirs);
        Figures.say(
                "%d active routers at 100 ms: CPU of Buoy %.2f %%, of keepalived %.2f %% of one core"
                        .formatted(ROUTERS, percent(ours), percent(theirs)));
    }

    private static double percent(Duration cpu) {
        return 100.0 * cpu.toNanos() / WATCHED.toNanos();
    }

    private static List<Long> withChildren(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(process), process.descendants())
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
}
