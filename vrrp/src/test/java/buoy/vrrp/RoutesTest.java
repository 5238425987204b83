package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRoute.Table;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;
import buoy.vrrp.RoutingTable.Entry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Routes and rules that go with the addresses, on virtual time. */
class RoutesTest {
    private static final FloatingRoute BRANCH = route("203.0.113.0/24", "198.51.100.254");
    private static final FloatingRoute OTHER = route("203.0.113.128/25", "198.51.100.253");
    private static final FloatingRule BY_SOURCE =
            new FloatingRule(
                    Optional.of(Routers.prefix("198.51.100.100/32")), Optional.empty(), 100, 1000);
    private static final Entry BRANCH_HERE = new Entry.Route(BRANCH, "eth0");
    private static final Entry OTHER_HERE = new Entry.Route(OTHER, "eth0");
    private static final Entry RULE_HERE = new Entry.Rule(BY_SOURCE);
    private static final Routers WEB = Routers.web().routes(BRANCH).rules(BY_SOURCE);

    private final SimulatedLan lan = new SimulatedLan(0);
    private final SimulatedHost first = lan.host("198.51.100.1");

    @Test
    void comeAfterTheAddressesAndGoBeforeThem() {
        first.runs(WEB);
        run("3s");
        assertThat(first.routes).isEmpty();
        first.calls.clear();
        run("1s");
        assertThat(first.calls)
                .containsSubsequence(
                        "send 100",
                        "claim 198.51.100.100",
                        "add " + BRANCH_HERE,
                        "add " + RULE_HERE);
        assertThat(first.routes).containsExactly(BRANCH_HERE, RULE_HERE);
        assertThat(first.status("web").routes())
                .containsExactly(
                        new RouterStatus.Route(BRANCH_HERE.toString(), true),
                        new RouterStatus.Route(RULE_HERE.toString(), true));
        first.calls.clear();
        first.stop();
        run("1s");
        assertThat(first.calls)
                .containsExactly(
                        "send 0",
                        "remove " + RULE_HERE,
                        "remove " + BRANCH_HERE,
                        "release 198.51.100.100");
        assertThat(first.routes).isEmpty();
    }

    @Test
    void areOnTheActiveHostAlone() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(WEB);
        run("5s");
        assertThat(second.routes).hasSize(2);
        assertThat(first.routes).isEmpty();
        second.stop();
        run("1s");
        assertThat(second.routes).isEmpty();
        assertThat(first.routes).hasSize(2);
    }

    @Test
    void oneThatSomebodyRemovesIsBackWithinASecondAndSaid() {
        first.runs(WEB);
        run("4s");
        first.routes.remove(BRANCH_HERE);
        run("1s");
        assertThat(first.routes).contains(BRANCH_HERE);
        run("10s");
        assertThat(first.events(VrrpEvent.RouteRestored.class))
                .containsExactly(new VrrpEvent.RouteRestored("web", BRANCH_HERE));
    }

    @Test
    void aRouteOfSomebodyElseIsLeftAloneAndSaidOnce() {
        first.foreignRoutes.add(BRANCH_HERE);
        first.runs(WEB);
        run("20s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.events(VrrpEvent.Refused.class))
                .singleElement()
                .satisfies(it -> assertThat(it.what()).isEqualTo("add " + BRANCH_HERE))
                .satisfies(
                        it ->
                                assertThat(it.refusal())
                                        .hasMessageContaining("another one is there")
                                        .hasMessageContaining("another metric"));
        first.foreignRoutes.clear();
        run("1s");
        assertThat(first.routes).contains(BRANCH_HERE);
        assertThat(first.events(VrrpEvent.Recovered.class)).hasSize(1);
        assertThat(first.events(VrrpEvent.RouteRestored.class)).isEmpty();
        first.foreignRoutes.add(BRANCH_HERE);
        first.stop();
        run("1s");
        assertThat(first.calls("remove")).hasSize(2);
    }

    @Test
    void aRefusalDoesNotStopTheElectionAndIsTriedAgain() {
        first.refused.add("add");
        first.runs(WEB);
        run("20s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.events(VrrpEvent.Refused.class)).hasSize(2);
        assertThat(first.status("web").troubles()).hasSize(2);
        first.refused.clear();
        run("1s");
        assertThat(first.routes).hasSize(2);
        assertThat(first.status("web").troubles()).isEmpty();
    }

    @Test
    void whatCannotBeRemovedIsTriedAgain() {
        first.runs(WEB);
        run("4s");
        first.refused.add("remove " + BRANCH_HERE);
        first.linkUp(false);
        run("3s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.routes).containsExactly(BRANCH_HERE);
        first.refused.clear();
        run("1s");
        assertThat(first.routes).isEmpty();
    }

    @Test
    void aReloadTouchesTheDifferenceAlone() {
        first.runs(WEB);
        run("4s");
        first.calls.clear();
        first.runs(WEB.routes(OTHER));
        run("0.3s");
        assertThat(first.calls("remove")).containsExactly("remove " + BRANCH_HERE);
        assertThat(first.calls("add")).containsExactly("add " + OTHER_HERE);
        assertThat(first.routes).containsExactlyInAnyOrder(OTHER_HERE, RULE_HERE);
        first.calls.clear();
        first.runs(Routers.web());
        run("0.3s");
        assertThat(first.routes).isEmpty();
        assertThat(first.calls("claim")).hasSizeLessThan(2);
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void aBackupsReloadAddsNothing() {
        lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(WEB);
        run("5s");
        first.runs(WEB.routes(BRANCH, OTHER));
        run("5s");
        assertThat(first.routes).isEmpty();
    }

    @Test
    void whatAnEarlierLifeLeftBehindIsRemovedAtTheStart() {
        first.runs(WEB);
        run("4s");
        first.kill();
        run("1s");
        assertThat(first.routes).hasSize(2);
        first.refused.add("clear");
        first.restart(Routers.web());
        run("1s");
        assertThat(first.events(VrrpEvent.Refused.class))
                .extracting(VrrpEvent.Refused::what)
                .containsExactly("remove what an earlier life left behind");
        assertThat(first.routes).hasSize(2);
    }

    @Test
    void anotherStartFindsNothingOfAnEarlierLife() {
        first.runs(WEB);
        run("4s");
        first.kill();
        first.restart(Routers.web());
        run("0.1s");
        assertThat(first.routes).isEmpty();
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void aBugTakesThemWithIt() {
        first.runs(WEB);
        run("4s");
        first.loop().abandon(new IllegalStateException("a bug"));
        assertThat(first.routes).isEmpty();
    }

    @Test
    void theInterfaceOfARouteMayBeAnother() {
        FloatingRoute elsewhere =
                new FloatingRoute(
                        Optional.empty(),
                        Optional.of(InetAddress.ofLiteral("203.0.113.254")),
                        Optional.empty(),
                        Optional.of("eth1"),
                        new Table(100),
                        Optional.of(50));
        first.runs(Routers.web().routes(elsewhere));
        run("4s");
        assertThat(first.routes)
                .extracting(Object::toString)
                .containsExactly("route to default via 203.0.113.254 dev eth1 table 100 metric 50");
    }

    private static FloatingRoute route(String to, String via) {
        Prefix network = Routers.prefix(to);
        return new FloatingRoute(
                Optional.of(network),
                Optional.of(InetAddress.ofLiteral(via)),
                Optional.empty(),
                Optional.empty(),
                Table.MAIN,
                Optional.empty());
    }

    private void run(String seconds) {
        lan.run(Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT)));
    }
}
