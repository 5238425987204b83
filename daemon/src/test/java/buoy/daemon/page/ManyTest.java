package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.events.Said;
import buoy.daemon.history.Past;
import buoy.daemon.status.Samples;
import buoy.daemon.status.Status;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a host with more of everything than anybody reads. */
class ManyTest {
    private static final int SERVERS = 10_000;
    private static final int MOST_BYTES = 150_000;

    private static PoolStatus pool(String name, List<ServerStatus> servers) {
        int up = (int) servers.stream().filter(each -> each.health().isUp()).count();
        return new PoolStatus(
                name,
                "least-connections",
                up,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                servers);
    }

    /** So many servers in so many pools, of which every 97th is down. */
    private static List<PoolStatus> pools(int count) {
        List<PoolStatus> pools = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            List<ServerStatus> servers = new ArrayList<>();
            for (int s = p; s < SERVERS; s += count) {
                servers.add(Scenes.server(s, s % 97 == 96, false));
            }
            pools.add(pool("pool-" + p, servers));
        }
        return pools;
    }

    private static Picture picture(List<PoolStatus> pools, boolean actions) {
        RouterStatus active = Samples.router(RouterState.ACTIVE, 150, List.of(), List.of());
        RouterStatus fault =
                Samples.router(RouterState.FAULT, 0, List.of(), List.of("eth0 is down"));
        List<RouterStatus> routers = new ArrayList<>(Collections.nCopies(254, active));
        routers.add(fault);
        List<ListenerStatus> listeners =
                Collections.nCopies(300, Samples.good().balancer().listeners().getFirst());
        List<Status.CertificateStatus> certificates = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            certificates.add(
                    new Status.CertificateStatus(
                            "site-" + i,
                            List.of("www.site-" + i + ".example"),
                            Samples.NOW.plus(Duration.ofDays(i == 1999 ? 2 : 60))));
        }
        Map<String, Double> rates = new HashMap<>();
        for (PoolStatus pool : pools) {
            pool.servers().forEach(each -> rates.put(pool.name() + "/" + each.name(), 2.5));
        }
        return new Picture(
                Samples.with(routers, listeners, pools, certificates),
                Collections.nCopies(
                        20, new Said(Samples.NOW, "server", "x: up -> down: ".repeat(100))),
                actions,
                ChartsTest.busy(64),
                new Pace(rates));
    }

    private static String page(Picture picture) {
        return Page.of(picture, Optional.of("token").filter(_ -> picture.actions()));
    }

    private static long count(String page, String pattern) {
        return Pattern.compile(pattern).matcher(page).results().count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 30, 1000, SERVERS})
    void itWeighsLittleWhateverThereIs(int pools) {
        for (boolean actions : List.of(true, false)) {
            String page = page(picture(pools(pools), actions));
            int bytes = page.getBytes(StandardCharsets.UTF_8).length;
            assertThat(bytes).as("actions: %s", actions).isLessThan(MOST_BYTES);
            assertThat(page)
                    .contains("is in fault", ">fault</span>", ">2 days</span>", "more: ")
                    .endsWith("</html>\n");
        }
    }

    @Test
    void ofALargePoolThoseAreShownThatAreNotAsTheyShouldBe() {
        List<ServerStatus> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(Scenes.server(i, i == 7777, i == 8888));
        }
        String page = page(picture(List.of(pool("app", servers)), false));
        int down = page.indexOf(">application-server-7777</th>");
        int drained = page.indexOf(">application-server-8888</th>");
        assertThat(page).contains(">application-server-0</th>");
        assertThat(drained).isGreaterThan(down);
        assertThat(down).isGreaterThan(page.indexOf(">application-server-0</th>"));
        assertThat(count(page, ">application-server-\\d+</th>"))
                .isBetween(20L, (long) PoolsPart.MOST_SERVERS);
        assertThat(page)
                .containsPattern(
                        "and 9,9\\d\\d more: 9,9\\d\\d up; 29.9k active, 24.9k per s, 1.2G done, 49.\\dk failed");
    }

    @Test
    void ofManyPoolsTheWorstAreShownAndOthersAreALineEach() {
        List<PoolStatus> pools = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            pools.add(pool("pool-" + i, List.of(Scenes.server(i, i == 1999, false))));
        }
        String page = page(picture(pools, true));
        assertThat(page)
                .contains("<h3><span>pool-1999</span> <span class=\"tag bad\">0 of 1 up</span>")
                .contains(">pool-50</th><td><span class=\"tag good\">1 of 1 up</span></td>")
                .containsPattern("and 1,9\\d\\d more: 1,9\\d\\d with every server up");
    }

    @Test
    void whatFitsIsShownWholeAndInItsOrder() {
        List<PoolStatus> pools =
                List.of(
                        pool("small", List.of(Scenes.server(1, false, false))),
                        pool(
                                "larger",
                                List.of(
                                        Scenes.server(2, false, false),
                                        Scenes.server(3, true, false))));
        Html out = new Html();
        PoolsPart.write(
                new Picture(
                        Samples.with(List.of(), List.of(), pools, List.of()),
                        List.of(),
                        true,
                        Past.NONE),
                out);
        assertThat(out.toString())
                .containsSubsequence(
                        "small",
                        ">application-server-1</th>",
                        "larger",
                        ">application-server-2</th>",
                        ">application-server-3</th>")
                .doesNotContain("more: ");
    }
}
