package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HAProxy with its own file and Buoy with the import of it, before the same servers: the same
 * requests get the same status, server and fields.
 */
class BesideHaproxyTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final List<String> COMMAND = List.of(HAPROXY.toString(), "-db", "-f", "FILE");

    private static final String WEB =
            """
            global
                maxconn 200
            defaults
                mode http
                option forwardfor
                timeout connect 5s
                timeout client 30s
                timeout server 30s
                timeout tunnel 1h
            frontend plain
                bind 127.0.0.1:PORT-plain
                http-request redirect scheme https code 301 unless { ssl_fc }
            frontend web
                bind 127.0.0.1:PORT-web
                bind 127.0.0.1:PORT-tls ssl crt PEM alpn h2,http/1.1
                monitor-uri /monitor
                http-request set-header X-Real-IP %[src]
                http-request set-header X-Tls yes if { ssl_fc }
                http-request del-header X-Internal
                http-response set-header Strict-Transport-Security max-age=60
                http-response del-header X-Powered-By
                acl is_api path_beg /api/
                acl is_static path_end .css .js
                acl is_shop hdr(host) -i shop.example.com www.shop.example.com
                acl is_blog hdr_end(host) -i .blog.example.com
                acl is_user path_reg ^/user/[0-9]+$
                acl is_write method POST PUT
                acl local src 127.0.0.0/8
                acl office src 203.0.113.0/24
                acl admin path_beg /admin
                http-request deny if admin !office
                http-request deny deny_status 429 if { path /far } !local
                http-request deny deny_status 405 if { path /readonly } is_write
                http-request return status 200 content-type text/plain string "pong" if { path /ping }
                redirect location https://www.example.com/new code 301 if { path /old /older }
                redirect prefix https://example.org code 302 if { hdr(host) -i example.net }
                redirect location /elsewhere code 303 if { path /see }
                use_backend api if is_api or is_user
                use_backend static if is_static !is_shop
                use_backend shop if is_shop
                use_backend blog if is_blog { url_param(lang) de }
                use_backend beta if { req.hdr(X-Beta) -m str 1 }
                use_backend ws if { path_beg /ws }
                use_backend sorry if { path_beg /gone } { nbsrv(gone) lt 1 }
                use_backend gone if { path_beg /gone }
                default_backend app
            backend app
                balance roundrobin
                cookie SRV insert indirect nocache httponly
                option httpchk GET /health HTTP/1.1\\r\\nHost:\\ app.example.com
                http-check expect status 200
                default-server inter 200ms fall 2 rise 1
                server app1 127.0.0.1:SERVER-app1 check cookie a1
                server app2 127.0.0.1:SERVER-app2 check cookie a2
                server sick 127.0.0.1:SERVER-sick check cookie a3
            backend api
                http-request replace-path ^/api/(.*) /\\1
                server api1 127.0.0.1:SERVER-api
            backend static
                server s1 127.0.0.1:SERVER-static
            backend shop
                http-request deny if { path_beg /internal }
                server shop1 127.0.0.1:SERVER-shop
            backend blog
                server blog1 127.0.0.1:SERVER-blog
            backend beta
                server beta1 127.0.0.1:SERVER-beta
            backend ws
                server ws1 127.0.0.1:SERVER-ws
            backend gone
                server gone1 127.0.0.1:1 check inter 100ms fall 1
            backend sorry
                server sorry1 127.0.0.1:SERVER-sorry
            """;

    private static final String SESSIONS =
            """
            defaults
                mode tcp
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen allow
                bind 127.0.0.1:PORT-allow
                tcp-request connection reject if !{ src 127.0.0.1 }
                server raw1 127.0.0.1:SERVER-raw
            listen reject
                bind 127.0.0.1:PORT-reject
                tcp-request connection reject if !{ src 203.0.113.0/24 }
                server raw1 127.0.0.1:SERVER-raw
            frontend names
                bind 127.0.0.1:PORT-names
                tcp-request inspect-delay 5s
                tcp-request content accept if { req.ssl_hello_type 1 }
                use_backend one if { req.ssl_sni -i one.example.com }
                use_backend two if { req.ssl_sni -m end .two.example.com }
            backend one
                server one1 127.0.0.1:SERVER-one
            backend two
                server two1 127.0.0.1:SERVER-two
            """;

    /** What is asked for: method, target, host and one more field; the same words at both. */
    private static final List<String> REQUESTS =
            List.of(
                    "GET /x api.example.com",
                    "GET /api/x app.example.com",
                    "GET /api/ app.example.com",
                    "GET /api/a/b?c=d app.example.com",
                    "GET /apix app.example.com",
                    "GET /user/17 app.example.com",
                    "GET /user/17x app.example.com",
                    "GET /style.css app.example.com",
                    "GET /style.css shop.example.com",
                    "GET /a/b/c.js blog.example.com",
                    "GET /cssx app.example.com",
                    "GET / shop.example.com",
                    "GET / SHOP.Example.com",
                    "GET / www.shop.example.com",
                    "GET / other.shop.example.com",
                    "GET /internal/x shop.example.com",
                    "GET /?lang=de a.blog.example.com",
                    "GET /?lang=en a.blog.example.com",
                    "GET /?x=1&lang=de a.b.blog.example.com",
                    "GET /?lang=de blog.example.com",
                    "GET /x app.example.com X-Beta: 1",
                    "GET /x app.example.com X-Beta: 2",
                    "GET /admin app.example.com",
                    "GET /admin.php app.example.com",
                    "GET /adm app.example.com",
                    "GET /far app.example.com",
                    "GET /readonly app.example.com",
                    "POST /readonly app.example.com",
                    "PUT /readonly app.example.com",
                    "DELETE /readonly app.example.com",
                    "GET /ping app.example.com",
                    "GET /monitor app.example.com",
                    "GET /old app.example.com",
                    "GET /older?x=1 app.example.com",
                    "GET /oldest app.example.com",
                    "GET /a?b=c example.net",
                    "GET /see?b=c app.example.com",
                    "GET /gone/x app.example.com",
                    "GET /ws/plain app.example.com",
                    "HEAD /api/x app.example.com",
                    "POST /api/x app.example.com",
                    "GET /x app.example.com X-Internal: secret");

    @TempDir Path directory;
    private Beside both = new Beside(Path.of(""), List.of());

    @BeforeEach
    void bothAreThere() {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed");
        assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed");
        both =
                new Beside(
                        directory,
                        List.of(
                                "host",
                                "x-real-ip",
                                "x-tls",
                                "x-internal",
                                "x-beta",
                                "x-forwarded-for"));
    }

    @AfterEach
    void close() throws Exception {
        both.close();
    }

    @Test
    void requestsMeetTheSame() throws Exception {
        for (String name :
                List.of("app1", "app2", "api", "static", "shop", "blog", "beta", "ws", "sorry")) {
            both.server(name, 200);
        }
        both.server("sick", 500);
        Beside.Sides sides =
                both.sides(
                        WEB.replace("PEM", both.pem().toString()), COMMAND, "plain", "web", "tls");
        for (int port : List.of(sides.theirs("web"), sides.ours("web"))) {
            Child.await("checks to have found who is down", () -> checksAreDone(port));
        }

        assertThat(sides.differences("web", false, REQUESTS)).isEmpty();
        assertThat(sides.differences("tls", true, REQUESTS)).isEmpty();
        Beside.Answer redirect =
                Beside.ask(sides.ours("plain"), false, "GET /a?b=c app.example.com");
        assertThat(redirect.same())
                .isEqualTo(
                        Beside.ask(sides.theirs("plain"), false, "GET /a?b=c app.example.com")
                                .same());
        assertThat(redirect.fields()).containsEntry("location", "https://app.example.com/a?b=c");
        for (int port : List.of(sides.theirs("web"), sides.ours("web"))) {
            Beside.webSocket(port);
            aCookieKeepsAClient(port);
        }
    }

    /** Nothing goes to a server that is not well, and nothing waits for one that is not there. */
    private static boolean checksAreDone(int port) {
        boolean well = Beside.ask(port, false, "GET /gone app.example.com").status() == 200;
        for (int i = 0; i < 6; i++) {
            well &= Beside.ask(port, false, "GET / app.example.com").server().startsWith("app");
        }
        return well;
    }

    private static void aCookieKeepsAClient(int port) {
        Beside.Answer first = Beside.ask(port, false, "GET / app.example.com");
        String cookie = first.fields().getOrDefault("set-cookie", "");
        assertThat(cookie).startsWith("SRV=").containsIgnoringCase("httponly");
        assertThat(cookie.toLowerCase(Locale.ROOT)).doesNotContain("secure");
        String back = "GET / app.example.com Cookie: " + cookie.replaceAll(";.*", "");
        for (int i = 0; i < 5; i++) {
            assertThat(Beside.ask(port, false, back).server()).isEqualTo(first.server());
        }
    }

    @Test
    void sessionsMeetTheSame() throws Exception {
        for (String name : List.of("raw", "one", "two")) {
            both.server(name, 200);
        }
        Beside.Sides sides = both.sides(SESSIONS, COMMAND, "allow", "reject", "names");
        for (int port : List.of(sides.theirs("allow"), sides.ours("allow"))) {
            assertThat(Beside.ask(port, false, "GET / x").server()).isEqualTo("raw");
        }
        for (int port : List.of(sides.theirs("reject"), sides.ours("reject"))) {
            assertThat(Beside.ask(port, false, "GET / x").status()).as("nobody's").isZero();
        }
        for (int port : List.of(sides.theirs("names"), sides.ours("names"))) {
            assertThat(Beside.serverFor(port, "ONE.example.com")).isEqualTo("one");
            assertThat(Beside.serverFor(port, "a.two.example.com")).isEqualTo("two");
            assertThat(Beside.serverFor(port, "three.example.com")).isEqualTo("none");
        }
    }
}
