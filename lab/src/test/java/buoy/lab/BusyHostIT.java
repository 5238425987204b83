package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.RouterPlan.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A host whose cores are all taken, by a niced busy loop on each and by as many requests as fit
 * through the process itself, goes on advertising: no peer takes it for dead. keepalived beside it,
 * on a host of its own without requests, shows what the machine allows.
 */
@Alone
@Needs(
        value = {"keepalived", "wrk", "timeout"},
        buoy = true)
class BusyHostIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BUOY_ID = 51;
    private static final int KEEPALIVED_ID = 61;

    /** At 10 ms a pause of 36 ms is a false takeover: the native executable has none so long. */
    @Tag("soak")
    @Test
    void aMinuteAtTenMillisecondsWithoutAFalseTakeover() {
        staysActive(Duration.ofMillis(10), Duration.ofSeconds(60));
    }

    @Test
    void aFewSecondsAtAHundredMilliseconds() {
        staysActive(Duration.ofMillis(100), Duration.ofSeconds(8));
    }

    private static void staysActive(Duration interval, Duration time) {
        RouterPlan ours = plan("buoy", BUOY_ID, interval, "198.51.100.151/24");
        RouterPlan theirs = plan("keepalived", KEEPALIVED_ID, interval, "198.51.100.161/24");
        try (Lan lan = Lan.open("busy")) {
            Host lb = lan.host("lb", "198.51.100.1/24");
            Host kept = lan.host("kept", "198.51.100.2/24");
            Host peer = lan.host("peer", "198.51.100.3/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            BuoyDaemon.start(
                    lb,
                    BuoyDaemon.vrrp(lb, peer, 150, List.of(ours))
                            + """
                            listeners:
                              http: {bind: ["198.51.100.1:80"], protocol: http, pool: app}
                            pools:
                              app: {servers: {app1: "198.51.100.11:5000"}, health: {tcp: {}}}
                            """);
            Keepalived.start(kept, peer, 150, List.of(theirs));
            Await.until(PATIENCE, "lb active", () -> lb.carries().contains(ours.address()));
            Await.until(PATIENCE, "kept active", () -> kept.carries().contains(theirs.address()));
            Capture capture = lan.capture();
            Keepalived.start(peer, lb, 100, List.of(ours, theirs));
            String seconds = Long.toString(time.toSeconds() + 4);
            for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
                lb.start(
                        "busy",
                        "nice",
                        "-n",
                        "19",
                        "timeout",
                        seconds,
                        "sh",
                        "-c",
                        "while :; do :; done");
            }
            Running load =
                    client.start(
                            "wrk",
                            "wrk",
                            "-t1",
                            "-c32",
                            "-d" + time.toSeconds() + "s",
                            "http://198.51.100.1/");
            Await.pass(Duration.ofSeconds(1));
            Instant from = Instant.now();
            load.awaitEnd(time.plus(PATIENCE));
            Instant to = Instant.now();

            List<Advertisement> all =
                    capture.advertisements().stream()
                            .filter(a -> a.at().isAfter(from) && a.at().isBefore(to))
                            .toList();
            Duration longest = longestGap(all, BUOY_ID, lb);
            Figures.say(
                    "busy host, %s advertisements for %s: longest gap of Buoy %s, of keepalived %s; false takeovers %d and %d; %s"
                            .formatted(
                                    Figures.ms(interval),
                                    time,
                                    Figures.ms(longest),
                                    Figures.ms(longestGap(all, KEEPALIVED_ID, kept)),
                                    foreign(all, BUOY_ID, lb),
                                    foreign(all, KEEPALIVED_ID, kept),
                                    load.output()
                                            .lines()
                                            .filter(line -> line.startsWith("Requests/sec"))
                                            .findFirst()
                                            .orElse("no requests")));
            assertThat(load.output()).contains("Requests/sec").doesNotContain("unable to connect");
            assertThat(foreign(all, BUOY_ID, lb)).as("false takeovers").isZero();
        }
    }

    private static RouterPlan plan(String name, int id, Duration interval, String address) {
        return new RouterPlan(name, id, 3, interval, Mode.MULTICAST, address);
    }

    private static Duration longestGap(List<Advertisement> all, int id, Host host) {
        return Advertisement.longestGap(
                all.stream()
                        .filter(a -> a.routerId() == id && a.mac().equals(host.mac()))
                        .toList());
    }

    /** Advertisements of anybody else: each is a takeover that nothing called for. */
    private static long foreign(List<Advertisement> all, int id, Host host) {
        return all.stream().filter(a -> a.routerId() == id && !a.mac().equals(host.mac())).count();
    }
}
