package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.FloatingRoute;
import buoy.config.model.VirtualRouter.Track;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One process goes on with the routers of another of the same host: nobody sees it. */
class HandedOverTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final Routers WEB = Routers.web();
    private static final Routers BETTER = WEB.priority(150);

    private final SimulatedLan lan = new SimulatedLan(3);
    private final SimulatedHost first = lan.host("198.51.100.1");
    private final SimulatedHost second = lan.host("198.51.100.2");

    private void run(String time) {
        lan.run(Duration.parse("PT" + time));
    }

    /** What the kernel was asked for that anybody could notice. */
    private static List<String> noticeable(SimulatedHost host) {
        return host.calls.stream()
                .filter(call -> !call.matches("(claim|open|list|speak-through|close|raise) .*"))
                .toList();
    }

    // ---- all states ----

    @Test
    void anActiveRouterAdvertisesByTheOldScheduleAndKeepsItsAddresses() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10.25S");
        assertThat(lan.actives("web")).containsExactly(first);
        RouterStatus before = first.status("web");
        first.calls.clear();
        first.events.clear();
        second.events.clear();
        first.upgrade(BETTER);
        assertThat(first.calls).containsExactly("list links", "open eth0", "claim 198.51.100.100");
        run("10S");
        assertThat(noticeable(first)).hasSize(10).containsOnly("send 150");
        assertThat(lan.holders(VIRTUAL)).containsExactly(first);
        assertThat(second.events).isEmpty();
        assertThat(first.events(VrrpEvent.Transition.class)).isEmpty();
        assertThat(first.events(VrrpEvent.TakenOver.class))
                .containsExactly(new VrrpEvent.TakenOver("web", RouterState.ACTIVE, 150));
        assertThat(first.status("web").why()).isEqualTo(before.why());
        assertThat(first.status("web").transitions()).isEqualTo(before.transitions());
    }

    @Test
    void aBackupTakesOverWhenItWouldHave() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10S");
        first.kill();
        run("2S");
        second.upgrade(WEB);
        // The last advertisement was at 9.41 s: 3.61 s behind that.
        run("0.9S");
        assertThat(lan.actives("web")).isEmpty();
        run("0.3S");
        assertThat(lan.actives("web")).containsExactly(second);
    }

    @Test
    void aRouterInFaultStaysSoAndRecovers() {
        Routers tracking = BETTER.tracking(new Track.InterfaceDown("eth1", OptionalInt.empty()));
        first.runs(tracking);
        second.runs(WEB);
        first.otherLink("eth1", true);
        run("10S");
        first.otherLink("eth1", false);
        run("5S");
        assertThat(lan.actives("web")).containsExactly(second);
        first.events.clear();
        // Its kernel lists one link here: that the other is down is left to it.
        first.upgrade(tracking);
        run("5S");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.events(VrrpEvent.Transition.class)).isEmpty();
        first.otherLink("eth1", true);
        run("10S");
        assertThat(lan.actives("web")).containsExactly(first);
    }

    @Test
    void oneThatIsResignedStaysSo() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10S");
        first.resign("web", _ -> {});
        run("5S");
        assertThat(lan.actives("web")).containsExactly(second);
        first.upgrade(BETTER);
        run("30S");
        assertThat(lan.actives("web")).containsExactly(second);
        first.resume("web");
        run("5S");
        assertThat(lan.actives("web")).containsExactly(first);
    }

    @Test
    void whatIsKnownOfAPoolHoldsUntilThereIsAnotherWord() {
        Routers tracking = BETTER.tracking(new Track.PoolWeight("app", 1, -100));
        first.runs(tracking);
        second.runs(WEB);
        first.poolHealth("app", 0);
        run("10S");
        assertThat(lan.actives("web")).containsExactly(second);
        first.upgrade(tracking);
        run("10S");
        assertThat(lan.actives("web")).containsExactly(second);
        first.poolHealth("app", 2);
        run("5S");
        assertThat(lan.actives("web")).containsExactly(first);
    }

    @Test
    void announcementsToTheNeighboursAreNeitherBegunAnewNorBrokenOff() {
        first.runs(WEB.announcing(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        run("4.2S");
        assertThat(first.calls("announce")).hasSize(1);
        first.upgrade(WEB.announcing(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        run("1S");
        assertThat(first.calls("announce")).hasSize(2);
        run("1S");
        assertThat(first.calls("announce")).hasSize(3);
        run("29S");
        assertThat(first.calls("announce")).hasSize(3);
        first.upgrade(WEB.announcing(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        run("1S");
        assertThat(first.calls("announce")).hasSize(4);
    }

    // ---- what goes with the addresses ----

    @Test
    void aVirtualMacAndRoutesStayAsTheyAre() {
        FloatingRoute route =
                new FloatingRoute(
                        Optional.of(Routers.prefix("203.0.113.0/24")),
                        Optional.of(InetAddress.ofLiteral("198.51.100.254")),
                        Optional.empty(),
                        Optional.empty(),
                        FloatingRoute.Table.MAIN,
                        Optional.empty());
        Routers all = WEB.virtualMac().routes(route);
        first.runs(all);
        run("10.25S");
        first.calls.clear();
        first.upgrade(all);
        run("5S");
        assertThat(noticeable(first)).hasSize(5).containsOnly("send-through buoy.51.eth0");
        assertThat(first.raised).hasSize(1);
        assertThat(first.routes).hasSize(1);
        assertThat(first.status("web").troubles()).isEmpty();
        first.stop();
        run("1S");
        assertThat(first.routes).isEmpty();
        assertThat(first.virtualLinks).isEmpty();
        assertThat(first.holds(VIRTUAL)).isFalse();
    }

    @Test
    void whatWasAnOwnersOwnIsItStill() {
        Routers owner = WEB.priority(255).addresses("198.51.100.100/24", "198.51.100.101/24");
        first.addAddress(VIRTUAL);
        first.runs(owner);
        run("5S");
        first.upgrade(owner);
        run("5S");
        assertThat(first.calls("claim")).containsOnly("claim 198.51.100.101");
        first.stop();
        run("1S");
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.holds(InetAddress.ofLiteral("198.51.100.101"))).isFalse();
    }

    // ---- another configuration at the same time ----

    @Test
    void onlyTheAddressesThatDifferAreTouched() {
        first.runs(WEB.addresses("198.51.100.100/24", "198.51.100.101/24"));
        run("10.25S");
        first.calls.clear();
        first.upgrade(WEB.addresses("198.51.100.100/24", "198.51.100.102/24"));
        run("1S");
        assertThat(first.calls("release")).containsExactly("release 198.51.100.101");
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.holds(InetAddress.ofLiteral("198.51.100.102"))).isTrue();
    }

    @Test
    void aLowerPriorityIsSaidAsAfterAReload() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10S");
        first.upgrade(WEB.priority(50));
        run("5S");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
    }

    @Test
    void aRouterThatIsAnotherOneIsGivenUp() {
        first.runs(BETTER, BETTER.named("old", 52).addresses("198.51.100.102/24"));
        second.runs(WEB, WEB.named("old", 52).addresses("198.51.100.102/24"));
        run("10S");
        first.calls.clear();
        first.upgrade(BETTER, BETTER.named("new", 53).addresses("198.51.100.103/24"));
        assertThat(first.calls("send")).containsExactly("send 0");
        assertThat(first.calls("release"))
                .containsExactly("release 198.51.100.102", "release 198.51.100.103");
        run("5S");
        assertThat(lan.holders(InetAddress.ofLiteral("198.51.100.102"))).containsExactly(second);
        assertThat(lan.actives("web")).containsExactly(first);
        assertThat(first.state("new")).isEqualTo(RouterState.ACTIVE);
    }

    // ---- what goes wrong ----

    @Test
    void whoWasToGoOnAndDidNotHasChangedNothing() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10.25S");
        first.calls.clear();
        first.events.clear();
        first.upgradeFails(BETTER);
        run("10S");
        assertThat(noticeable(first)).hasSize(10).containsOnly("send 150");
        assertThat(first.events).isEmpty();
        assertThat(lan.holders(VIRTUAL)).containsExactly(first);
    }

    @Test
    void whatWasGivenUpForItBeginsAgain() {
        Routers old = BETTER.named("old", 52).addresses("198.51.100.102/24");
        first.runs(BETTER, old);
        run("10S");
        first.upgradeFails(BETTER);
        run("5S");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.state("old")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.holds(InetAddress.ofLiteral("198.51.100.102"))).isTrue();
    }

    @Test
    void aKernelThatRefusesAnAddressThenMakesItAFault() {
        first.runs(BETTER);
        second.runs(WEB);
        run("10S");
        first.refused.add("claim");
        first.upgrade(BETTER);
        run("2S");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
    }

    // ---- all of it ----

    /** What a story looks like from outside: who says what, and when, and what it makes known. */
    private static final class Trace implements SimulatedLan.Witness {
        final List<String> lines = new ArrayList<>();
        private final SimulatedLan lan;

        Trace(SimulatedLan lan) {
            this.lan = lan;
            lan.witness = this;
        }

        private void add(SimulatedHost host, String what) {
            lines.add("%s %d %s".formatted(Duration.ofNanos(lan.elapsed()), host.index, what));
        }

        @Override
        public void sends(SimulatedHost host, byte[] message) {
            add(host, "sends " + Arrays.toString(message));
        }

        @Override
        public void tells(SimulatedHost host, VrrpEvent event) {
            if (event instanceof VrrpEvent.Transition
                    || event instanceof VrrpEvent.PriorityChanged) {
                add(host, event.toString());
            }
        }
    }

    /** The same things happen to three hosts; with upgrades now and then, or without. */
    private static Trace story(long seed, boolean upgrades) {
        Random random = new Random(seed);
        Random moments = new Random(seed + 1);
        SimulatedLan lan = new SimulatedLan(seed);
        Trace trace = new Trace(lan);
        Track pool = new Track.PoolWeight("app", 1, -60);
        List<SimulatedHost> hosts = new ArrayList<>();
        List<Routers[]> configs = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            SimulatedHost host = lan.host("198.51.100." + i);
            Routers one = WEB.priority(80 + 30 * i).tracking(pool);
            if (i == 2) {
                one = one.preemptDelay(Duration.ofSeconds(2));
            }
            Routers[] both = {
                one,
                one.named("db", 52).addresses("198.51.100.102/24").every(Duration.ofMillis(100))
            };
            host.runs(both);
            host.poolHealth("app", 1);
            hosts.add(host);
            configs.add(both);
        }
        for (int step = 0; step < 40; step++) {
            lan.run(Duration.ofMillis(random.nextInt(3_000)));
            int who = random.nextInt(3);
            SimulatedHost host = hosts.get(who);
            switch (random.nextInt(6)) {
                case 0 -> host.poolHealth("app", 0);
                case 1 -> host.poolHealth("app", 1);
                case 2 -> host.resign("web", _ -> {});
                case 3 -> host.resume("web");
                case 4 -> host.linkUp(false);
                default -> host.linkUp(true);
            }
            lan.run(Duration.ofMillis(1 + random.nextInt(1_000)));
            int whose = moments.nextInt(3);
            if (upgrades) {
                hosts.get(whose).upgrade(configs.get(whose));
            }
        }
        return trace;
    }

    @Test
    void noStoryIsAnotherWithUpgrades() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(story(seed, true).lines)
                    .as("story %d", seed)
                    .isEqualTo(story(seed, false).lines);
        }
    }

    @Test
    void teamsAreKnownByTheirRouters() {
        Routers six = WEB.named("six", 51).addresses("2001:db8::1/64").virtualMac();
        assertThat(HandedOver.keys(List.of(WEB.router(), six.router())))
                .containsExactlyInAnyOrder("eth0/51/V3/IPV4", "eth0/51/V3/IPV6/virtual-mac");
        assertThat(
                        HandedOver.keys(
                                List.of(
                                        WEB.named("b", 52).group("edge").version2().router(),
                                        WEB.group("edge").router())))
                .containsExactly("eth0/51/V3/IPV4,eth0/52/V2/IPV4");
    }
}
