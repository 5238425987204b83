package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In the field: every metric of docs/operations.md is there in a running Buoy, and moves when that
 * happens which it tells of.
 */
@BesideOthers
@Needs(
        value = {"openssl", "python3", "dnsmasq", "promtool"},
        buoy = true)
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** What is so for the life of a process, or of a machine with these rights. */
    private static final Set<String> CONSTANT =
            Set.of(
                    "buoy_info",
                    "buoy_start_time_seconds",
                    "buoy_max_buffered_bytes",
                    "buoy_real_time_in_force");

    /** It takes a log that does not take 8192 lines in time: LogTest has one. */
    private static final Set<String> MOVES_ELSEWHERE = Set.of("buoy_log_lines_lost_total");

    private static final String FIRST =
            """
            process: {name-servers: ["198.51.100.53:53"], max-connections: 1000}
            peer: {bind: "198.51.100.1:8405", others: ["198.51.100.2:8405"], key: "not-a-secret-of-anybody-but-of-the-lab-0123456789"}
            vrrp:
              web: {interface: eth0, router-id: 51, priority: 150, advertise: 100ms, addresses: [198.51.100.100/24]}
              other: {interface: eth0, router-id: 53, advertise: 100ms, addresses: [198.51.100.103/24]}
            certificates:
              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
            listeners:
              web:
                bind: ["198.51.100.1:80"]
                protocol: http
                access-log: {format: json, to: /run/buoy/access.log}
                routes:
                  - {match: {path: /copied}, pool: app, mirror: other}
                  - {match: {path: /copied-in-vain}, pool: app, mirror: gone}
                  - {match: {path: /gone}, pool: gone}
                  - {match: {path: /big}, pool: big}
                  - {pool: app}
              https: {bind: ["198.51.100.1:443"], protocol: http, tls: {certificates: [site]}, pool: app}
              raw: {bind: ["198.51.100.1:5000"], protocol: tcp, pool: other}
            pools:
              app:
                servers: {app1: "198.51.100.11:5000", app2: "198.51.100.12:5000"}
                health: {http: {path: /api/health}, every: 200ms, fall: 2}
              other: {servers: {other: "198.51.100.11:5000"}}
              gone: {servers: {gone1: "198.51.100.11:9", gone2: "198.51.100.12:9"}}
              big: {servers: {big: "198.51.100.66:5000"}, health: {agent: {port: 9999}, every: 200ms}}
              pg: {servers: {pg1: "198.51.100.66:5432", pg2: "198.51.100.67:5432"}, health: {patroni: {role: primary}, every: 200ms}}
              named: {servers: {named: "app.internal:5000"}}
            """;

    /** The first, with what a reload may change. */
    private static final String SECOND =
            FIRST.replace("max-connections: 1000", "max-connections: 900")
                    .replace("priority: 150", "priority: 140")
                    .replace("[198.51.100.100/24]", "[198.51.100.100/24, 198.51.100.101/24]")
                    .replace(
                            "app2: \"198.51.100.12:5000\"",
                            "app2: {address: \"198.51.100.12:5000\", max-connections: 7},"
                                    + " app3: \"198.51.100.11:5001\"");

    /** The second, with a certificate of a CA that does not answer. */
    private static final String THIRD =
            SECOND.replace(
                            "  site: {chain",
                            "  ordered: {acme: {directory: \"https://198.51.100.250/dir\", names:"
                                    + " [a.example.com]}}\n"
                                    + "  site: {chain")
                    .replace("certificates: [site]", "certificates: [site, ordered]");

    /** A peer that differs in what a peer may differ. */
    private static final String PEER =
            """
            peer: {bind: "198.51.100.2:8405", others: ["198.51.100.1:8405"], key: "not-a-secret-of-anybody-but-of-the-lab-0123456789"}
            vrrp:
              web: {interface: eth0, router-id: 51, priority: 100, advertise: 200ms, addresses: [198.51.100.100/24]}
              older: {interface: eth0, router-id: 53, version: 2, addresses: [198.51.100.104/24]}
              more: {interface: eth0, router-id: 54, addresses: [198.51.100.105/24]}
            certificates:
              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
            listeners:
              https: {bind: ["198.51.100.2:443"], protocol: http, tls: {certificates: [site], tickets: {}}, pool: app}
            pools:
              app: {servers: ["198.51.100.11:5000"], health: {tcp: {}}}
            """;

    private static final String PRIMARY =
            "{\"state\":\"running\",\"role\":\"primary\",\"timeline\":%d,\"database_system_identifier\":\"7\",\"xlog\":{\"location\":%d}}";
    private static final String REPLICA =
            "{\"state\":\"running\",\"role\":\"replica\",\"timeline\":%d,\"database_system_identifier\":\"7\",\"xlog\":{\"received_location\":%d,\"replayed_location\":%d}}";

    private final NavigableSet<String> moved = new TreeSet<>();

    @TempDir Path scripts;

    private record Scene(Lan lan, Host lb, Host peer, Host field, Host names, Host client) {
        void file(String name, String content) {
            field.write("/run/field/" + name, content);
        }

        void reload(String yaml) {
            lb.write(BuoyDaemon.CONFIGURATION, yaml);
            buoy("reload");
        }

        void buoy(String... command) {
            List<String> argv = new ArrayList<>(List.of(BuoyDaemon.program()));
            argv.addAll(List.of(command));
            lb.run(argv.toArray(String[]::new)).orFail();
        }

        Finished get(String url, String... options) {
            List<String> argv = new ArrayList<>(List.of("curl", "-s", "--max-time", "10"));
            argv.addAll(List.of(options));
            argv.add(url);
            return client.run(argv.toArray(String[]::new));
        }

        String metrics(String accept) {
            return lb.run(
                            "curl",
                            "-s",
                            "--fail",
                            "--max-time",
                            "10",
                            "-H",
                            "Accept: " + accept,
                            "http://127.0.0.1:8404/metrics")
                    .orFail();
        }

        /** Sample to value, as they stand. */
        Map<String, String> scrape() {
            Map<String, String> samples = new HashMap<>();
            metrics("*/*")
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(
                            line ->
                                    samples.put(
                                            line.substring(0, line.lastIndexOf(' ')),
                                            line.substring(line.lastIndexOf(' ') + 1)));
            return samples;
        }
    }

    /** Does it, and waits until each of these has another sample, or one another value. */
    private void when(Scene scene, String happens, Runnable event, String... metrics) {
        Map<String, String> before = scene.scrape();
        event.run();
        for (String metric : metrics) {
            Await.until(
                    PATIENCE,
                    "%s to move when %s".formatted(metric, happens),
                    () -> !of(metric, scene.scrape()).equals(of(metric, before)));
            moved.add(metric);
        }
    }

    /** The samples of one family. */
    private static Map<String, String> of(String family, Map<String, String> samples) {
        return samples.entrySet().stream()
                .filter(each -> each.getKey().matches(family + "(_bucket|_sum|_count)?(\\{.*)?"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void everyMetricIsThereAndMovesWhenItsEventHappens() throws IOException {
        try (Lan lan = Lan.open("metrics")) {
            Scene scene =
                    new Scene(
                            lan,
                            lan.host("lb1", "198.51.100.1/24"),
                            lan.host("lb2", "198.51.100.2/24"),
                            lan.host("field", "198.51.100.66/24", "198.51.100.67/24"),
                            lan.host("dns", "198.51.100.53/24"),
                            lan.host("client", "198.51.100.200/24"));
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Host app2 = lan.host("app2", "198.51.100.12/24");
            Running second = Scenario2.serve(app2);
            scene.file("agent", "75%");
            scene.file("66", PRIMARY.formatted(1, 5000));
            scene.file("67", REPLICA.formatted(1, 5000, 4000));
            Path script =
                    Files.writeString(scripts.resolve("field.py"), Resources.text("field.py"));
            scene.field
                    .start("field", "python3", script.toString(), "/run/field")
                    .awaitOutput("serving", PATIENCE);
            Certificates.install(lan, List.of(scene.lb, scene.peer), List.of("IP:198.51.100.1"));
            BuoyDaemon.start(scene.lb, FIRST);

            requests(scene);
            servers(scene, second);
            databases(scene);
            commands(scene);
            hosts(scene);
            files(scene);

            NavigableSet<String> documented = documented();
            Set<String> all = new TreeSet<>(moved);
            all.addAll(CONSTANT);
            all.addAll(MOVES_ELSEWHERE);
            assertThat(all).isEqualTo(documented);
            Map<String, String> end = scene.scrape();
            for (String each : documented) {
                assertThat(of(each, end)).as(each).isNotEmpty();
            }
            prometheusFindsNothingButTheTypeInANameThatThereIsTwice(scene);
            whatIsOpenMetricsReadsAsThat(scene, documented);
        }
    }

    private void prometheusFindsNothingButTheTypeInANameThatThereIsTwice(Scene scene)
            throws IOException {
        Path file =
                Files.writeString(
                        scripts.resolve("prometheus"), scene.metrics("text/plain") + "\n");
        String found =
                Finished.of(
                                "sh",
                                "-c",
                                "promtool check metrics <\"$1\" 2>&1; test $? -eq 3",
                                "promtool",
                                file.toString())
                        .orFail();
        assertThat(found.lines())
                .hasSize(3)
                .allMatch(
                        line ->
                                line.matches(
                                        "buoy_server_\\w+_histogram_seconds metric name should not"
                                                + " include type 'histogram'"));
    }

    /** The parser of Prometheus' own library for Python is stricter than Prometheus. */
    private void whatIsOpenMetricsReadsAsThat(Scene scene, Set<String> documented)
            throws IOException {
        Path file =
                Files.writeString(
                        scripts.resolve("open"),
                        scene.metrics("application/openmetrics-text;version=1.0.0") + "\n");
        List<String> families =
                Finished.of(
                                "/usr/bin/python3",
                                "-c",
                                """
                                import sys
                                from prometheus_client.openmetrics.parser import text_string_to_metric_families
                                end = {"counter": "_total", "info": "_info"}
                                for f in text_string_to_metric_families(open(sys.argv[1]).read()):
                                    assert f.documentation, f.name
                                    assert f.unit or not f.name.endswith(("_seconds", "_bytes")), f.name
                                    print(f.name + end.get(f.type, ""))
                                """,
                                file.toString())
                        .orFail()
                        .lines()
                        .toList();
        assertThat(families).containsExactlyInAnyOrderElementsOf(documented);
    }

    private static NavigableSet<String> documented() throws IOException {
        return Pattern.compile("^\\| `(buoy_\\w+)` \\| \\w+ \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Tree.root().resolve("docs/operations.md")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void requests(Scene scene) {
        when(
                scene,
                "a request is answered",
                () -> scene.get("http://198.51.100.1/").orFail(),
                "buoy_listener_finished_total",
                "buoy_server_finished_total",
                "buoy_server_answers_total",
                "buoy_server_from_client_bytes_total",
                "buoy_server_to_client_bytes_total",
                "buoy_server_latency_seconds",
                "buoy_server_latency_histogram_seconds",
                "buoy_server_connect_seconds",
                "buoy_server_connect_histogram_seconds",
                "buoy_access_log_lines_total",
                "buoy_worker_tick_age_seconds");
        when(
                scene,
                "a session ends",
                () -> scene.get("http://198.51.100.1:5000/", "-H", "Connection: close").orFail(),
                "buoy_server_session_seconds",
                "buoy_server_session_histogram_seconds");
        when(
                scene,
                "no server takes a request",
                () -> scene.get("http://198.51.100.1/gone"),
                "buoy_listener_failures_total",
                "buoy_server_failures_total",
                "buoy_server_retries_total");
        when(
                scene,
                "a request is copied",
                () -> scene.get("http://198.51.100.1/copied").orFail(),
                "buoy_listener_mirrored_total");
        when(
                scene,
                "a copy comes to nothing",
                () -> scene.get("http://198.51.100.1/copied-in-vain").orFail(),
                "buoy_listener_mirror_failures_total");
        Running[] slow = new Running[1];
        when(
                scene,
                "a client reads slowly",
                () ->
                        slow[0] =
                                scene.client.start(
                                        "slow",
                                        "curl",
                                        "-s",
                                        "-o",
                                        "/dev/null",
                                        "--limit-rate",
                                        "1k",
                                        "http://198.51.100.1/big"),
                "buoy_connections",
                "buoy_listener_connections",
                "buoy_server_active",
                "buoy_buffered_bytes");
        slow[0].kill();
    }

    private void servers(Scene scene, Running second) {
        when(
                scene,
                "a server dies",
                second::kill,
                "buoy_pool_servers_up",
                "buoy_server_up",
                "buoy_server_state_since_time_seconds");
        when(
                scene,
                "an agent wants less",
                () -> scene.file("agent", "50%"),
                "buoy_server_granted_percent");
        when(
                scene,
                "a name has an address",
                () -> {
                    scene.names.write("/etc/names", "198.51.100.11 app.internal\n");
                    scene.names.start(
                            "dnsmasq",
                            "dnsmasq",
                            "--keep-in-foreground",
                            "--conf-file=/dev/null",
                            "--pid-file=",
                            "--user=root",
                            "--no-resolv",
                            "--no-hosts",
                            "--addn-hosts=/etc/names",
                            "--local-ttl=1",
                            "--log-facility=-");
                },
                "buoy_server_name_resolved",
                "buoy_health");
    }

    private void databases(Scene scene) {
        when(
                scene,
                "a replica falls behind",
                () -> scene.file("67", REPLICA.formatted(1, 5000, 1000)),
                "buoy_server_lag_bytes");
        when(
                scene,
                "two say they are primary",
                () -> scene.file("67", PRIMARY.formatted(2, 6000)),
                "buoy_server_role",
                "buoy_server_timeline",
                "buoy_pool_troubles");
        scene.file("66", REPLICA.formatted(2, 6000, 6000));
    }

    private void commands(Scene scene) {
        when(
                scene,
                "a weight is ordered",
                () -> scene.buoy("server", "weight", "3", "app/app1"),
                "buoy_server_weight");
        when(
                scene,
                "a listener is paused",
                () -> scene.buoy("listener", "pause", "web"),
                "buoy_listener_paused");
        scene.buoy("listener", "resume", "web");
        when(
                scene,
                "a pool is paused",
                () -> scene.buoy("pool", "pause", "app"),
                "buoy_pool_paused");
        when(
                scene,
                "somebody comes meanwhile",
                () -> scene.client.start("waits", "curl", "-s", "http://198.51.100.1/"),
                "buoy_pool_waiting");
        scene.buoy("pool", "resume", "app");
        when(
                scene,
                "the file is another one",
                () -> scene.reload(SECOND),
                "buoy_configuration_info",
                "buoy_configuration_loaded_time_seconds",
                "buoy_reloads_total",
                "buoy_max_connections",
                "buoy_pool_servers",
                "buoy_server_max_connections",
                "buoy_router_priority",
                "buoy_router_addresses",
                "buoy_router_addresses_held");
    }

    private void hosts(Scene scene) {
        when(
                scene,
                "another host comes",
                () -> BuoyDaemon.start(scene.peer, PEER),
                "buoy_peer_connected",
                "buoy_peer_messages_sent_total",
                "buoy_router_advertisements_sent_total",
                "buoy_router_discarded_total",
                "buoy_router_for_others_total");
        Await.until(
                PATIENCE,
                "the address here",
                () -> Scenario2.isActive(scene.lb) && !Scenario2.isActive(scene.peer));
        when(
                scene,
                "it gets the address, with other settings",
                () -> scene.buoy("router", "resign", "web"),
                "buoy_router_state",
                "buoy_router_state_since_time_seconds",
                "buoy_router_transitions_total",
                "buoy_router_effective_priority",
                "buoy_router_advertisements_received_total",
                "buoy_router_odd_total",
                "buoy_router_warning");
        when(
                scene,
                "the address comes back",
                () -> scene.buoy("router", "resume", "web"),
                "buoy_router_announcements_total");
    }

    private void files(Scene scene) {
        when(
                scene,
                "a certificate is replaced",
                () ->
                        Certificates.install(
                                scene.lan, List.of(scene.lb), List.of("IP:198.51.100.1")),
                "buoy_certificate_not_after_time_seconds");
        when(
                scene,
                "a certificate cannot be ordered",
                () -> scene.reload(THIRD),
                "buoy_acme_orders_total",
                "buoy_acme_next_time_seconds");
    }
}
