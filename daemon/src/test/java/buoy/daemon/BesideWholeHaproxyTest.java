package buoy.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a usual HAProxy does on a host in one file: an application behind HTTPS, databases under
 * Patroni, and the page of statistics, on which somebody acts. Nothing of it is left over.
 */
class BesideWholeHaproxyTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private static final String FILE =
            """
            global
                maxconn 2000
            defaults
                mode http
                option httplog
                option forwardfor
                timeout connect 5s
                timeout client 1m
                timeout server 1m
                timeout check 5s
                timeout tunnel 1h
            frontend http
                bind 127.0.0.1:PORT-http
                http-request redirect scheme https code 301 unless { ssl_fc }
            frontend https
                bind 127.0.0.1:PORT-https ssl crt PEM alpn h2,http/1.1
                http-request set-header X-Real-IP %[src]
                acl is_api path_beg /api/
                acl is_ws path_beg /ws
                acl is_admin path_beg /admin
                acl is_post method POST
                acl office src 203.0.113.0/24
                http-request deny if is_admin !office
                use_backend ws if is_ws
                use_backend api if is_api !is_post
                default_backend app
            backend app
                balance leastconn
                option httpchk GET /health HTTP/1.1\\r\\nHost:\\ app.example.com
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1
                server app1 127.0.0.1:SERVER-app1 check
                server app2 127.0.0.1:SERVER-app2 check
                server sick 127.0.0.1:SERVER-sick check
            backend api
                balance leastconn
                server api1 127.0.0.1:SERVER-api
            backend ws
                server ws1 127.0.0.1:SERVER-ws
            listen postgres
                mode tcp
                bind 127.0.0.1:PORT-postgres
                option httpchk GET /primary
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
                server pg1 127.0.0.2:DATABASE maxconn 100 check port REST
                server pg2 127.0.0.3:DATABASE maxconn 100 check port REST
            listen stats
                bind 127.0.0.1:PORT-stats
                stats enable
                stats uri /
                stats refresh 5s
                stats auth ops:not-a-real-secret
                stats admin if TRUE
            """;

    private static final List<String> REQUESTS =
            List.of(
                    "GET / app.example.com",
                    "HEAD /x app.example.com",
                    "POST /x?a=b app.example.com",
                    "GET /api/x app.example.com",
                    "POST /api/x app.example.com",
                    "GET /apix app.example.com",
                    "GET /ws/plain app.example.com",
                    "GET /admin/x app.example.com",
                    "GET /x app.example.com X-Real-IP: 203.0.113.9");

    @TempDir Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<PatroniNode> nodes = new ArrayList<>();

    @BeforeEach
    void haproxyIsThere() {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void oneFileIsCarriedOverWhole() throws Exception {
        Beside both = new Beside(directory, List.of("host", "x-real-ip", "x-forwarded-for"));
        open.add(both::close);
        for (String name : List.of("app1", "app2", "api", "ws")) {
            both.server(name, 200);
        }
        both.server("sick", 500);
        int database = Site.freePort();
        int rest = Site.freePort();
        for (int i = 1; i <= 2; i++) {
            nodes.add(new PatroniNode("pg" + i, "127.0.0." + (i + 1), database, rest));
            open.add(nodes.getLast());
        }
        nodes.getFirst().primary = true;

        Beside.Sides sides =
                both.sides(
                        FILE.replace("PEM", both.pem().toString())
                                .replace("DATABASE", String.valueOf(database))
                                .replace("REST", String.valueOf(rest)),
                        List.of(HAPROXY.toString(), "-db", "-f", "FILE"),
                        "http",
                        "https",
                        "postgres",
                        "stats");

        for (int port : List.of(sides.theirs("https"), sides.ours("https"))) {
            Child.await("checks to have found who is down", () -> !servers(port).contains("sick"));
            assertThat(servers(port)).containsOnly("app1", "app2");
        }
        assertThat(sides.differences("https", true, REQUESTS)).isEmpty();
        assertThat(sides.differences("http", false, List.of("GET /a?b=c app.example.com")))
                .isEmpty();
        sessionsFollowThePrimary(sides);
        whoLogsInReadsThePage(sides);
        whoLogsInDrainsAServer(sides);
    }

    /** Who answers some requests, each alone. */
    private static List<String> servers(int port) {
        List<String> servers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            servers.add(Beside.ask(port, true, "GET / app.example.com").server());
        }
        return servers;
    }

    private void sessionsFollowThePrimary(Beside.Sides sides) throws Exception {
        for (int port : List.of(sides.theirs("postgres"), sides.ours("postgres"))) {
            nodes.get(0).primary = true;
            nodes.get(1).primary = false;
            Child.await("the primary", () -> "pg1".equals(database(port)));
            try (PostgresSession session = new PostgresSession(port)) {
                assertThat(session.awaitServer()).isEqualTo("pg1");
                nodes.get(0).primary = false;
                nodes.get(1).primary = true;
                session.awaitEnd();
            }
            Child.await("the new primary", () -> "pg2".equals(database(port)));
        }
    }

    private static String database(int port) {
        try (PostgresSession session = new PostgresSession(port)) {
            return session.awaitServer();
        } catch (IOException _) {
            return "none";
        }
    }

    private static void whoLogsInReadsThePage(Beside.Sides sides) throws Exception {
        for (int port : List.of(sides.theirs("stats"), sides.ours("stats"))) {
            assertThat(page(port, "").statusCode()).isEqualTo(401);
            assertThat(page(port, "ops:wrong").statusCode()).isEqualTo(401);
            assertThat(page(port, "eve:not-a-real-secret").statusCode()).isEqualTo(401);
            HttpResponse<String> page = page(port, "ops:not-a-real-secret");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("app1", "sick", "pg2");
        }
    }

    /** Each by the form on its own page. */
    private static void whoLogsInDrainsAServer(Beside.Sides sides) throws Exception {
        int theirs = sides.theirs("stats");
        int ours = sides.ours("stats");
        assertThat(send(theirs, "ops:not-a-real-secret", "/", "b=app&s=app1&action=drain"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(303));
        Matcher token =
                Pattern.compile("name=\"token\" value=\"([^\"]+)\"")
                        .matcher(page(ours, "ops:not-a-real-secret").body());
        assertThat(token.find()).isTrue();
        assertThat(
                        send(
                                ours,
                                "ops:not-a-real-secret",
                                "/api/v1/servers/app/app1/drain",
                                "token=" + token.group(1)))
                .satisfies(
                        answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
        for (int port : List.of(sides.theirs("https"), sides.ours("https"))) {
            Child.await("one server alone", () -> !servers(port).contains("app1"));
            assertThat(servers(port)).containsOnly("app2");
        }
    }

    private static HttpResponse<String> page(int port, String login) throws Exception {
        return send(port, login, "/", "");
    }

    /** Asked for where there is no form. */
    private static HttpResponse<String> send(int port, String login, String path, String form)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Child.PATIENCE);
        if (!login.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
        }
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", "http://127.0.0.1:" + port)
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
