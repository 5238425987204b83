package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Timing;
import buoy.vrrp.core.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whole speakers on a simulated LAN, many seeds each. A failure names its seed; {@code
 * -Dbuoy.lan.seed=N} runs that one alone, {@code -Dbuoy.lan.stories=N} so many.
 */
class LanTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final int STORIES = Integer.getInteger("buoy.lan.stories", 150);
    private static final Duration LONGEST_DELAY = Duration.ofMillis(1);

    /**
     * What happens in one story: some routers of one VRID, all configured alike but in priority.
     */
    private record Cast(SimulatedLan lan, Routers shared, List<Routers> routers) {
        Duration interval() {
            return shared.router().advertise();
        }

        Version version() {
            return Identity.version(shared.router());
        }

        /** How long the slowest of them takes to believe that the active router is gone. */
        Duration activeDown() {
            return Timing.activeDown(version(), Priority.LAST_RESORT, interval());
        }

        int priority(SimulatedHost host) {
            return routers.get(lan.hosts.indexOf(host)).router().priority();
        }
    }

    private static Cast cast(long seed, boolean preempting) {
        SimulatedLan lan = new SimulatedLan(seed);
        Random random = lan.random;
        Routers shared = Routers.web().preempting(preempting);
        if (random.nextInt(3) == 0) {
            shared = shared.version2().every(Duration.ofSeconds(1 + random.nextInt(3)));
        } else {
            shared = shared.every(Duration.ofMillis(10L * (1 + random.nextInt(200))));
        }
        shared = shared.lifetime(Duration.ofSeconds(random.nextInt(4)));
        int hosts = 2 + random.nextInt(3);
        List<Routers> routers = new ArrayList<>();
        for (int i = 1; i <= hosts; i++) {
            // Few priorities, so that ties are common.
            routers.add(shared.priority(100 + 20 * random.nextInt(3)));
            lan.host("198.51.100." + i).runs(routers.getLast());
        }
        lan.longestDelay = LONGEST_DELAY;
        return new Cast(lan, shared, routers);
    }

    @Test
    void exactlyOneIsActiveAfterOneActiveDownTimeAndItIsTheBest() {
        stories(
                seed -> {
                    Cast cast = cast(seed, true);
                    cast.lan().run(cast.activeDown().plus(LONGEST_DELAY));
                    assertOneActive(cast);
                    assertThat(cast.lan().actives("web")).containsExactly(best(cast));
                });
    }

    @Test
    void aSilentLossIsReplacedAfterOneActiveDownTimeAndNotBefore() {
        stories(
                seed -> {
                    Cast cast = cast(seed, true);
                    SimulatedLan lan = cast.lan();
                    lan.run(cast.activeDown().multipliedBy(2));
                    SimulatedHost lost = best(cast);
                    lan.run(within(lan.random, cast.interval()));
                    lan.separate(lost, 1);
                    SimulatedHost heir = best(cast, lost);
                    Duration down =
                            Timing.activeDown(
                                    cast.version(),
                                    new Priority(cast.priority(heir)),
                                    cast.interval());
                    lan.run(down.minus(cast.interval()).minus(LONGEST_DELAY));
                    assertThat(activesExcept(lan, lost)).isEmpty();
                    lan.run(cast.interval().plus(LONGEST_DELAY.multipliedBy(2)));
                    assertThat(activesExcept(lan, lost))
                            .singleElement()
                            .matches(host -> cast.priority(host) == cast.priority(heir));
                });
    }

    @Test
    void aStopIsReplacedAfterTheSkewTime() {
        stories(
                seed -> {
                    Cast cast = cast(seed, true);
                    SimulatedLan lan = cast.lan();
                    lan.run(cast.activeDown().multipliedBy(2));
                    SimulatedHost stopped = best(cast);
                    SimulatedHost heir = best(cast, stopped);
                    stopped.stop();
                    Duration skew =
                            Timing.skew(
                                    cast.version(),
                                    new Priority(cast.priority(heir)),
                                    cast.interval());
                    lan.run(skew.plus(LONGEST_DELAY.multipliedBy(2)));
                    assertThat(stopped.holds(VIRTUAL)).isFalse();
                    assertThat(lan.actives("web"))
                            .singleElement()
                            .matches(host -> cast.priority(host) == cast.priority(heir));
                });
    }

    @Test
    void twoActivesLastNoLongerThanOneIntervalAfterTheLanHeals() {
        stories(
                seed -> {
                    Cast cast = cast(seed, seed % 2 == 0);
                    SimulatedLan lan = cast.lan();
                    lan.run(cast.activeDown().multipliedBy(2));
                    lan.hosts.forEach(host -> lan.separate(host, lan.random.nextInt(2)));
                    lan.run(cast.activeDown().multipliedBy(2));
                    assertThat(lan.actives("web")).hasSizeBetween(1, 2);
                    lan.heal();
                    lan.run(cast.interval().plus(LONGEST_DELAY.multipliedBy(2)));
                    assertOneActive(cast);
                });
    }

    @Test
    void aRouterThatDoesNotPreemptNeverTakesOverFromALiveOne() {
        stories(
                seed -> {
                    Cast cast = cast(seed, false);
                    SimulatedLan lan = cast.lan();
                    lan.run(cast.activeDown().multipliedBy(2));
                    SimulatedHost active = lan.actives("web").getFirst();
                    for (int i = 0; i < 10; i++) {
                        SimulatedHost other = lan.hosts.get(lan.random.nextInt(lan.hosts.size()));
                        if (other != active) {
                            disturb(lan, cast, other);
                        }
                        lan.run(within(lan.random, cast.activeDown().multipliedBy(3)));
                        assertThat(lan.actives("web")).containsExactly(active);
                    }
                });
    }

    /** Freezes, restarts or unplugs it for a while, or floods it. */
    private static void disturb(SimulatedLan lan, Cast cast, SimulatedHost host) {
        Duration while_ = within(lan.random, cast.activeDown().multipliedBy(2));
        switch (lan.random.nextInt(4)) {
            case 0 -> {
                host.freeze(true);
                lan.run(while_);
                host.freeze(false);
            }
            case 1 -> {
                host.kill();
                lan.run(while_);
                host.restart(cast.routers().get(lan.hosts.indexOf(host)));
            }
            case 2 -> {
                host.linkUp(false);
                lan.run(while_);
                host.linkUp(true);
            }
            default -> garbage(lan, host, 300);
        }
    }

    @Test
    void theFrozenHostLosesTheAddressesWithinTheirLifetime() {
        stories(
                seed -> {
                    Cast cast = cast(seed, seed % 2 == 0);
                    Duration lifetime = cast.shared().router().lifetime();
                    if (lifetime.isZero()) {
                        return;
                    }
                    SimulatedLan lan = cast.lan();
                    lan.run(cast.activeDown().multipliedBy(2));
                    lan.run(within(lan.random, Duration.ofSeconds(5)));
                    SimulatedHost frozen = lan.actives("web").getFirst();
                    frozen.freeze(true);
                    Duration both =
                            lifetime.compareTo(cast.activeDown()) > 0
                                    ? lifetime
                                    : cast.activeDown();
                    lan.run(lifetime);
                    assertThat(frozen.holds(VIRTUAL)).isFalse();
                    lan.run(both);
                    List<SimulatedHost> heirs = lan.actives("web");
                    assertThat(heirs).hasSize(1);
                    assertThat(lan.holders(VIRTUAL)).isEqualTo(heirs);

                    // Thawed, it listens before it says or takes anything.
                    int before = frozen.calls.size();
                    frozen.freeze(false);
                    lan.run(cast.interval().dividedBy(2));
                    assertThat(frozen.state("web")).isEqualTo(RouterState.BACKUP);
                    assertThat(frozen.calls.subList(before, frozen.calls.size()))
                            .noneMatch(call -> call.startsWith("send") || call.startsWith("claim"));
                    assertThat(lan.actives("web")).isEqualTo(heirs);
                });
    }

    @Test
    void garbageChangesNothing() {
        for (long seed = 0; seed < STORIES / 10; seed++) {
            assertThat(story(seed, true)).as("seed %d", seed).isEqualTo(story(seed, false));
        }
    }

    /** Transitions with their times, in a story with or without a flood of garbage. */
    private static List<String> story(long seed, boolean flooded) {
        SimulatedLan lan = new SimulatedLan(0);
        Random random = new Random(seed);
        Routers web = Routers.web().every(Duration.ofMillis(10L * (1 + random.nextInt(200))));
        for (int i = 1; i <= 3; i++) {
            lan.host("198.51.100." + i).runs(web.priority(100 + random.nextInt(100)));
        }
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            SimulatedHost host = lan.hosts.get(random.nextInt(3));
            boolean change = random.nextInt(10) == 0;
            host.linkUp(!change);
            lan.run(web.router().advertise().dividedBy(2));
            if (flooded) {
                garbage(lan, lan.hosts.get(lan.random.nextInt(3)), 100);
            }
            for (SimulatedHost one : lan.hosts) {
                told.add(
                        "%d %s %s %s"
                                .formatted(
                                        i,
                                        one.state("web"),
                                        one.holds(VIRTUAL),
                                        one.calls("send").size()));
            }
        }
        return told;
    }

    @Test
    void afterAnyChaosExactlyOneIsActiveAndItAloneHasTheAddress() {
        stories(
                seed -> {
                    Cast cast = cast(seed, seed % 3 != 0);
                    SimulatedLan lan = cast.lan();
                    Random random = lan.random;
                    for (int i = 0; i < 25; i++) {
                        SimulatedHost host = lan.hosts.get(random.nextInt(lan.hosts.size()));
                        switch (random.nextInt(10)) {
                            case 0 -> host.freeze(true);
                            case 1 -> host.freeze(false);
                            case 2 -> lan.separate(host, random.nextInt(3));
                            case 3 -> lan.heal();
                            case 4 -> host.linkUp(random.nextBoolean());
                            case 5 -> lan.loss = random.nextInt(2) * 0.3;
                            case 6 -> host.kill();
                            case 7 -> host.restart(cast.routers().get(lan.hosts.indexOf(host)));
                            case 8 -> host.removeAddress(VIRTUAL);
                            default -> garbage(lan, host, 50);
                        }
                        lan.run(within(random, cast.activeDown().multipliedBy(2)));
                    }
                    lan.loss = 0;
                    lan.heal();
                    for (SimulatedHost host : lan.hosts) {
                        host.freeze(false);
                        host.linkUp(true);
                        if (!host.isRunning()) {
                            host.restart(cast.routers().get(lan.hosts.indexOf(host)));
                        }
                    }
                    lan.run(cast.activeDown().multipliedBy(4).plusSeconds(3));
                    assertOneActive(cast);
                    if (cast.shared().router().preempt()) {
                        assertThat(lan.actives("web")).containsExactly(bestPriority(cast));
                    }
                });
    }

    @Test
    void poolsMoveTheAddressWithinTheSkewTimeAndNeverToNobody() {
        stories(
                seed -> {
                    SimulatedLan lan = new SimulatedLan(seed);
                    Routers web =
                            Routers.web()
                                    .every(Duration.ofMillis(10L * (1 + lan.random.nextInt(100))))
                                    .tracking(
                                            new Track.PoolFault("app", 1),
                                            new Track.PoolWeight("app", 2, -60));
                    SimulatedHost better = lan.host("198.51.100.1").runs(web.priority(150));
                    SimulatedHost other = lan.host("198.51.100.2").runs(web.priority(100));
                    Duration down = web.router().advertise().multipliedBy(4);
                    lan.hosts.forEach(host -> host.poolHealth("app", 2));
                    lan.run(down);
                    assertThat(lan.actives("web")).containsExactly(better);
                    for (int i = 0; i < 12; i++) {
                        better.poolHealth("app", lan.random.nextInt(3));
                        other.poolHealth("app", lan.random.nextInt(3));
                        // The skew time of priority 1 is nearly an interval.
                        lan.run(web.router().advertise().multipliedBy(2));
                        assertThat(lan.holders(VIRTUAL)).as("while moving").isNotEmpty();
                        lan.run(down.plus(down));
                        assertThat(lan.actives("web"))
                                .hasSize(1)
                                .isEqualTo(lan.holders(VIRTUAL))
                                .containsExactly(
                                        effective(better) > effective(other)
                                                ? better
                                                : effective(better) < effective(other)
                                                        ? other
                                                        : lan.actives("web").getFirst());
                    }
                });
    }

    private static int effective(SimulatedHost host) {
        return host.status("web").effectivePriority();
    }

    // ---- words of the stories ----

    private interface Story {
        void tell(long seed);
    }

    private static void stories(Story story) {
        Long only = Long.getLong("buoy.lan.seed");
        long from = only == null ? 0 : only;
        long to = only == null ? STORIES : only + 1;
        for (long seed = from; seed < to; seed++) {
            try {
                story.tell(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void assertOneActive(Cast cast) {
        List<SimulatedHost> actives = cast.lan().actives("web");
        assertThat(actives).hasSize(1);
        assertThat(cast.lan().holders(VIRTUAL)).isEqualTo(actives);
    }

    private static List<SimulatedHost> activesExcept(SimulatedLan lan, SimulatedHost lost) {
        return lan.actives("web").stream().filter(host -> host != lost).toList();
    }

    /** The host that wins an election in which all start alike. */
    private static SimulatedHost best(Cast cast, SimulatedHost... except) {
        List<SimulatedHost> without = List.of(except);
        return cast.lan().hosts.stream()
                .filter(host -> !without.contains(host))
                .max(
                        Comparator.comparing(cast::priority)
                                .thenComparing(host -> host.address.getAddress()[3] & 0xff))
                .orElseThrow();
    }

    /** The active host; equals do not preempt each other, so any of the best priority is right. */
    private static SimulatedHost bestPriority(Cast cast) {
        SimulatedHost active = cast.lan().actives("web").getFirst();
        return cast.priority(active) == cast.priority(best(cast)) ? active : best(cast);
    }

    private static Duration within(Random random, Duration longest) {
        return Duration.ofNanos(random.nextLong(longest.toNanos()));
    }

    private static void garbage(SimulatedLan lan, SimulatedHost host, int count) {
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[lan.random.nextInt(60)];
            lan.random.nextBytes(payload);
            if (payload.length > 1 && lan.random.nextBoolean()) {
                payload[0] = 0x31;
                payload[1] = 51;
            }
            InetAddress from = InetAddress.ofLiteral("198.51.100." + lan.random.nextInt(256));
            InetAddress to = InetAddress.ofLiteral("224.0.0.18");
            lan.deliver(host, new Datagram(payload, from, to, 1 + lan.random.nextInt(255)));
        }
    }
}
