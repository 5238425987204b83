package buoy.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PostgreSQL 15 on several hosts under Patroni, with one etcd on a host of its own, and synchronous
 * replication: what was acknowledged is on two nodes.
 *
 * <p>The leader's key lives {@link #TTL} seconds, not Patroni's usual 30, so that a drill does not
 * take a minute; everything else is as people run it. Durability is off (fsync), because the data
 * lives in memory and dies with the lab.
 */
public final class PatroniCluster {
    /** Where Debian keeps the programs. */
    static final String POSTGRESQL = "/usr/lib/postgresql/15/bin";

    /** What clients log in with. */
    public static final String USER = "postgres";

    public static final String PASSWORD = "lab";

    /** Patroni wants loop_wait + 2 * retry_timeout to fit in. */
    static final int TTL = 6;

    static final int REST_PORT = 8008;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<String, Host> nodes = new LinkedHashMap<>();
    private final Host etcd;

    private PatroniCluster(Host etcd, List<Host> nodes) {
        this.etcd = etcd;
        nodes.forEach(node -> this.nodes.put(node.name(), node));
    }

    /**
     * Starts everything and returns at once; {@link #awaitReady} waits. The first of {@code nodes}
     * need not become the primary.
     */
    public static PatroniCluster start(Host etcd, List<Host> nodes) {
        etcd.start(
                "etcd",
                "etcd",
                "--name=lab",
                "--data-dir=/run/etcd",
                "--unsafe-no-fsync",
                "--log-level=warn",
                "--listen-client-urls=http://0.0.0.0:2379",
                "--advertise-client-urls=http://" + etcd.address() + ":2379",
                "--listen-peer-urls=http://127.0.0.1:2380",
                "--initial-advertise-peer-urls=http://127.0.0.1:2380",
                "--initial-cluster=lab=http://127.0.0.1:2380");
        for (Host node : nodes) {
            node.makeDirectory("/run/postgresql");
            node.run("chown", "postgres", "/run/postgresql").orFail();
            node.write("/etc/patroni/lab.yml", configuration(node, etcd));
            startPatroni(node);
        }
        return new PatroniCluster(etcd, nodes);
    }

    private static void startPatroni(Host node) {
        node.start(
                "patroni",
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "env",
                "HOME=/run/postgresql",
                "PATH=" + POSTGRESQL + ":/usr/bin:/bin",
                "patroni",
                "/etc/patroni/lab.yml");
    }

    private static String configuration(Host node, Host etcd) {
        return """
        scope: lab
        name: %1$s
        log: {level: INFO}
        restapi: {listen: 0.0.0.0:%4$d, connect_address: %2$s:%4$d}
        etcd3: {hosts: [%3$s:2379]}
        bootstrap:
          dcs:
            ttl: %5$d
            loop_wait: 1
            retry_timeout: 2
            maximum_lag_on_failover: 1048576
            synchronous_mode: true
            postgresql:
              use_pg_rewind: false
              parameters:
                fsync: "off"
                full_page_writes: "off"
                max_connections: 300
                shared_buffers: 16MB
                max_wal_size: 256MB
                wal_level: replica
                hot_standby: "on"
                max_wal_senders: 8
                max_replication_slots: 8
                autovacuum: "off"
                jit: "off"
          initdb: [{encoding: UTF8}, {locale: C}, {auth: trust}, no-sync]
        postgresql:
          listen: 0.0.0.0:5432
          connect_address: %2$s:5432
          data_dir: /run/postgresql/data
          bin_dir: %6$s
          pgpass: /run/postgresql/pgpass
          basebackup: [{checkpoint: fast}, no-sync]
          authentication:
            superuser: {username: %7$s, password: %8$s}
            replication: {username: replicator, password: %8$s}
          pg_hba:
            - local all all trust
            - host replication replicator 198.51.100.0/24 scram-sha-256
            - host all all 0.0.0.0/0 scram-sha-256
          parameters:
            unix_socket_directories: /run/postgresql
        """
                .formatted(
                        node.name(),
                        node.address(),
                        etcd.address(),
                        REST_PORT,
                        TTL,
                        POSTGRESQL,
                        USER,
                        PASSWORD);
    }

    /** A primary, a synchronous standby, and every node streaming. */
    public void awaitReady() {
        Await.until(
                PATIENCE,
                "PostgreSQL under Patroni (see the logs of " + nodes.keySet() + ")",
                () ->
                        primary().isPresent()
                                && synchronousStandby().isPresent()
                                && nodes.values().stream()
                                        .allMatch(node -> isStreaming(node) || isPrimary(node)));
    }

    private static boolean isPrimary(Host node) {
        return status(node, "/primary") == 200;
    }

    /** A replica that answers 200 is a running one, and follows the leader. */
    private static boolean isStreaming(Host node) {
        return status(node, "/replica") == 200;
    }

    /** Who answers {@code GET /primary} with 200, if one does. */
    public Optional<Host> primary() {
        return nodes.values().stream()
                .filter(Host::isUp)
                .filter(PatroniCluster::isPrimary)
                .findFirst();
    }

    /** Who has everything that was acknowledged. */
    public Optional<Host> synchronousStandby() {
        return nodes.values().stream()
                .filter(Host::isUp)
                .filter(node -> status(node, "/synchronous") == 200)
                .findFirst();
    }

    /** Who follows without anybody waiting for it. */
    public Optional<Host> asynchronousStandby() {
        return nodes.values().stream()
                .filter(Host::isUp)
                .filter(node -> status(node, "/async") == 200)
                .findFirst();
    }

    /** The standby hears nothing new, though its connection stands. */
    public void stopReceiving(Host standby) {
        standby.run("kill", "-STOP", receiver(standby)).orFail();
    }

    /** Ends {@link #stopReceiving}. */
    public void receiveAgain(Host standby) {
        standby.run("kill", "-CONT", receiver(standby)).orFail();
    }

    private static String receiver(Host standby) {
        return standby.run("pgrep", "-o", "-f", "^postgres: .*walreceiver").orFail().strip();
    }

    /** Has the primary write so many bytes that mean nothing. */
    public void write(int bytes) {
        primary()
                .orElseThrow()
                .run(
                        POSTGRESQL + "/psql",
                        "--no-psqlrc",
                        "--host=/run/postgresql",
                        "--username=" + USER,
                        "--command=CREATE TABLE IF NOT EXISTS ballast (bytes text)",
                        "--command=INSERT INTO ballast SELECT repeat('x', 1024) FROM generate_series(1, %d)"
                                .formatted(bytes / 1024))
                .orFail();
    }

    /** The status Patroni's REST API on the node answers with, asked on the node itself; or 0. */
    private static int status(Host node, String path) {
        Finished asked =
                node.run(
                        "curl",
                        "--silent",
                        "--max-time",
                        "2",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}",
                        "http://127.0.0.1:" + REST_PORT + path);
        return asked.exit() == 0 ? Integer.parseInt(asked.output().strip()) : 0;
    }

    public Host etcd() {
        return etcd;
    }

    public List<Host> nodes() {
        return List.copyOf(nodes.values());
    }
}
