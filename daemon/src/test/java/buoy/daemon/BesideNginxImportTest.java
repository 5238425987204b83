package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * NGINX with its own file and Buoy with the import of it, before the same servers: the same
 * requests get the same status, server, path and fields.
 */
class BesideNginxImportTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path STREAM = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
    private static final List<String> COMMAND =
            List.of(NGINX.toString(), "-p", "DIRECTORY", "-c", "FILE");

    private static final String FILE =
            """
            MODULE
            daemon off;
            master_process off;
            error_log DIRECTORY/error.log;
            pid DIRECTORY/pid;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path DIRECTORY/body;
                proxy_temp_path DIRECTORY/proxy;
                fastcgi_temp_path DIRECTORY/fastcgi;
                uwsgi_temp_path DIRECTORY/uwsgi;
                scgi_temp_path DIRECTORY/scgi;
                client_max_body_size 1k;
                map $http_upgrade $connection_upgrade {
                    default upgrade;
                    ''      close;
                }
                upstream app {
                    least_conn;
                    server 127.0.0.1:SERVER-app1 max_fails=3 fail_timeout=30s;
                    server 127.0.0.1:SERVER-app2 max_fails=3 fail_timeout=30s;
                    server 127.0.0.1:1 max_fails=3 fail_timeout=30s;
                    keepalive 8;
                }
                upstream api { server 127.0.0.1:SERVER-api; }
                upstream static { server 127.0.0.1:SERVER-static; }
                proxy_http_version 1.1;
                proxy_set_header Host $host;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Internal "";
                proxy_set_header Connection $connection_upgrade;
                proxy_set_header Upgrade $http_upgrade;
                proxy_hide_header X-Powered-By;
                add_header Strict-Transport-Security max-age=60 always;

                server {
                    listen 127.0.0.1:PORT-plain;
                    server_name _;
                    return 301 https://$host$request_uri;
                }
                server {
                    listen 127.0.0.1:PORT-web default_server;
                    listen 127.0.0.1:PORT-tls ssl http2 default_server;
                    server_name app.example.com;
                    ssl_certificate DIRECTORY/site.crt;
                    ssl_certificate_key DIRECTORY/site.key;
                    ssl_protocols TLSv1.2 TLSv1.3;

                    if ($request_method = DELETE) { return 405; }
                    location / { proxy_pass http://app; }
                    location /ws { proxy_pass http://127.0.0.1:SERVER-ws; proxy_read_timeout 1h; }
                    location = /ping { return 200 "pong"; }
                    location = /gone { return 410; }
                    location /old { return 301 https://www.example.com/new?$args; }
                    location /see { return 303 /elsewhere; }
                    location /api/ { proxy_pass http://api/; }
                    location /v1/api/ { proxy_pass http://api/api/; }
                    location /same/ { proxy_pass http://api/same/; }
                    location = /one { proxy_pass http://api; }
                    location ~ ^/user/[0-9]+$ { proxy_pass http://api; }
                    location ~ ^/cut/(.*)$ { proxy_pass http://api/$1$is_args$args; }
                    location ~* \\.(css|js)$ { proxy_pass http://static; }
                    location ~ /\\.(?!well-known) { deny all; proxy_pass http://app; }
                    location ^~ /assets/ { proxy_pass http://static; }
                    location /js/ { proxy_pass http://api; }
                    location /break/ {
                        rewrite ^/break/(.*)$ /$1 break;
                        proxy_pass http://api;
                    }
                    location /moved/ { rewrite ^ https://www.example.com$request_uri? permanent; }
                    location /near { allow 127.0.0.0/8; deny all; proxy_pass http://api; }
                    location /far { allow 203.0.113.0/24; deny all; proxy_pass http://api; }
                    location /not { deny 127.0.0.1; proxy_pass http://api; }
                    location /read { limit_except GET { deny all; } proxy_pass http://api; }
                    location /locked {
                        auth_basic "Staff";
                        auth_basic_user_file DIRECTORY/users;
                        proxy_pass http://api;
                    }
                    location /either {
                        satisfy any;
                        allow 127.0.0.1;
                        deny all;
                        auth_basic "Staff";
                        auth_basic_user_file DIRECTORY/users;
                        proxy_pass http://api;
                    }
                    location /outer/ {
                        proxy_pass http://api;
                        location /outer/inner/ { proxy_pass http://static; }
                    }
                }
                server {
                    listen 127.0.0.1:PORT-web;
                    listen 127.0.0.1:PORT-tls ssl http2;
                    server_name .shop.example.com ~^(?<who>.+)\\.tenants\\.example\\.com$ x.example.com;
                    ssl_certificate DIRECTORY/site.crt;
                    ssl_certificate_key DIRECTORY/site.key;
                    if ($host = old.shop.example.com) {
                        return 301 https://shop.example.com$request_uri;
                    }
                    location /only { proxy_pass http://127.0.0.1:SERVER-shop; }
                }
                server {
                    listen 127.0.0.1:PORT-web;
                    listen 127.0.0.1:PORT-tls ssl http2;
                    server_name *.example.com;
                    ssl_certificate DIRECTORY/site.crt;
                    ssl_certificate_key DIRECTORY/site.key;
                    location / { proxy_pass http://127.0.0.1:SERVER-blog; }
                }
            }
            """;

    private static final String SESSIONS =
            """
            stream {
                upstream one { server 127.0.0.1:SERVER-one; }
                map $ssl_preread_server_name $to {
                    hostnames;
                    one.example.com    one;
                    *.two.example.com  127.0.0.1:SERVER-two;
                    default            127.0.0.1:SERVER-other;
                }
                server { listen 127.0.0.1:PORT-names; ssl_preread on; proxy_pass $to; }
                server { listen 127.0.0.1:PORT-near; allow 127.0.0.0/8; deny all; proxy_pass one; }
                server { listen 127.0.0.1:PORT-far; allow 203.0.113.0/24; deny all; proxy_pass one; }
            }
            """;

    /** What is asked for: method, target, host and one more field; the same words at both. */
    private static final List<String> REQUESTS =
            List.of(
                    "GET / app.example.com",
                    "GET /x?y=z app.example.com",
                    "GET / nobody.example.org",
                    "GET /wsx app.example.com",
                    "GET /ping app.example.com",
                    "GET /ping/ app.example.com",
                    "GET /gone app.example.com",
                    "GET /old app.example.com",
                    "GET /older?x=1 app.example.com",
                    "GET /see?b=c app.example.com",
                    "GET /api app.example.com",
                    "GET /api?x=1 app.example.com",
                    "GET /api/ app.example.com",
                    "GET /api/a/b?c=d app.example.com",
                    "GET /apix app.example.com",
                    "GET /v1/api/x app.example.com",
                    "GET /same/x app.example.com",
                    "GET /one app.example.com",
                    "GET /one/more app.example.com",
                    "GET /user/17 app.example.com",
                    "GET /user/17/x app.example.com",
                    "GET /cut/a/b?c=d app.example.com",
                    "GET /style.css app.example.com",
                    "GET /a/b.JS app.example.com",
                    "GET /cssx app.example.com",
                    "GET /.git/config app.example.com",
                    "GET /a/.htaccess app.example.com",
                    "GET /.well-known/acme app.example.com",
                    "GET /.well app.example.com",
                    "GET /. app.example.com",
                    "GET /assets/a.css app.example.com",
                    "GET /assets/deep/a app.example.com",
                    "GET /assets/deep/a.css app.example.com",
                    "GET /js/a app.example.com",
                    "GET /js/a.js app.example.com",
                    "GET /break/a?b=c app.example.com",
                    "GET /moved/a?b=c app.example.com",
                    "GET /near app.example.com",
                    "GET /far app.example.com",
                    "GET /not app.example.com",
                    "GET /read app.example.com",
                    "HEAD /read app.example.com",
                    "POST /read app.example.com",
                    "GET /locked app.example.com",
                    "GET /locked app.example.com Authorization: Basic c3RhZmY6c2VjcmV0",
                    "GET /locked app.example.com Authorization: Basic c3RhZmY6d3Jvbmc=",
                    "GET /either app.example.com",
                    "GET /outer/x app.example.com",
                    "GET /outer/inner/x app.example.com",
                    "DELETE /x app.example.com",
                    "POST /api/x app.example.com",
                    "GET /only/x shop.example.com",
                    "GET /only/x a.shop.example.com",
                    "GET /only/x x.example.com",
                    "GET /only/x a.b.tenants.example.com",
                    "GET / shop.example.com",
                    "GET /only?x old.shop.example.com",
                    "GET / blog.example.com",
                    "GET /ping blog.example.com",
                    "GET /x app.example.com X-Internal: secret");

    @TempDir Path directory;
    private Beside both = new Beside(Path.of(""), List.of());

    @BeforeEach
    void bothAreThere() {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed");
        both =
                new Beside(
                        directory,
                        List.of(
                                "host",
                                "x-real-ip",
                                "x-internal",
                                "x-forwarded-for",
                                "x-forwarded-proto"));
    }

    @AfterEach
    void close() throws Exception {
        both.close();
    }

    @Test
    void requestsMeetTheSame() throws Exception {
        for (String name : List.of("app1", "app2", "api", "static", "ws", "shop", "blog")) {
            both.server(name, 200);
        }
        both.pem();
        Files.writeString(
                directory.resolve("users"),
                "staff:" + Sha2Crypt.sha256Crypt("secret".getBytes(StandardCharsets.UTF_8)) + "\n");
        Beside.Sides sides = both.sides(FILE.replace("MODULE", ""), COMMAND, "plain", "web", "tls");

        assertThat(sides.differences("web", false, REQUESTS)).isEmpty();
        assertThat(sides.differences("tls", true, REQUESTS)).isEmpty();
        assertThat(sides.differences("plain", false, List.of("GET /a?b=c app.example.com")))
                .isEmpty();
        for (int port : List.of(sides.theirs("web"), sides.ours("web"))) {
            Beside.webSocket(port);
            assertThat(Beside.ask(port, false, "GET /ping app.example.com").body())
                    .isEqualTo("pong");
        }
    }

    @Test
    void sessionsMeetTheSame() throws Exception {
        assumeTrue(Files.exists(STREAM), "nginx has no module for streams");
        for (String name : List.of("one", "two", "other")) {
            both.server(name, 200);
        }
        String main = FILE.substring(0, FILE.indexOf("http {"));
        Beside.Sides sides =
                both.sides(
                        main.replace("MODULE", "load_module " + STREAM + ";") + SESSIONS,
                        COMMAND,
                        "names",
                        "near",
                        "far");
        for (int port : List.of(sides.theirs("names"), sides.ours("names"))) {
            assertThat(Beside.serverFor(port, "ONE.example.com")).isEqualTo("one");
            assertThat(Beside.serverFor(port, "a.two.example.com")).isEqualTo("two");
            assertThat(Beside.serverFor(port, "three.example.com")).isEqualTo("other");
        }
        for (int port : List.of(sides.theirs("near"), sides.ours("near"))) {
            assertThat(Beside.ask(port, false, "GET / x").server()).isEqualTo("one");
        }
        for (int port : List.of(sides.theirs("far"), sides.ours("far"))) {
            assertThat(Beside.ask(port, false, "GET / x").status()).as("nobody's").isZero();
        }
    }
}
