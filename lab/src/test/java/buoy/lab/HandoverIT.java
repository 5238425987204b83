package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An address handed from one Buoy to another under load, by {@code buoy router resign} and by
 * SIGTERM: no request fails. Two kinds of clients ask at a steady rate: one opens a connection for
 * each request, the other keeps its connections. What the latter sends on a connection that was
 * closed in that moment is its own to send again (RFC 9112 9.3.1), and is counted apart.
 */
@Alone
@Needs(
        value = {"curl", "nft"},
        buoy = true)
class HandoverIT {
    private static final String VIP = "198.51.100.100";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ADVERTISE = Duration.ofMillis(100);
    private static final int PER_SECOND = 200;

    /** Neither preempts: who resumes does not take the address from who serves. */
    private static final String YAML =
            """
            vrrp:
              web:
                interface: eth0
                router-id: 51
                priority: 100
                preempt: false
                advertise: %dms
                addresses: [%s/24]
            listeners:
              http: {bind: ["%s:80"], protocol: http, pool: app}
            pools:
              app:
                servers: {app1: "198.51.100.11:5000", app2: "198.51.100.12:5000"}
                health: {http: {path: /api/health}, every: 1s}
            """
                    .formatted(ADVERTISE.toMillis(), VIP, VIP);

    @Test
    void noRequestFailsWhileTheAddressMovesBackAndForth() {
        moveUnderLoad(4, 4_000);
    }

    @Tag("soak")
    @Test
    void noneOfTwentyThousandFailsInTenMoves() {
        moveUnderLoad(10, 20_000);
    }

    private static void moveUnderLoad(int moves, int requests) {
        try (Lan lan = Lan.open("handover")) {
            Pair pair = Pair.start(lan);
            LabClient load =
                    LabClient.start(
                            lan.host("client", "198.51.100.200/24"),
                            role("fresh"),
                            role("kept"),
                            List.of("ws", "ws", "ws://" + VIP + "/ws"));
            Instant begun = Instant.now();
            BuoyDaemon active = pair.first;
            for (int move = 1; move <= moves; move++) {
                BuoyDaemon next = pair.other(active);
                awaitAnswers(load, requests * move / (moves + 1));
                assertThat(active.command("router", "resign", "web").orFail())
                        .contains("router web resigned: backup with priority 1");
                Host heir = next.host();
                Await.until(PATIENCE, "the address on " + heir, () -> carriesVip(heir));
                assertThat(carriesVip(active.host())).isFalse();
                assertThat(active.command("router", "resume", "web").orFail())
                        .contains("takes part again: backup with priority 100");
                active = next;
            }
            awaitAnswers(load, requests);
            Instant ended = Instant.now();
            Attempts all = load.stop();
            say("%d moves by `router resign`".formatted(moves), all, begun, ended);
            assertThat(all.of("fresh").failures().all()).isEmpty();
            assertThat(all.of("kept").failures().all()).isEmpty();
            assertThat(all.of("fresh").size() + all.of("kept").size())
                    .isGreaterThanOrEqualTo(requests);
            assertThat(all.of("ws-open").size())
                    .as("WebSockets, each cut by a move")
                    .isGreaterThan(moves);
            for (Host host : List.of(pair.first.host(), pair.second.host())) {
                assertThat(host.run("nft", "list", "ruleset").orFail())
                        .as("what is still dropped on %s", host)
                        .isBlank();
            }
        }
    }

    @Tag("soak")
    @Test
    void aStopIsFeltByNobodyAndAnOpenWebSocketDoesNotHoldItUp() {
        try (Lan lan = Lan.open("stop")) {
            Pair pair = Pair.start(lan);
            Capture capture = lan.capture();
            LabClient load =
                    LabClient.start(
                            lan.host("client", "198.51.100.200/24"),
                            role("fresh"),
                            role("kept"),
                            List.of("ws", "ws", "ws://" + VIP + "/ws"));
            Instant begun = Instant.now();
            awaitAnswers(load, 400);
            Instant asked = Instant.now();
            assertThat(pair.first.process().stop(PATIENCE)).isZero();
            Instant gone = Instant.now();
            Advertisement resigned =
                    capture.await(
                            "priority 0",
                            PATIENCE,
                            a -> a.priority() == 0 && a.at().isAfter(asked));
            Advertisement taken =
                    capture.await(
                            "the heir's first word",
                            PATIENCE,
                            a -> a.at().isAfter(resigned.at()) && a.priority() > 0);
            awaitAnswers(load, 1200);
            Instant ended = Instant.now();
            Attempts all = load.stop();
            Figures.say(
                    "SIGTERM with an open WebSocket: priority 0 after %s, taken over %s later (skew %s), process gone after %s"
                            .formatted(
                                    Figures.ms(Duration.between(asked, resigned.at())),
                                    Figures.ms(Duration.between(resigned.at(), taken.at())),
                                    Figures.ms(ADVERTISE.multipliedBy(156).dividedBy(256)),
                                    Figures.ms(Duration.between(asked, gone))));
            say("SIGTERM", all, begun, ended);
            assertThat(all.of("fresh").failures().all()).isEmpty();
            assertThat(all.of("kept").failures().all()).isEmpty();
            assertThat(all.of("ws-open").size()).as("WebSockets").isGreaterThan(1);
        }
    }

    /**
     * Exchanges that no hand-over waits for, one of which ends every two milliseconds: those that
     * end in the moment in which the address is gone are answered, and those after it are told.
     */
    @Tag("soak")
    @Test
    void whatOutlastsTheMoveIsNotLeftWithoutAnAnswer() {
        try (Lan lan = Lan.open("outlast")) {
            Pair pair = Pair.start(lan);
            LabClient load =
                    LabClient.start(
                            lan.host("client", "198.51.100.200/24"),
                            List.of("fresh", "fresh", "http://" + VIP + "/slow?ms=2700", "500"));
            awaitAnswers(load, 1000);
            assertThat(pair.first.command("router", "resign", "web").orFail())
                    .contains("router web resigned");
            awaitAnswers(load, 4000);
            Attempts all = load.stop();
            Figures.say(
                    "exchanges of 2.7 s and a move: %d of %d failed %s"
                            .formatted(
                                    all.failures().size(),
                                    all.of("fresh").size(),
                                    all.of("fresh").reasons()));
            assertThat(all.of("fresh").reasons())
                    .containsKey("status-503")
                    .doesNotContainKey("response-timeout");
        }
    }

    /** It preempts and would be the better one; what it was ordered outlives its process. */
    @Test
    void whoHasResignedAndIsKilledComesBackResignedAndServesWhereNobodyElseDoes() {
        try (Lan lan = Lan.open("resigned")) {
            serve(lan);
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            BuoyDaemon first =
                    BuoyDaemon.start(
                            lb1,
                            YAML.replace("priority: 100", "priority: 150")
                                    .replace("preempt: false", "preempt: true"));
            Await.until(PATIENCE, "lb1 active", () -> carriesVip(lb1));
            BuoyDaemon second = BuoyDaemon.start(lb2, YAML);
            assertThat(first.command("router", "resign", "web").orFail())
                    .contains("router web resigned: backup with priority 1")
                    .doesNotContain("not kept");
            Await.until(PATIENCE, "the address on lb2", () -> carriesVip(lb2));
            first.process().kill();
            BuoyDaemon again = BuoyDaemon.start(lb1);
            again.awaitPeers(1, 100);
            assertThat(again.process().output())
                    .contains("in force again: router web: resigned since ");
            assertThat(again.command("status").orFail())
                    .contains("1 of 150", "resigned by the operator");
            assertThat(carriesVip(lb1)).as("lb2 serves").isFalse();

            second.process().kill();
            Await.until(PATIENCE, "the address on lb1", () -> carriesVip(lb1));
            assertThat(again.command("router", "resume", "web").orFail())
                    .contains("takes part again: active with priority 150");
        }
    }

    @Test
    void whereNobodyTakesTheAddressItStaysAndServes() {
        try (Lan lan = Lan.open("alone")) {
            serve(lan);
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            BuoyDaemon alone = BuoyDaemon.start(lb1, YAML);
            Await.until(PATIENCE, "lb1 active", () -> carriesVip(lb1));
            LabClient load =
                    LabClient.start(
                            lan.host("client", "198.51.100.200/24"), role("fresh"), role("kept"));
            AddressEvents events = AddressEvents.on(lb1);
            awaitAnswers(load, 200);
            Finished resign = alone.command("router", "resign", "web");
            assertThat(resign.exit()).isEqualTo(1);
            assertThat(resign.output())
                    .contains("nobody took the addresses of router web: they stay here");
            Finished unknown = alone.command("router", "resign", "wbe");
            assertThat(unknown.exit()).isEqualTo(1);
            assertThat(unknown.output()).contains("there is no router wbe (configured: web)");
            awaitAnswers(load, 600);
            Attempts all = load.stop();
            assertThat(all.of("fresh").failures().all()).isEmpty();
            assertThat(all.of("kept").failures().all()).isEmpty();
            assertThat(events.all()).as("addresses removed").noneMatch(AddressEvents.Event::gone);
        }
    }

    private static List<String> role(String kind) {
        return List.of(kind, kind, "http://" + VIP + "/slow?ms=5", Integer.toString(PER_SECOND));
    }

    private static void awaitAnswers(LabClient load, int count) {
        Await.until(
                PATIENCE.multipliedBy(3),
                count + " answers",
                () -> load.attempts("fresh").size() + load.attempts("kept").size() >= count);
    }

    private static void say(String what, Attempts all, Instant begun, Instant ended) {
        for (String kind : List.of("fresh", "kept", "ws")) {
            Attempts of = all.of(kind);
            Figures.say(
                    "%s, %s: %d of %d failed %s, %d sent again; longest gap %s"
                            .formatted(
                                    what,
                                    kind,
                                    of.failures().size(),
                                    of.size(),
                                    of.reasons(),
                                    all.of(kind + "-retried").size(),
                                    Figures.ms(of.longestGap(begun, ended))));
        }
    }

    private static void serve(Lan lan) {
        Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
        Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
    }

    private static boolean carriesVip(Host host) {
        return host.carries().contains(VIP + "/24");
    }

    /** Two hosts with one address between them; the first has it. */
    private record Pair(BuoyDaemon first, BuoyDaemon second) {
        static Pair start(Lan lan) {
            serve(lan);
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            BuoyDaemon first = BuoyDaemon.start(lb1, YAML);
            Await.until(PATIENCE, "lb1 active", () -> carriesVip(lb1));
            BuoyDaemon second = BuoyDaemon.start(lan.host("lb2", "198.51.100.2/24"), YAML);
            return new Pair(first, second);
        }

        BuoyDaemon other(BuoyDaemon one) {
            return one.equals(first) ? second : first;
        }
    }
}
