package buoy.daemon.page;

import buoy.daemon.events.Said;
import buoy.daemon.history.Change;
import buoy.daemon.history.Past;
import buoy.daemon.status.Samples;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.ServerHealth;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.track.Contribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Hosts as people meet them, to be looked at: by day, and on a bad night. */
public final class Scenes {
    private static final Duration MOVES = Duration.ofMillis(40);
    private static final Duration HANGS = Duration.ofSeconds(9);

    private Scenes() {}

    /** All of them, by name. */
    public static Map<String, Picture> all() {
        return Map.of(
                "well", well(),
                "failed-server", failedServer(),
                "many-servers", manyServers(),
                "bad-night", badNight());
    }

    /** One of a pair: it has one address, the other host has the other. */
    private static Picture well() {
        return picture(
                List.of(active("web"), backup("db", List.of())),
                servers(2, _ -> false, _ -> false),
                MOVES,
                60,
                new Said(Samples.NOW, "router-state", "web: backup -> active: takes over"));
    }

    /** One of two servers has died, for which a router is of less priority. */
    private static Picture failedServer() {
        Contribution cause =
                new Contribution(
                        "pool app has 1 server up, below 2", Contribution.Kind.WEIGHT, -40);
        return picture(
                List.of(active("web"), backup("db", List.of(cause))),
                servers(2, number -> number == 2, _ -> false),
                MOVES,
                60,
                new Said(
                        Samples.NOW,
                        "server",
                        "app/application-server-2: up -> down: Connection refused"));
    }

    /** More servers than a page shows. */
    private static Picture manyServers() {
        return picture(
                List.of(active("web")),
                servers(300, number -> number == 150, number -> number == 200),
                MOVES,
                60,
                new Said(Samples.NOW, "server", "app/application-server-200: drains by command"));
    }

    /** Nearly everything that can be wrong at once. */
    public static Picture badNight() {
        RouterStatus fault =
                Samples.router(
                        "db", RouterState.FAULT, 0, List.of(), List.of(), List.of("eth0 is down"));
        return picture(
                List.of(active("web"), fault),
                servers(40, number -> number % 9 == 0, number -> number % 11 == 0),
                HANGS,
                3,
                new Said(Samples.NOW, "router-state", "db: active -> fault: eth0 is down"));
    }

    private static RouterStatus active(String name) {
        return Samples.router(name, RouterState.ACTIVE, 150, List.of(), List.of(), List.of());
    }

    private static RouterStatus backup(String name, List<Contribution> causes) {
        int priority = 150 + causes.stream().mapToInt(Contribution::amount).sum();
        return Samples.router(name, RouterState.BACKUP, priority, causes, List.of(), List.of());
    }

    private static List<ServerStatus> servers(int count, IntPredicate isDown, IntPredicate drains) {
        List<ServerStatus> servers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            servers.add(server(i, isDown.test(i), drains.test(i)));
        }
        return servers;
    }

    /** One of many; the higher its number, the longer it is as it is. */
    static ServerStatus server(int number, boolean down, boolean drains) {
        return Samples.server(
                "application-server-" + number,
                new ServerHealth(
                        down ? ServerHealth.State.DOWN : ServerHealth.State.UP,
                        Samples.NOW.minusSeconds(number * 97L),
                        down ? "Connection refused" : "HTTP 200"),
                drains ? Duty.DRAIN : Duty.READY,
                Optional.empty());
    }

    private static Picture picture(
            List<RouterStatus> routers,
            List<ServerStatus> servers,
            Duration tickAge,
            int certificateDays,
            Said said) {
        Past busy = ChartsTest.busy(3);
        Map<String, Double> rates = new HashMap<>();
        servers.forEach(each -> rates.put("app/" + each.name(), 12.5));
        Map<String, List<Change>> fell = new HashMap<>();
        routers.stream()
                .filter(each -> each.state() == RouterState.FAULT)
                .forEach(
                        each ->
                                fell.put(
                                        each.name(),
                                        busy.routers().getOrDefault("web", List.of())));
        return new Picture(
                Samples.status(
                        routers,
                        servers,
                        tickAge,
                        Samples.NOW.plus(Duration.ofDays(certificateDays)),
                        Optional.empty()),
                List.of(said),
                true,
                new Past(
                        busy.listeners(),
                        busy.pools(),
                        fell,
                        Map.of(
                                "app/application-server-2",
                                busy.servers().getOrDefault("app/a2", List.of()))),
                new Pace(rates));
    }
}
