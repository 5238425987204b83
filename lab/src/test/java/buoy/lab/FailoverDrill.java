package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempt;
import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A cluster of PostgreSQL under Patroni with a pair of Buoys in front of it, and beside them a pair
 * of HAProxys as Patroni's documentation configures them, with keepalived as it comes; clients that
 * commit one row after the other through either, and a psql that arrives at Buoy every 50 ms.
 * Longer than most: each way to break it says in one place what is done, measured and believed.
 */
final class FailoverDrill implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CALM = Duration.ofSeconds(2);

    private static final String BUOY =
            """
            vrrp:
              pg: {interface: eth0, router-id: 51, priority: %d, advertise: 100ms, addresses: [198.51.100.100/24]}
            listeners:
              postgres: {bind: ["198.51.100.100:5432"], protocol: postgres, pool: primary}
              postgres-read: {bind: ["198.51.100.100:5433"], protocol: postgres, pool: replicas}
            pools:
              replicas:
                servers: {pg1: "198.51.100.21:5432", pg2: "198.51.100.22:5432", pg3: "198.51.100.23:5432"}
                health: {patroni: {role: replica, max-lag: 1MiB}, every: 500ms, timeout: 400ms}
                on-down: close-sessions
                fallback: primary
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

    /** What a client says of a connection that stood and broke. */
    private static final Pattern CUT =
            Pattern.compile(
                    "EOFException|SocketException|I/O error|57P01|administrator command"
                            + "|closed the connection unexpectedly|Connection reset by peer"
                            + "|SocketTimeoutException: Read timed out"
                            + "|the database server was lost while the session began");

    /** What libpq says while it logs in. */
    private static final String LOGIN = "connection to server at";

    /**
     * A psql that had sent its proof and was told so: by Buoy, or by its server in its last moment.
     * Who has not sent it yet is taken to another server.
     */
    private static final Pattern WITH_ITS_PROOF =
            Pattern.compile(
                    LOGIN
                            + ".* failed: FATAL: +(the database server was lost while the session began"
                            + "|terminating connection due to administrator command)");

    private final Lan lan = Lan.open("failover");
    private final PatroniCluster postgres;
    private final LabClient client;
    private final List<BuoyDaemon> buoys;
    private final Host haproxy;
    private final List<Span> spans = new ArrayList<>();

    /** When something happened. */
    private record Span(String what, Instant from, Instant to) {}

    /**
     * @param more what the client does besides writing and arriving
     */
    FailoverDrill(List<List<String>> more) {
        postgres =
                PatroniCluster.start(
                        lan.host("etcd", "198.51.100.20/24"),
                        List.of(
                                lan.host("pg1", "198.51.100.21/24"),
                                lan.host("pg2", "198.51.100.22/24"),
                                lan.host("pg3", "198.51.100.23/24")));
        buoys =
                List.of(
                        BuoyDaemon.start(lan.host("lb1", "198.51.100.1/24"), BUOY.formatted(150)),
                        BuoyDaemon.start(lan.host("lb2", "198.51.100.2/24"), BUOY.formatted(100)));
        haproxy = haproxy("ha1", "198.51.100.3/24", 150);
        var _ = haproxy("ha2", "198.51.100.4/24", 100);
        Host from = lan.host("client", "198.51.100.200/24");
        postgres.awaitReady();
        List<List<String>> roles = new ArrayList<>(more);
        // Each as its balancer wants it: to wait for a primary, or to come again.
        roles.add(List.of("pg", "buoy", "198.51.100.100", "5432", "30"));
        roles.add(List.of("pg", "haproxy", "198.51.100.101", "5000", "2"));
        roles.add(List.of("psql", "psql", "198.51.100.100", "5432", "50"));
        client = LabClient.start(from, roles);
        awaitSuccess("buoy", "");
        awaitSuccess("haproxy", "");
        Await.pass(CALM);
    }

    private Host haproxy(String name, String address, int priority) {
        Host host = lan.host(name, address);
        host.write("/etc/haproxy.cfg", HAPROXY);
        host.start("haproxy", "haproxy", "-db", "-f", "/etc/haproxy.cfg");
        var _ =
                Keepalived.start(
                        host,
                        """
                        vrrp_instance pg {
                            state BACKUP
                            interface eth0
                            virtual_router_id 52
                            priority %d
                            advert_int 1
                            virtual_ipaddress {
                                198.51.100.101/24
                            }
                        }
                        """
                                .formatted(priority));
        return host;
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

    /** Until there is a primary and both others follow it. */
    void awaitReady() {
        postgres.awaitReady();
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
        spans.add(new Span(what, from, to));
        Attempts written = client.attempts("buoy").between(from, to);
        Attempts beside = client.attempts("haproxy").between(from, to);
        Attempts arrivals = client.attempts("psql").between(from, to);
        Duration ours = client.attempts("buoy").longestGap(from, to);
        Duration theirs = client.attempts("haproxy").longestGap(from, to);
        long proofs = count(arrivals, FailoverDrill::hadSentItsProof);
        long questions = count(arrivals, FailoverDrill::hadAsked);
        Figures.say(
                "%s: without a commit through Buoy %s %s, through HAProxy %s %s; of %d sessions that arrived at Buoy the end of the primary cut %d with their proof, %d with their question"
                        .formatted(
                                what,
                                Figures.ms(ours),
                                written.reasons(),
                                Figures.ms(theirs),
                                beside.reasons(),
                                arrivals.size(),
                                proofs,
                                questions));
        assertThat(ours).as(what).isLessThan(theirs);
        // Patroni may call one the primary a moment before it takes writes.
        assertThat(readOnlyAnswers(written))
                .as("read-only answers")
                .isLessThanOrEqualTo(readOnlyAnswers(beside));
        assertThat(writesBegunOnAfterTheMove(written, former)).isEmpty();
        assertNobodyRefused(written, arrivals);
    }

    /** The hosts that carry the addresses lose their power, Buoy's and HAProxy's. */
    void whenTheBalancersHostsDie() {
        Instant from = Instant.now();
        powerOff(buoys.getFirst().host());
        Instant gone = Instant.now();
        awaitSuccess("buoy", "");
        powerOff(haproxy);
        awaitSuccess("haproxy", "");
        Await.pass(CALM);
        Instant to = Instant.now();
        spans.add(new Span("balancer's host without power", from, to));
        Duration ours = client.attempts("buoy").longestGap(from, to);
        Duration theirs = client.attempts("haproxy").longestGap(from, to);
        Attempts arrivals = client.attempts("psql").between(from, to);
        Figures.say(
                "balancer's host without power: without a commit through Buoy %s, through HAProxy and keepalived %s; of %d sessions that arrived at Buoy %d were cut"
                        .formatted(
                                Figures.ms(ours),
                                Figures.ms(theirs),
                                arrivals.size(),
                                arrivals.failures().size()));
        assertThat(ours).isLessThan(theirs);
        assertThat(arrivals.failures().all())
                .as("sessions that failed: they were on the host that died")
                .allMatch(a -> a.start().isBefore(gone))
                .allMatch(a -> CUT.matcher(a.detail()).find(), "was cut, not refused");
    }

    /** A replica that is not the synchronous one falls behind, and catches up. */
    void whenAReplicaLags() {
        Host replica = postgres.asynchronousStandby().orElseThrow();
        awaitSuccessOn(replica);
        Instant from = Instant.now();
        postgres.stopReceiving(replica);
        postgres.write(4 << 20);
        Instant behind = Instant.now();
        Running buoy = buoys.getFirst().process();
        String server = "replicas/" + replica.name();
        buoy.awaitOutput(server + ": up -> down: Patroni: replica that lags", PATIENCE);
        Instant known = Instant.now();
        Await.pass(CALM);
        Instant to = Instant.now();
        spans.add(new Span("a replica that lags", from, to));
        postgres.receiveAgain(replica);
        awaitSuccessOn(replica);
        Attempts readers = client.attempts("readers").between(from, Instant.now());
        Figures.say(
                "a replica that lags 4 MiB: without readers after %s; without a commit through Buoy %s, through HAProxy %s; of %d readers %d failed"
                        .formatted(
                                Figures.ms(Duration.between(behind, known)),
                                Figures.ms(client.attempts("buoy").longestGap(from, to)),
                                Figures.ms(client.attempts("haproxy").longestGap(from, to)),
                                readers.size(),
                                readers.failures().size()));
        assertThat(readers.failures().all())
                .as("readers that were on it when it was found to lag")
                .allMatch(a -> a.start().isBefore(known))
                .allMatch(a -> CUT.matcher(a.detail()).find(), "was cut, not refused");
        assertThat(readers.successes().all())
                .filteredOn(a -> a.start().isAfter(known) && a.end().isBefore(to))
                .as("where readers went while it lagged")
                .isNotEmpty()
                .noneMatch(a -> a.detail().equals(replica.address()));
    }

    private void awaitSuccessOn(Host replica) {
        Instant since = Instant.now();
        Await.until(
                PATIENCE,
                "a reader on " + replica,
                () ->
                        client.attempts("readers").successes().all().stream()
                                .anyMatch(
                                        a ->
                                                a.start().isAfter(since)
                                                        && a.detail().equals(replica.address())));
    }

    private static long readOnlyAnswers(Attempts written) {
        return written.failures().all().stream().filter(a -> a.outcome().equals(READ_ONLY)).count();
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
     * Who came after the former primary had gone, which the writer's session has shown, cannot have
     * begun one with it. Who came before may have been cut, but not refused.
     */
    private static void assertNobodyRefused(Attempts written, Attempts arrivals) {
        Instant gone = written.failures().all().getFirst().end();
        assertThat(arrivals.failures().all())
                .filteredOn(a -> a.start().isAfter(gone))
                .as("sessions that failed though they came after the primary had gone")
                .isEmpty();
        assertThat(arrivals.failures().all())
                .allMatch(
                        a -> hadSentItsProof(a) || hadAsked(a),
                        "was cut with its proof or its question, not refused");
    }

    private static long count(Attempts arrivals, Predicate<Attempt> kind) {
        return arrivals.failures().all().stream().filter(kind).count();
    }

    private static boolean hadSentItsProof(Attempt failed) {
        return WITH_ITS_PROOF.matcher(failed.detail()).find();
    }

    /** It had a session, and what it asked went down with the server. */
    private static boolean hadAsked(Attempt failed) {
        return !failed.detail().contains(LOGIN) && CUT.matcher(failed.detail()).find();
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

    /** Without even the resets that a kernel sends for processes that it ends. */
    static void powerOff(Host host) {
        host.cutLink();
        host.powerOff();
    }

    /** Joined again as soon as another is the primary. */
    void cutLink(Host former) {
        former.cutLink();
        awaitSuccess("buoy", former.address());
        former.joinLink();
    }

    void assertNothingWasLost(String... writers) {
        Attempts all = client.stop();
        for (String role : writers) {
            List<Attempt> compared = all.of(role + "-compare").all();
            assertThat(compared)
                    .as(role)
                    .hasSize(1)
                    .allMatch(Attempt::succeeded, "every acknowledged row is there, once");
            Figures.say(
                    "%s: %s, all there, none twice".formatted(role, compared.getFirst().detail()));
        }
        if (List.of(writers).contains("pgbench-buoy")) {
            spans.forEach(span -> compareBenches(all, span));
        }
        assertThat(all.of("psql").successes().size()).isGreaterThan(50);
        for (BuoyDaemon buoy : buoys) {
            assertThat(buoy.process().output()).doesNotContain("Exception");
        }
    }

    private static void compareBenches(Attempts all, Span span) {
        Duration ours = all.of("pgbench-buoy").longestGap(span.from, span.to);
        Duration theirs = all.of("pgbench-haproxy").longestGap(span.from, span.to);
        Figures.say(
                "%s: pgbench without a commit through Buoy %s, through HAProxy %s"
                        .formatted(span.what, Figures.ms(ours), Figures.ms(theirs)));
    }

    @Override
    public void close() {
        lan.close();
    }
}
