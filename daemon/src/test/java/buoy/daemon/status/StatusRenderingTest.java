package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.history.Past;
import buoy.daemon.page.Page;
import buoy.daemon.page.Picture;
import buoy.lb.journal.Journal;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.Whereabouts;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.track.Contribution;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusRenderingTest {
    private static final Status BROKEN = Samples.broken();

    private static String page(Status status) {
        return Page.of(new Picture(status, List.of(), false, Past.NONE), Optional.empty());
    }

    @Test
    void textSaysTheVerdictBeforeAnythingElse() {
        assertThat(StatusText.of(Samples.good()).lines().toList())
                .startsWith(
                        "buoy 0.1.0 on lb1, running, up 3h",
                        "/etc/buoy/buoy.yaml (0123456789ab) loaded 2h ago",
                        "All is well.");
        assertThat(StatusText.of(BROKEN).lines().toList())
                .contains(
                        "BAD      process: worker 0 of 1 hangs, it waits for something",
                        "DEGRADED certificate site: ends in 3d")
                .doesNotContain("All is well.");
    }

    @Test
    void whatMovesWithARouterIsShownWithWhetherItIsHere() {
        assertThat(StatusText.of(Samples.good()).lines().toList())
                .contains(
                        "  virtual MAC 00:00:5e:00:01:33 on buoy.51.eth0, answering",
                        "  route to 203.0.113.0/24 via 198.51.100.254 dev eth0 table 254, held here");
        assertThat(StatusJson.line(Samples.good()))
                .contains(
                        "\"virtual-links\":[{\"name\":\"buoy.51.eth0\",\"mac\":\"00:00:5e:00:01:33\",\"up\":true}]",
                        "\"routes\":[{\"what\":\"route to 203.0.113.0/24 via 198.51.100.254 dev eth0 table 254\",\"held\":true}]");
        assertThat(page(Samples.good())).contains("00:00:5e:00:01:33");
    }

    private static Status named(Whereabouts... whereabouts) {
        return Samples.status(
                List.of(),
                List.of(whereabouts).stream()
                        .map(
                                each ->
                                        Samples.named(
                                                Samples.server("a1", ServerHealth.State.UP), each))
                        .toList(),
                Duration.ofMillis(40),
                Samples.NOW.plus(Duration.ofDays(60)),
                Optional.empty());
    }

    @Test
    void aServersNameIsShownWithWhatItStandsFor() {
        Whereabouts found =
                new Whereabouts(
                        Optional.of(Samples.endpoint("198.51.100.11", 5000)), Optional.empty());
        Whereabouts stale = new Whereabouts(found.at(), Optional.of("SERVFAIL"));
        Whereabouts lost = new Whereabouts(Optional.empty(), Optional.of("NXDOMAIN"));
        Status status = named(found, stale, lost);
        assertThat(StatusText.of(status))
                .contains(
                        "app1.internal:5000 = 198.51.100.11 ",
                        "app1.internal:5000 = ? ",
                        "name not resolved any more: SERVFAIL");
        assertThat(page(status)).contains("app1.internal:5000 = 198.51.100.11");
        String address = "\"address\":\"app1.internal:5000\",";
        String at = "\"resolved\":\"198.51.100.11:5000\",";
        assertThat(StatusJson.line(status))
                .contains(
                        address + at + "\"weight\"",
                        address + at + "\"name-trouble\":\"SERVFAIL\",\"weight\"",
                        address + "\"name-trouble\":\"NXDOMAIN\",\"weight\"");
        for (Whereabouts each : List.of(found, stale, lost)) {
            assertThat(Samples.metrics(named(each)))
                    .contains(
                            "buoy_server_name_resolved{pool=\"app\",server=\"a1\"} "
                                    + (each.equals(found) ? 1 : 0));
        }
        assertThat(Samples.metrics(Samples.good())).doesNotContain("buoy_server_name_resolved{");
    }

    @Test
    void accessLogsAreShownAndTheirTroubleIsFound() {
        Status good = Samples.good();
        assertThat(StatusText.of(good)).containsPattern("\n/var/log/buoy/access.log +12 +3 +-\n");
        assertThat(page(good)).contains("<h2>Access logs</h2>");
        assertThat(StatusJson.line(good))
                .contains(
                        "\"access-logs\":[{\"to\":\"/var/log/buoy/access.log\",\"written\":12,\"lost\":3}]");
        Status bad =
                Samples.logging(
                        new Journal.State(
                                "/var/log/buoy/access.log", 12, 3, Optional.of("disk full")));
        assertThat(StatusText.of(bad).lines().toList())
                .contains(
                        "DEGRADED access log /var/log/buoy/access.log: cannot be written, lines are lost: disk full");
        assertThat(page(bad)).contains("disk full");
        assertThat(StatusJson.line(bad)).contains("\"trouble\":\"disk full\"");
    }

    @Test
    void textIsAlignedAndNothingTrails() {
        List<String> lines = StatusText.of(Samples.good()).lines().toList();
        assertThat(lines).allSatisfy(line -> assertThat(line).isEqualTo(line.stripTrailing()));
        String titles =
                lines.stream().filter(l -> l.startsWith("ROUTER")).findFirst().orElseThrow();
        String web = lines.stream().filter(l -> l.startsWith("web")).findFirst().orElseThrow();
        assertThat(web.substring(titles.indexOf("STATE"))).startsWith("active");
        assertThat(web.substring(titles.indexOf("WHY"))).startsWith("no active router heard");
    }

    @Test
    void textTellsEverythingAboutARouter() {
        assertThat(StatusText.of(Samples.good()).lines().toList())
                .contains(
                        "Real-time: the VRRP thread: SCHED_RR; memory: locked on fault",
                        "ROUTER web: version 3, every 100ms (the active router every 200ms), skew 83ms,"
                                + " takes over after 683ms of silence, acts in 80ms, speaks from 198.51.100.1",
                        "  peer 198.51.100.2: priority 100, every 100ms, heard 1h 1m ago",
                        "  36.0k sent, 12 received, 6 announcements, 5 for other routers",
                        "  discarded bad-checksum: 2, the last from 198.51.100.9 3s ago:"
                                + " checksum 0x0001 is wrong with and without pseudo-header",
                        "  odd interval-mismatch: 1");
    }

    /** A router whose priority is lowered, with a warning on its network. */
    private static Status lowered() {
        Contribution cause =
                new Contribution(
                        "pool app has 1 server up, below 2", Contribution.Kind.WEIGHT, -60);
        return Samples.status(
                List.of(
                        Samples.router(
                                RouterState.BACKUP,
                                90,
                                List.of(cause),
                                List.of(
                                        new RouterStatus.Warning(
                                                RouterStatus.Warning.HALF_HEARD,
                                                "198.51.100.2 is heard in one family alone",
                                                Duration.ofSeconds(2))),
                                List.of())),
                List.of(Samples.server("a1", ServerHealth.State.UP)),
                Duration.ofMillis(40),
                Samples.NOW.plus(Duration.ofDays(60)),
                Optional.empty());
    }

    @Test
    void eachRouterTellsWhatItsPriorityIsMadeOf() {
        assertThat(StatusText.of(Samples.good())).contains("\n  0            pool app\n");
        assertThat(StatusText.of(lowered()).lines())
                .containsSubsequence(
                        "  -60          pool app has 1 server up, below 2",
                        "  unknown      interface eth1",
                        "  half-heard: 198.51.100.2 is heard in one family alone, 2s ago");
        assertThat(page(lowered()))
                .containsSubsequence(
                        "no active router heard for 0.4s",
                        "priority 90 instead of 150",
                        ">-60</span> pool app has 1 server up, below 2</li>",
                        ">unknown</span> interface eth1</li>",
                        ">half-heard</span> 198.51.100.2 is heard in one family alone, 2s ago");
        assertThat(StatusJson.line(lowered()))
                .contains(
                        "\"tracked\":[{\"what\":\"pool app\",\"known\":true,\"effect\":\"-60\",\"cause\":\"pool app has 1 server up, below 2\"},"
                                + "{\"what\":\"interface eth1\",\"known\":false}]");
    }

    @Test
    void aRefusedFavourOfTheKernelIsAFindingWithItsRemedy() {
        Status refused =
                Samples.with(
                        new RealTimeStatus(
                                new RealTimeStatus.Refused(
                                        "sched_setscheduler(SCHED_RR) failed: EPERM (grant CAP_SYS_NICE)"),
                                new RealTimeStatus.NotAsked("process.real-time is false")));
        assertThat(StatusText.of(refused))
                .contains(
                        "DEGRADED process.real-time: the VRRP thread is scheduled as any other: sched_setscheduler(SCHED_RR) failed: EPERM (grant CAP_SYS_NICE)",
                        "memory: may be paged out (process.real-time is false)");
        assertThat(Samples.metrics(refused))
                .contains("buoy_real_time_in_force{what=\"scheduling\"} 0\n");
        assertThat(Samples.metrics(Samples.good()))
                .contains("buoy_real_time_in_force{what=\"memory\"} 1\n");
        assertThat(StatusJson.line(refused))
                .contains(
                        "\"scheduling\":{\"in-force\":false,\"refused\":\"sched_setscheduler",
                        "\"memory\":{\"in-force\":false,\"not-asked\":");
    }

    @Test
    void jsonIsOneValueWithEverySection() throws IOException {
        Map<String, JsonToken> members = members(Samples.json(Samples.good()));
        assertThat(members)
                .containsKeys(
                        "version",
                        "host",
                        "started-at",
                        "at",
                        "uptime-seconds",
                        "phase",
                        "health",
                        "findings",
                        "configuration",
                        "routers",
                        "listeners",
                        "pools",
                        "workers",
                        "certificates",
                        "orders",
                        "peers",
                        "lost-log-lines");
        assertThat(Samples.json(Samples.good()))
                .contains(
                        "\"days-left\" : ",
                        "\"effective-priority\" : 150",
                        "\"server-refused\" : 4",
                        "\"next\" : \"2026-12-21T12:00:00Z\"",
                        "\"p99-seconds\" : 0.018");
    }

    @Test
    void jsonForTheLogIsOneLine() throws IOException {
        String line = StatusJson.line(BROKEN);
        assertThat(line).doesNotContain("\n");
        assertThat(members(line)).containsKey("pools");
    }

    /** The members of the outermost object; fails unless the text is exactly one JSON object. */
    private static Map<String, JsonToken> members(String json) throws IOException {
        Map<String, JsonToken> members = new TreeMap<>();
        try (JsonParser in = new JsonFactory().createParser(json)) {
            assertThat(in.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                members.put(name, in.nextToken());
                in.skipChildren();
            }
            assertThat(in.currentToken()).isEqualTo(JsonToken.END_OBJECT);
            assertThat(in.nextToken()).isNull();
        }
        return members;
    }

    @Test
    void everyMetricsLineFollowsPrometheusGrammar() {
        String label = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\n\"])*\"";
        String name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
        String number = "(?:[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|NaN|[+-]Inf)";
        String sample = name + "(?:\\{" + label + "(?:," + label + ")*})? " + number;
        for (Status status : List.of(Samples.good(), BROKEN)) {
            assertThat(Samples.metrics(status).lines())
                    .allMatch(
                            line ->
                                    line.matches("# HELP " + name + " .+")
                                            || line.matches(
                                                    "# TYPE "
                                                            + name
                                                            + " (?:counter|gauge|summary|histogram)")
                                            || line.matches(sample));
        }
    }

    /** OpenMetrics 1.0.0: names of families without what samples end in, units, and an end. */
    @Test
    void inOpenMetricsTheSameSamplesHaveFamiliesUnitsAndAnEnd() {
        for (Status status : List.of(Samples.good(), BROKEN)) {
            String open = Samples.metrics(status, MetricsFormat.OPEN_METRICS);
            assertThat(open).endsWith("\n# EOF\n");
            assertThat(open.lines().filter(line -> !line.startsWith("#")))
                    .isEqualTo(
                            Samples.metrics(status)
                                    .lines()
                                    .filter(line -> !line.startsWith("#"))
                                    .toList());
            assertThat(open.lines().filter(line -> line.startsWith("# TYPE ")))
                    .allMatch(line -> !line.contains("_total "));
            assertThat(open.lines())
                    .contains(
                            "# TYPE buoy_server_from_client_bytes counter",
                            "# UNIT buoy_server_from_client_bytes bytes",
                            "# HELP buoy_server_from_client_bytes Bytes sent on to the server.",
                            "# TYPE buoy_server_answers counter",
                            "# TYPE buoy info",
                            "# UNIT buoy_server_session_histogram_seconds seconds");
        }
    }

    @Test
    void everyMetricsFamilyIsNamedOnceAndItsSamplesFollowIt() {
        String family = "";
        Set<String> seen = new HashSet<>();
        for (String line : Samples.metrics(Samples.good()).lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.substring(7, line.indexOf(' ', 7));
                assertThat(seen.add(family)).as(family).isTrue();
            } else if (!line.startsWith("#")) {
                assertThat(line).startsWith(family);
            }
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }

    @Test
    void metricsCarryTheNamedReasonsAndPercentiles() {
        assertThat(Samples.metrics(Samples.good()))
                .contains(
                        "buoy_server_failures_total{pool=\"app\",server=\"a1\",reason=\"server-refused\"} 4\n",
                        "buoy_server_latency_seconds{pool=\"app\",server=\"a1\",quantile=\"0.99\"} 0.018\n",
                        "buoy_server_latency_histogram_seconds_bucket{pool=\"app\",server=\"a1\",le=\"2.0\"} 100000\n",
                        "buoy_server_connect_histogram_seconds_bucket{pool=\"app\",server=\"a1\",le=\"0.001\"} 100000\n",
                        "buoy_server_session_histogram_seconds_bucket{pool=\"app\",server=\"a1\",le=\"604800.0\"} 100000\n",
                        "buoy_server_session_histogram_seconds_bucket{pool=\"app\",server=\"a1\",le=\"+Inf\"} 123460\n",
                        "buoy_server_latency_seconds_count{pool=\"app\",server=\"a1\"} 123460\n",
                        "buoy_router_state{router=\"web\",state=\"active\"} 1\n");
    }

    /**
     * What a database says of itself, and how long its sessions take and last, is told everywhere.
     */
    @Test
    void aDatabasesRoleLagAndSessionsAreTold() throws IOException {
        assertThat(Samples.metrics(Samples.good()))
                .contains(
                        "buoy_server_role{pool=\"app\",server=\"a1\",role=\"replica\"} 1\n",
                        "buoy_server_timeline{pool=\"app\",server=\"a1\"} 3\n",
                        "buoy_server_lag_bytes{pool=\"app\",server=\"a1\"} 2048\n",
                        "buoy_server_session_seconds{pool=\"app\",server=\"a1\",quantile=\"0.99\"} ",
                        "buoy_server_connect_seconds{pool=\"app\",server=\"a1\",quantile=\"0.99\"} ");
        assertThat(Samples.json(Samples.good()))
                .contains("\"role\" : \"replica\"", "\"timeline\" : 3", "\"lag-bytes\" : 2048");
        assertThat(page(Samples.good())).contains("replica, timeline 3, lag 2.0");
        assertThat(StatusText.of(Samples.good())).contains("replica, timeline 3, lag 2.0");
    }
}
