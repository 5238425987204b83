package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempt;
import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The primary moves, dies whole or loses its link under two writers that commit one row after the
 * other: one through Buoy, one through HAProxy as Patroni's documentation configures it. Sessions
 * arrive at Buoy all the while: none is refused, whatever happens. A session that is proving its
 * password to the primary when that ends is the primary's, as those are that have proved it: the
 * proof answers what this one server asked, and cannot be shown to another.
 */
@Alone
@Needs(
        value = {"patroni", "etcd", "haproxy"},
        buoy = true)
class FailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CALM = Duration.ofSeconds(2);

    private static final String BUOY =
            """
            listeners:
              postgres: {bind: ["198.51.100.1:5432"], protocol: postgres, pool: primary}
            pools:
              primary:
                servers: {pg1: "198.51.100.21:5432", pg2: "198.51.100.22:5432", pg3: "198.51.100.23:5432"}
                health: {patroni: {role: primary}, every: 500ms, timeout: 400ms}
                on-down: close-sessions
                hold: 30s
            """;

    /** Patroni's documentation, "HAProxy". */
    private static final String HAPROXY =
            """
            global
                maxconn 400
            defaults
                mode tcp
                retries 2
                timeout client 30m
                timeout connect 4s
                timeout server 30m
                timeout check 5s
            listen primary
                bind *:5000
                option httpchk OPTIONS /primary
                http-check expect status 200
                default-server inter 3s fall 3 rise 2 on-marked-down shutdown-sessions
                server pg1 198.51.100.21:5432 maxconn 300 check port 8008
                server pg2 198.51.100.22:5432 maxconn 300 check port 8008
                server pg3 198.51.100.23:5432 maxconn 300 check port 8008
            """;

    /** read_only_sql_transaction. */
    private static final String READ_ONLY = "sqlstate-25006";

    /** What the driver says of a connection that stood and broke. */
    private static final Pattern CUT =
            Pattern.compile("EOFException|SocketException|I/O error|57P01|administrator command");

    private static final class Drill implements AutoCloseable {
        private final Lan lan = Lan.open("failover");
        private final PatroniCluster postgres;
        private final LabClient client;
        private final BuoyDaemon buoy;

        Drill() {
            postgres =
                    PatroniCluster.start(
                            lan.host("etcd", "198.51.100.20/24"),
                            List.of(
                                    lan.host("pg1", "198.51.100.21/24"),
                                    lan.host("pg2", "198.51.100.22/24"),
                                    lan.host("pg3", "198.51.100.23/24")));
            buoy = BuoyDaemon.start(lan.host("lb1", "198.51.100.1/24"), BUOY);
            Host other = lan.host("lb2", "198.51.100.2/24");
            other.write("/etc/haproxy.cfg", HAPROXY);
            other.start("haproxy", "haproxy", "-db", "-f", "/etc/haproxy.cfg");
            Host from = lan.host("client", "198.51.100.200/24");
            postgres.awaitReady();
            client =
                    LabClient.start(
                            from,
                            List.of("pg", "buoy", "198.51.100.1", "5432"),
                            List.of("pg", "haproxy", "198.51.100.2", "5000"),
                            List.of("arrivals", "arrivals", "198.51.100.1", "5432"));
            awaitSuccess("buoy", "");
            awaitSuccess("haproxy", "");
            Await.pass(CALM);
        }

        /** Waits for the next success, on another node than {@code former} where one is named. */
        private void awaitSuccess(String role, String former) {
            Instant since = Instant.now();
            Await.until(
                    PATIENCE,
                    "a commit through " + role,
                    () ->
                            client.attempts(role).successes().all().stream()
                                    .anyMatch(
                                            a ->
                                                    a.start().isAfter(since)
                                                            && !a.detail().equals(former)));
        }

        /** Does something to the primary and sees both writers commit on another node. */
        void when(String what, Consumer<Host> happens) {
            Host former = postgres.primary().orElseThrow();
            Instant from = Instant.now();
            happens.accept(former);
            awaitSuccess("buoy", former.address());
            awaitSuccess("haproxy", former.address());
            Await.pass(CALM);
            Instant to = Instant.now();
            Attempts written = client.attempts("buoy").between(from, to);
            Attempts beside = client.attempts("haproxy").between(from, to);
            Attempts arrivals = client.attempts("arrivals").between(from, to);
            Duration ours = client.attempts("buoy").longestGap(from, to);
            Duration theirs = client.attempts("haproxy").longestGap(from, to);
            Figures.say(
                    "%s: without a commit through Buoy %s %s, through HAProxy %s %s; of %d sessions that arrived at Buoy the end of the primary cut %d"
                            .formatted(
                                    what,
                                    Figures.ms(ours),
                                    written.reasons(),
                                    Figures.ms(theirs),
                                    beside.reasons(),
                                    arrivals.size(),
                                    arrivals.failures().size()));
            assertThat(ours).as(what).isLessThan(theirs);
            // Patroni may call one the primary a moment before it takes writes.
            assertThat(readOnlyAnswers(written))
                    .as("read-only answers")
                    .isLessThanOrEqualTo(readOnlyAnswers(beside));
            assertThat(writesBegunOnAfterTheMove(written, former)).isEmpty();
            assertNobodyRefused(written, arrivals);
        }

        private static long readOnlyAnswers(Attempts written) {
            return written.failures().all().stream()
                    .filter(a -> a.outcome().equals(READ_ONLY))
                    .count();
        }

        /** Successes on the former primary that began after one elsewhere did. */
        private static List<Attempt> writesBegunOnAfterTheMove(Attempts written, Host former) {
            Instant moved =
                    written.successes().all().stream()
                            .filter(a -> !a.detail().equals(former.address()))
                            .map(Attempt::start)
                            .min(Instant::compareTo)
                            .orElseThrow();
            return written.successes().all().stream()
                    .filter(a -> a.start().isAfter(moved) && a.detail().equals(former.address()))
                    .toList();
        }

        /**
         * Who came after the former primary had gone, which the writer's session has shown, cannot
         * have begun one with it. Who came before may have been cut, but not refused.
         */
        private static void assertNobodyRefused(Attempts written, Attempts arrivals) {
            Instant gone = written.failures().all().getFirst().end();
            assertThat(arrivals.failures().all())
                    .filteredOn(a -> a.start().isAfter(gone))
                    .as("sessions that failed though they came after the primary had gone")
                    .isEmpty();
            assertThat(arrivals.failures().all())
                    .allMatch(a -> CUT.matcher(a.detail()).find(), "was cut, not refused");
        }

        void switchOver(Host former) {
            Host next = postgres.synchronousStandby().orElseThrow();
            former.run(
                            "curl",
                            "--silent",
                            "--fail",
                            "--max-time",
                            "30",
                            "-X",
                            "POST",
                            "http://127.0.0.1:" + PatroniCluster.REST_PORT + "/switchover",
                            "-d",
                            "{\"leader\":\"%s\",\"candidate\":\"%s\"}"
                                    .formatted(former.name(), next.name()))
                    .orFail();
        }

        void assertNothingWasLost() {
            Attempts all = client.stop();
            for (String role : List.of("buoy-compare", "haproxy-compare")) {
                assertThat(all.of(role).all())
                        .as(role)
                        .hasSize(1)
                        .allMatch(Attempt::succeeded, "every acknowledged row is there, once");
            }
            assertThat(all.of("arrivals").successes().size()).isGreaterThan(50);
            assertThat(buoy.process().output()).doesNotContain("Exception");
        }

        @Override
        public void close() {
            lan.close();
        }
    }

    @Test
    void aSwitchOverAndTheDeathOfThePrimaryRefuseNobodyAndLoseNothing() {
        try (Drill drill = new Drill()) {
            drill.when("switch-over", drill::switchOver);
            drill.postgres.awaitReady();
            drill.when("primary host without power", Host::powerOff);
            drill.assertNothingWasLost();
        }
    }

    /** A primary that comes back is one no longer: nobody writes to it. */
    @Test
    @Tag("soak")
    void norDoesACutLink() {
        try (Drill drill = new Drill()) {
            drill.when(
                    "primary's link cut",
                    former -> {
                        former.cutLink();
                        drill.awaitSuccess("buoy", former.address());
                        former.joinLink();
                    });
            drill.assertNothingWasLost();
        }
    }

    @Test
    @Tag("soak")
    void norDoManyInARow() {
        try (Drill drill = new Drill()) {
            for (int i = 1; i <= 4; i++) {
                drill.when("switch-over " + i, drill::switchOver);
                drill.postgres.awaitReady();
            }
            drill.assertNothingWasLost();
        }
    }
}
