package buoy.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HAProxy before Patroni with its own file, and Buoy with the import of it: before and after the
 * roles change, sessions get to the same servers, and those that are to end do. The servers speak
 * as much of PostgreSQL and of Patroni's REST API as it takes.
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

    /** StartupMessage 3.0 of user bob. */
    private static final byte[] HELLO =
            HexFormat.of().parseHex("0000001200030000" + "7573657200626f6200" + "00");

    /** AuthenticationOk, ReadyForQuery. */
    private static final byte[] WELCOME =
            HexFormat.of().parseHex("520000000800000000" + "5a0000000549");

    /** An empty Query. */
    private static final byte[] QUERY = HexFormat.of().parseHex("510000000500");

    @TempDir Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed");
        int database = Site.freePort();
        int rest = Site.freePort();
        for (int i = 1; i <= 3; i++) {
            Node node = new Node("pg" + i, "127.0.0." + (i + 1), database, rest);
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
                FILE.replace("DATABASE", String.valueOf(nodes.getFirst().database.getLocalPort()))
                        .replace("REST", String.valueOf(nodes.getFirst().rest.getLocalPort()));
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

            try (Session writing = new Session(write);
                    Session other = new Session(write);
                    Session reading = sessionOn(read, "pg2");
                    Session staying = sessionOn(read, "pg3")) {
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

    private void aThirdWaitsUntilOneEnds(int write, int read, Session other) throws IOException {
        Node primary = nodes.getFirst();
        int before = primary.accepted.get();
        try (Session third = new Session(write)) {
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
                GUARDED.replace("REST", String.valueOf(nodes.getFirst().rest.getLocalPort()))
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
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Main(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                        Map.of())
                .execute(System.nanoTime(), "import", file.toString());
        return out.toString(UTF_8);
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
        try (Session session = new Session(port)) {
            return session.awaitServer();
        } catch (IOException _) {
            return "none";
        }
    }

    /** Those that so many sessions, open at one time in twos, get to. */
    private static Set<String> servers(int port, int sessions) {
        Set<String> servers = new TreeSet<>();
        for (int i = 0; i < sessions; i += 2) {
            try (Session one = new Session(port);
                    Session two = new Session(port)) {
                servers.add(one.awaitServer());
                servers.add(two.awaitServer());
            } catch (IOException _) {
                servers.add("none");
            }
        }
        return servers;
    }

    private static Session sessionOn(int port, String server) throws IOException {
        List<Session> others = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Session session = new Session(port);
                if (session.awaitServer().equals(server)) {
                    return session;
                }
                others.add(session);
            }
            throw new AssertionError("no session gets to " + server);
        } finally {
            for (Session each : others) {
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

    /** A client's. */
    private static final class Session implements AutoCloseable {
        private final Socket socket;
        private boolean welcome;

        Session(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Child.PATIENCE.toMillis());
            socket.getOutputStream().write(HELLO);
        }

        /** Who answers. */
        String awaitServer() throws IOException {
            InputStream in = socket.getInputStream();
            if (!welcome) {
                byte[] greeting = in.readNBytes(WELCOME.length);
                if (greeting.length < WELCOME.length || greeting[0] != 'R') {
                    throw new SocketException("no session");
                }
                welcome = true;
            }
            socket.getOutputStream().write(QUERY);
            return new String(in.readNBytes(3), ISO_8859_1);
        }

        /** The connection ends, with or without a word. */
        void awaitEnd() throws IOException {
            try {
                socket.getInputStream().readAllBytes();
            } catch (SocketException _) {
                // a reset is an end, too
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    // --- servers

    /** A database with Patroni beside it: each query is answered with its name. */
    private static final class Node implements AutoCloseable {
        private final String name;
        private final ServerSocket database;
        private final ServerSocket rest;
        private final AtomicInteger accepted = new AtomicInteger();
        private volatile boolean primary;

        Node(String name, String address, int database, int rest) throws IOException {
            this.name = name;
            InetAddress here = InetAddress.getByName(address);
            this.database = new ServerSocket(database, 100, here);
            this.rest = new ServerSocket(rest, 100, here);
            accept(this.database, this::query);
            accept(this.rest, this::tell);
        }

        private interface Talk {
            void with(Socket client) throws IOException;
        }

        private static void accept(ServerSocket listening, Talk talk) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                while (!listening.isClosed()) {
                                    try {
                                        Socket client = listening.accept();
                                        Thread.ofVirtual().start(() -> serve(client, talk));
                                    } catch (SocketException _) {
                                        return; // closed
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                }
                            });
        }

        private static void serve(Socket client, Talk talk) {
            try (client) {
                talk.with(client);
            } catch (IOException _) {
                // The other side has gone, as it may.
            }
        }

        private void query(Socket client) throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            in.skipNBytes(in.readInt() - 4);
            accepted.incrementAndGet();
            client.getOutputStream().write(WELCOME);
            while (in.readByte() == 'Q') {
                in.skipNBytes(in.readInt() - 4);
                client.getOutputStream().write(name.getBytes(ISO_8859_1));
            }
        }

        private void tell(Socket client) throws IOException {
            StringBuilder head = new StringBuilder();
            InputStream in = client.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return;
                }
                head.append((char) octet);
            }
            boolean asked = head.indexOf("/primary") >= 0;
            String body =
                    "{\"state\": \"running\", \"role\": \"%s\"}"
                            .formatted(primary ? "primary" : "replica");
            client.getOutputStream()
                    .write(
                            "HTTP/1.1 %s\r\nX-Node: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                                    .formatted(
                                            asked == primary ? "200 OK" : "503 No",
                                            name,
                                            body.length(),
                                            body)
                                    .getBytes(ISO_8859_1));
        }

        @Override
        public void close() throws IOException {
            database.close();
            rest.close();
        }
    }
}
