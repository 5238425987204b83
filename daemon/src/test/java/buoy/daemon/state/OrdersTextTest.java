package buoy.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.state.StandingOrders.ServerName;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Server.Orders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OrdersTextTest {
    private static final String OWNER = "/run/buoy/admin.sock";
    private static final Instant THEN = Instant.parse("2026-11-27T03:02:11Z");

    @Provide
    static Arbitrary<StandingOrders> orders() {
        Arbitrary<String> name =
                Arbitraries.strings().withCharRange('a', 'z').withChars("019._-").ofMinLength(1);
        Arbitrary<String> server =
                Arbitraries.strings().withCharRange('a', 'z').withChars("09.:[]_-").ofMinLength(1);
        Arbitrary<Instant> moment =
                Arbitraries.longs()
                        .between(0, 4_000_000_000_000L)
                        .map(millis -> Instant.ofEpochMilli(millis).plusNanos(7));
        Arbitrary<OptionalInt> weight =
                Arbitraries.integers()
                        .between(-1, 256)
                        .map(each -> each < 0 ? OptionalInt.empty() : OptionalInt.of(each));
        Arbitrary<Orders> duty =
                Combinators.combine(Arbitraries.of(Duty.class), moment, weight).as(Orders::new);
        return Combinators.combine(
                        Arbitraries.maps(name, moment).ofMaxSize(3),
                        Arbitraries.maps(
                                        Combinators.combine(name, server).as(ServerName::new), duty)
                                .ofMaxSize(5),
                        Arbitraries.maps(name, moment).ofMaxSize(3),
                        Arbitraries.maps(name, moment).ofMaxSize(3))
                .as(StandingOrders::new);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("orders") StandingOrders orders) {
        String text = OrdersText.encode(OWNER, orders);
        assertThat(OrdersText.decode(OWNER, text))
                .isEqualTo(new OrdersText.Read(orders, List.of()));
        assertThat(OrdersText.decode("/run/other.sock", text).orders())
                .isEqualTo(StandingOrders.NONE);
        assertThat(OrdersText.decode("/run/other.sock", text).problems())
                .containsExactly("line 1: must be \"buoy-orders 1 /run/other.sock\"");
    }

    /** Each other line holds, whatever is in between. */
    @Property
    void aBrokenLineTakesNoOtherOneAlong(
            @ForAll("orders") StandingOrders orders, @ForAll String rubbish, @ForAll int place) {
        List<String> lines = new ArrayList<>(OrdersText.encode(OWNER, orders).lines().toList());
        int at = 1 + Math.floorMod(place, lines.size());
        lines.add(at, "? " + rubbish.replaceAll("\\R", " "));
        OrdersText.Read read = OrdersText.decode(OWNER, String.join("\n", lines));
        assertThat(read.orders()).isEqualTo(orders);
        assertThat(read.problems())
                .singleElement()
                .asString()
                .startsWith("line " + (at + 1) + ": no order: ");
    }

    @Property
    void anyTextIsRead(@ForAll String text) {
        assertThat(OrdersText.decode(OWNER, text).problems()).isNotEmpty();
    }

    @Example
    void itIsForPeople() {
        Map<ServerName, Orders> servers = new LinkedHashMap<>();
        servers.put(
                new ServerName("app", "app1"),
                new Orders(Duty.MAINTENANCE, THEN, OptionalInt.empty()));
        servers.put(
                new ServerName("app", "[2001:db8::1]:80"),
                new Orders(Duty.READY, THEN, OptionalInt.of(10)));
        StandingOrders orders =
                new StandingOrders(
                        Map.of("smtp", THEN), servers, Map.of("db", THEN), Map.of("web", THEN));
        assertThat(OrdersText.encode(OWNER, orders))
                .isEqualTo(
                        """
                        buoy-orders 1 /run/buoy/admin.sock
                        # What was ordered by command and is in force. Buoy replaces this file after each order.
                        listener smtp paused 2026-11-27T03:02:11Z
                        server app/app1 maintenance 2026-11-27T03:02:11Z -
                        server app/[2001:db8::1]:80 ready 2026-11-27T03:02:11Z 10
                        pool db paused 2026-11-27T03:02:11Z
                        router web resigned 2026-11-27T03:02:11Z
                        """);
        assertThat(orders.inWords())
                .containsExactly(
                        "listener smtp: paused since 2026-11-27T03:02:11Z",
                        "server app/app1: maintenance since 2026-11-27T03:02:11Z",
                        "server app/[2001:db8::1]:80: weight 10",
                        "pool db: paused since 2026-11-27T03:02:11Z",
                        "router web: resigned since 2026-11-27T03:02:11Z");
    }

    @Example
    void whatIsNoOrderIsSaidWithItsLine() {
        OrdersText.Read read =
                OrdersText.decode(
                        OWNER,
                        """
                        buoy-orders 1 /run/buoy/admin.sock

                        # a note
                        server app maintenance 2026-11-27T03:02:11Z -
                        server app/app1 away 2026-11-27T03:02:11Z -
                        server app/app1 drain yesterday -
                        server app/app1 drain 2026-11-27T03:02:11Z 257
                        server app/app1 drain 2026-11-27T03:02:11Z
                        pool db resigned 2026-11-27T03:02:11Z
                        router
                        listener web closed 2026-11-27T03:02:11Z
                        """);
        assertThat(read.orders()).isEqualTo(StandingOrders.NONE);
        assertThat(read.problems())
                .hasSize(8)
                .startsWith("line 4: no order: \"server app maintenance 2026-11-27T03:02:11Z -\"")
                .endsWith("line 11: no order: \"listener web closed 2026-11-27T03:02:11Z\"");
        assertThat(
                        OrdersText.decode(
                                        OWNER,
                                        "buoy-orders 1 " + OWNER + "\nx\t" + "y".repeat(1000))
                                .problems())
                .containsExactly("line 2: no order: \"x?" + "y".repeat(98) + "...\"");
    }
}
