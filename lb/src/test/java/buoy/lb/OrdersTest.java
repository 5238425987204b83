package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Pool;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What operators change at run time. */
class OrdersTest {
    private static Config config(Duration drain, TestServer... servers) {
        return Configs.of(
                List.of(Configs.tcp("in", "app")),
                List.of(Configs.draining(Configs.pool("app", Configs.endpoints(servers)), drain)));
    }

    /** With so much weight for each. */
    private static Config weighing(int weight, TestServer... servers) {
        Pool pool = Configs.pool("app", Configs.endpoints(servers));
        return Configs.of(
                List.of(Configs.tcp("in", "app")),
                List.of(
                        Configs.withServers(
                                pool,
                                pool.servers().stream()
                                        .map(
                                                each ->
                                                        new Pool.Server(
                                                                each.name(),
                                                                each.address(),
                                                                weight,
                                                                each.maxConnections(),
                                                                each.backup()))
                                        .toList())));
    }

    /** Who serves 20 sessions. */
    private static Map<String, Integer> served(Running buoy) throws IOException {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            try (Socket client = buoy.connect("in")) {
                served.merge(TestServer.said(client), 1, Integer::sum);
            }
        }
        return served;
    }

    @Test
    void aDrainingServerKeepsWhatItHasAndOutlivesAReload() throws Exception {
        try (TestServer a = TestServer.saying("a");
                TestServer b = TestServer.saying("b");
                Running buoy = Running.start(config(Duration.ofMillis(10), a, b));
                Socket first = buoy.connect("in");
                Socket second = buoy.connect("in")) {
            List<String> before = List.of(TestServer.said(first), TestServer.said(second));
            assertThat(buoy.balancer().order("app", "s1", Duty.DRAIN)).isTrue();
            assertThat(served(buoy)).isEqualTo(Map.of("b", 20));
            assertThat(buoy.pool("app").serversUp()).isEqualTo(2);
            buoy.apply(config(Duration.ofMillis(10), a, b));
            assertThat(served(buoy)).isEqualTo(Map.of("b", 20));
            assertThat(buoy.server("app", "s1").orders().duty()).isEqualTo(Duty.DRAIN);
            assertThat(before).isNotEmpty();
            assertThat(a.open() + b.open()).isGreaterThanOrEqualTo(2);
            assertThat(buoy.balancer().order("app", "s1", Duty.READY)).isTrue();
            assertThat(served(buoy)).containsOnlyKeys("a", "b");
        }
    }

    @Test
    void inMaintenanceAServerIsDownAndWhatIsLeftIsCut() throws Exception {
        try (TestServer a = TestServer.saying("a");
                Running buoy = Running.start(config(Duration.ofMillis(50), a));
                Socket client = buoy.connect("in")) {
            assertThat(TestServer.said(client)).isEqualTo("a");
            assertThat(buoy.balancer().order("app", "s1", Duty.MAINTENANCE)).isTrue();
            assertThat(buoy.up("app")).isZero();
            Await.until(
                    "the session is cut",
                    () ->
                            buoy.listener("in")
                                    .totals()
                                    .failures()
                                    .equals(Map.of(Reason.SERVER_MAINTENANCE, 1L)));
            assertThat(buoy.balancer().order("app", "s1", Duty.READY)).isTrue();
            assertThat(buoy.up("app")).isEqualTo(1);
            assertThat(served(buoy)).isEqualTo(Map.of("a", 20));
        }
    }

    @Test
    void whoIsReadyAgainInTimeIsNotCut() throws Exception {
        try (TestServer a = TestServer.saying("a");
                Running buoy = Running.start(config(Duration.ofMillis(300), a));
                Socket client = buoy.connect("in")) {
            assertThat(TestServer.said(client)).isEqualTo("a");
            buoy.balancer().order("app", "s1", Duty.MAINTENANCE);
            buoy.balancer().order("app", "s1", Duty.READY);
            client.setSoTimeout(600);
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () -> TestServer.said(client)))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void anotherWeightHoldsAtOnce() throws Exception {
        try (TestServer a = TestServer.saying("a");
                TestServer b = TestServer.saying("b");
                Running buoy = Running.start(config(Duration.ofMillis(10), a, b))) {
            assertThat(buoy.balancer().order("app", "s1", 0)).isTrue();
            assertThat(served(buoy)).isEqualTo(Map.of("b", 20));
            assertThat(buoy.balancer().order("app", "s1", 3)).isTrue();
            assertThat(buoy.server("app", "s1").weight()).isEqualTo(3);
            assertThat(served(buoy).get("a")).isBetween(13, 17);
            assertThat(buoy.balancer().order("app", "s9", 3)).isFalse();
            assertThat(buoy.balancer().order("none", "s1", Duty.DRAIN)).isFalse();
        }
    }

    /** Else an order could not be taken back, and the file would not be heeded from then on. */
    @Test
    void theWeightOfTheConfigurationIsNoOrder() throws Exception {
        try (TestServer a = TestServer.saying("a");
                TestServer b = TestServer.saying("b");
                Running buoy = Running.start(config(Duration.ofMillis(10), a, b))) {
            buoy.balancer().order("app", "s1", Duty.DRAIN);
            buoy.balancer().order("app", "s1", 3);
            buoy.apply(config(Duration.ofMillis(20), a, b));
            Server.Orders ordered = buoy.server("app", "s1").orders();
            assertThat(ordered.weight()).hasValue(3);
            buoy.balancer().order("app", "s1", 1);
            assertThat(buoy.server("app", "s1").orders())
                    .isEqualTo(new Server.Orders(Duty.DRAIN, ordered.since(), OptionalInt.empty()));

            buoy.balancer().order("app", "s2", 3);
            buoy.apply(weighing(3, a, b));
            assertThat(buoy.server("app", "s2").orders().weight()).isEmpty();
            buoy.apply(weighing(5, a, b));
            assertThat(buoy.server("app", "s2").weight()).isEqualTo(5);
        }
    }

    /** Who takes a server out means what has its name, wherever that is. */
    @Test
    void ordersOutliveAChangeOfAddress() throws Exception {
        try (TestServer a = TestServer.saying("a");
                TestServer b = TestServer.saying("b");
                TestServer moved = TestServer.saying("moved");
                Running buoy = Running.start(config(Duration.ofMillis(10), a, b))) {
            buoy.balancer().order("app", "s1", Duty.DRAIN);
            buoy.apply(config(Duration.ofMillis(10), moved, b));
            assertThat(served(buoy)).isEqualTo(Map.of("b", 20));
            buoy.balancer().order("app", "s1", Duty.READY);
            assertThat(served(buoy)).containsOnlyKeys("moved", "b");
        }
    }
}
