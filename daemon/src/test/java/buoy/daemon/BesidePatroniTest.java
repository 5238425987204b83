package buoy.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HAProxy before Patroni with its own file, and Buoy with the import of it: before and after the
 * roles change, sessions get to the same servers, and those that are to end do.
 */
class BesidePatroniTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private static final String FILE =
            """
            defaults
                mode tcp
                timeout connect 5s
                timeout client 10m
                timeout server 10m
                timeout check 5s
            listen write
                bind 127.0.0.1:WRITE
                option httpchk GET /primary
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
                server pg1 127.0.0.2:DATABASE maxconn 2 check port REST
                server pg2 127.0.0.3:DATABASE maxconn 2 check port REST
                server pg3 127.0.0.4:DATABASE maxconn 2 check port REST
            listen read
                bind 127.0.0.1:READ
                balance leastconn
                option httpchk GET /replica
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
                server pg1 127.0.0.2:DATABASE check port REST
                server pg2 127.0.0.3:DATABASE check port REST
                server pg3 127.0.0.4:DATABASE check port REST
            """;

    private static final String GUARDED =
            """
            userlist ops
                user ann password HASH
            defaults
                mode http
                timeout connect 5s
                timeout client 10s
                timeout server 10s
            frontend web
                bind 127.0.0.1:WEB
                http-request auth realm Ops unless { http_auth(ops) }
                default_backend rest
            backend rest
                server pg1 127.0.0.2:REST
            """;

    @TempDir Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<PatroniNode> nodes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed");
        int database = Site.freePort();
        int rest = Site.freePort();
        for (int i = 1; i <= 3; i++) {
            PatroniNode node = new PatroniNode("pg" + i, "127.0.0." + (i + 1), database, rest);
            nodes.add(node);
            open.add(node);
        }
        nodes.getFirst().primary = true;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void sessionsFollowTheRolesInTheSameWay() throws Exception {
        String theirs =
                FILE.replace("DATABASE", String.valueOf(nodes.getFirst().databasePort()))
                        .replace("REST", String.valueOf(nodes.getFirst().restPort()));
        Ports haproxy = new Ports(Site.freePort(), Site.freePort());
        Ports buoy = new Ports(Site.freePort(), Site.freePort());
        haproxy(haproxy.in(theirs));
        buoy(imported(buoy.in(theirs)));

        for (Ports side : List.of(haproxy, buoy)) {
            nodes.forEach(node -> node.primary = node.name.equals("pg1"));
            int write = side.write();
            int read = side.read();
            Child.await("the primary", () -> "pg1".equals(server(write)));
            Child.await("replicas alone", () -> !servers(read, 6).contains("pg1"));
            assertThat(servers(write, 4)).containsExactly("pg1");
            assertThat(servers(read, 8)).containsExactly("pg2", "pg3");

            try (PostgresSession writing = new PostgresSession(write);
                    PostgresSession other = new PostgresSession(write);
                    PostgresSession reading = sessionOn(read, "pg2");
                    PostgresSession staying = sessionOn(read, "pg3")) {
                assertThat(writing.awaitServer()).isEqualTo("pg1");
                assertThat(other.awaitServer()).isEqualTo("pg1");
                aThirdWaitsUntilOneEnds(write, read, other);

                nodes.get(0).primary = false;
                nodes.get(1).primary = true;
                // Whoever was with one that lost its role is cut, whoever was not goes on.
                writing.awaitEnd();
                reading.awaitEnd();
                assertThat(staying.awaitServer()).isEqualTo("pg3");
            }
            Child.await("the new primary", () -> "pg2".equals(server(write)));
            Child.await("the new replica", () -> servers(read, 6).contains("pg1"));
            assertThat(servers(write, 4)).containsExactly("pg2");
            assertThat(servers(read, 8)).containsExactly("pg1", "pg3");
        }
    }

    private void aThirdWaitsUntilOneEnds(int write, int read, PostgresSession other)
            throws IOException {
        PatroniNode primary = nodes.getFirst();
        int before = primary.accepted.get();
        try (PostgresSession third = new PostgresSession(write)) {
            assertThat(servers(read, 8)).containsExactly("pg2", "pg3");
            assertThat(primary.accepted).hasValue(before);
            other.close();
            assertThat(third.awaitServer()).isEqualTo("pg1");
            assertThat(primary.accepted).hasValue(before + 1);
        }
    }

    /** What the import says to write of users is written; then who may in is the same. */
    @Test
    void passwordsOpenTheSameDoors() throws Exception {
        String hash = Sha2Crypt.sha256Crypt("secret".getBytes(UTF_8), "$5$saltsalt");
        String theirs =
                GUARDED.replace("REST", String.valueOf(nodes.getFirst().restPort()))
                        .replace("HASH", hash);
        int haproxy = Site.freePort();
        int buoy = Site.freePort();
        haproxy(theirs.replace("WEB", String.valueOf(haproxy)));
        Path users = Files.writeString(directory.resolve("ops.users"), "ann:" + hash + "\n");
        String yaml = imported(theirs.replace("WEB", String.valueOf(buoy)));
        assertThat(yaml).contains("/etc/buoy/ops.users").doesNotContain(hash);
        buoy(yaml.replace("/etc/buoy/ops.users", users.toString()));

        for (int port : List.of(haproxy, buoy)) {
            Child.await("port " + port, () -> status(port, "ann:secret") == 200);
            assertThat(status(port, "")).isEqualTo(401);
            assertThat(status(port, "ann:wrong")).isEqualTo(401);
            assertThat(status(port, "bob:secret")).isEqualTo(401);
        }
    }

    // --- the two

    private record Ports(int write, int read) {
        String in(String text) {
            return text.replace("WRITE", String.valueOf(write))
                    .replace("READ", String.valueOf(read));
        }
    }

    private void haproxy(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("theirs.cfg"), text);
        Process haproxy =
                new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("haproxy.out").toFile())
                        .start();
        open.add(
                () -> {
                    haproxy.destroyForcibly();
                    haproxy.waitFor();
                });
    }

    private String imported(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
        Operator operator = new Operator();
        operator.says("import", file.toString());
        return operator.out();
    }

    private void buoy(String yaml) throws Exception {
        Path config =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        yaml
                                + "admin: {socket: %s/admin.sock}\nstats: {bind: \"127.0.0.1:%d\"}\n"
                                        .formatted(directory, Site.freePort()));
        open.add(Child.running(directory, config));
    }

    // --- clients

    /** The server that a session gets to; none where there is none. */
    private static String server(int port) {
        try (PostgresSession session = new PostgresSession(port)) {
            return session.awaitServer();
        } catch (IOException _) {
            return "none";
        }
    }

    /** Those that so many sessions, open at one time in twos, get to. */
    private static Set<String> servers(int port, int sessions) {
        Set<String> servers = new TreeSet<>();
        for (int i = 0; i < sessions; i += 2) {
            try (PostgresSession one = new PostgresSession(port);
                    PostgresSession two = new PostgresSession(port)) {
                servers.add(one.awaitServer());
                servers.add(two.awaitServer());
            } catch (IOException _) {
                servers.add("none");
            }
        }
        return servers;
    }

    private static PostgresSession sessionOn(int port, String server) throws IOException {
        List<PostgresSession> others = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                PostgresSession session = new PostgresSession(port);
                if (session.awaitServer().equals(server)) {
                    return session;
                }
                others.add(session);
            }
            throw new AssertionError("no session gets to " + server);
        } finally {
            for (PostgresSession each : others) {
                each.close();
            }
        }
    }

    private static int status(int port, String login) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Child.PATIENCE.toMillis());
            String field =
                    login.isEmpty()
                            ? ""
                            : "Authorization: Basic %s\r\n"
                                    .formatted(
                                            Base64.getEncoder()
                                                    .encodeToString(login.getBytes(UTF_8)));
            socket.getOutputStream()
                    .write(
                            "GET /replica HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n"
                                    .formatted(field)
                                    .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            // The node is no replica, and says so itself.
            return answer.startsWith("HTTP/1.1 503")
                            && answer.toLowerCase(Locale.ROOT).contains("x-node: pg1")
                    ? 200
                    : Integer.parseInt(answer.substring(9, 12));
        } catch (IOException _) {
            return 0;
        }
    }
}
