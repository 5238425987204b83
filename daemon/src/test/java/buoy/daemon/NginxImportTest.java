package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Remark;
import buoy.daemon.imports.draft.Unparsable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What NGINX's directives become, by value. */
class NginxImportTest {
    private static final Path FILES = Path.of("src/test/resources/imports/nginx");

    private static Imported imported(String text, Map<String, String> around) throws Unparsable {
        Imported imported =
                Importer.run(
                        List.of(new Source("/etc/nginx/nginx.conf", text)),
                        Optional.empty(),
                        new FakeSurroundings(around));
        if (ConfigFile.judge("buoy.yaml", imported.yaml()) instanceof Reading.Rejected(var all)) {
            assertThat(all)
                    .as(imported.yaml())
                    .allMatch(p -> p.path().endsWith("users-file") || p.path().contains("errors"));
        }
        return imported;
    }

    /** A server with this in it, and two pools. */
    private static Imported server(String directives) throws Unparsable {
        return imported(
                """
                http {
                    upstream app { server 10.0.1.1:80; }
                    upstream api { server 10.0.1.2:80; }
                    server {
                        listen 80;
                        %s
                    }
                }
                """
                        .formatted(directives),
                Map.of());
    }

    private static String said(Imported imported) {
        return String.join("\n", imported.remarks().stream().map(Remark::toString).toList());
    }

    @Test
    void aWholeFileBecomesAllOfThis() throws Exception {
        Imported imported =
                imported(
                        Files.readString(FILES.resolve("nginx.conf")),
                        Map.of(
                                "/etc/nginx/conf.d/app.conf",
                                Files.readString(FILES.resolve("conf.d/app.conf"))));
        assertThat(imported.yaml()).isEqualTo(Files.readString(FILES.resolve("nginx.yaml")));
        assertThat(said(imported) + "\n")
                .isEqualTo(Files.readString(FILES.resolve("nginx.remarks")));
    }

    /** docs/migration.md shows what comes of a file. */
    @Test
    void thePageShowsWhatComes() throws Exception {
        String page = Files.readString(Path.of("../docs/migration.md"));
        String section = page.substring(page.indexOf("## What comes of nginx.conf"));
        Imported imported =
                Importer.run(
                        List.of(new Source("nginx.conf", block(section, "nginx"))),
                        Optional.empty(),
                        new FakeSurroundings(Map.of()));
        assertThat(imported.yaml()).isEqualTo(block(section, "yaml"));
        assertThat(said(imported) + "\n")
                .isEqualTo(Shown.below("migration.md", "buoy import nginx.conf >nginx.yaml"));
    }

    private static String block(String page, String language) {
        int from = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(from, page.indexOf("```", from));
    }

    /** Directives of a server, and a line of what becomes of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            textBlock =
                    """
                    location / { proxy_pass http://app; } ¦ pool: app
                    location / { proxy_pass http://app/; } ¦ pool: app
                    location / { proxy_pass http://10.0.1.9:81; } ¦ servers: ["10.0.1.9:81"]
                    location / { proxy_pass http://unix:/run/app.sock; } ¦ servers: ["unix:/run/app.sock"]
                    location / { proxy_pass https://app; } ¦ tls: {verify: false}
                    location / { grpc_pass grpc://app; } ¦ protocol: h2c
                    location /a/ { proxy_pass http://app/; } ¦ - {match: {path: /a}, pool: app, rewrite: {strip-prefix: /a}}
                    location /a { proxy_pass http://app/; } ¦ - {match: {path: /a}, pool: app, rewrite: {strip-prefix: /a}}
                    location /a/b/ { proxy_pass http://app/b/; } ¦ - {match: {path: /a/b}, pool: app, rewrite: {strip-prefix: /a}}
                    location ~ ^/a/(.*)$ { proxy_pass http://app/$1; } ¦ - {match: {path-regex: "/a/(.*)"}, pool: app, rewrite: {strip-prefix: /a}}
                    set $to http://app; location / { proxy_pass $to; } ¦ pool: app
                    location / { try_files $uri @app; } location @app { proxy_pass http://app; } ¦ pool: app
                    location / { return 204; } ¦ - {respond: {status: 204}}
                    location / { return 503 later; } ¦ - {respond: {status: 503, body: later}}
                    location / { return /x; } ¦ - {redirect: {to: /x, status: 302}}
                    rewrite ^(.*)$ https://b.example$1 permanent; ¦ - {redirect: {to: "https://b.example${uri}", status: 301}}
                    rewrite ^ https://b.example$request_uri? redirect; ¦ - {redirect: {to: "https://b.example${uri}", status: 302}}
                    rewrite ^/a$ /b permanent; ¦ - {match: {path-regex: /a}, redirect: {to: "/b?${query}", status: 301}}
                    if ($http_x_beta = 1) { return 403; } ¦ - {match: {headers: {x-beta: "1"}}, respond: {status: 403}}
                    if ($request_method !~ ^(GET|HEAD)$) { return 405; } location / { proxy_pass http://app; } ¦ - {match: {methods: [GET, HEAD]}, pool: app}
                    client_max_body_size 0; large_client_header_buffers 2 16k; location / { proxy_pass http://app; } ¦ limits: {header-bytes: 32KiB}
                    client_body_timeout 1m30s; location / { proxy_pass http://app; } ¦ timeouts: {body: 90s}
                    location / { proxy_pass http://app; proxy_set_header X-A "$request_id-$scheme"; } ¦ request: {set: {X-A: "${request-id}-${scheme}"}}
                    location / { proxy_pass http://app; mirror /m; } location = /m { internal; proxy_pass http://api; } ¦ - {pool: app, mirror: api}
                    brotli on; gzip on; location / { proxy_pass http://app; } ¦ compression: {types: [text/html], encodings: [br, gzip]}
                    access_log syslog:server=10.0.0.9 combined; location / { proxy_pass http://app; } ¦ access-log: {format: combined, to: "udp://10.0.0.9:514"}
                    underscores_in_headers on; location / { proxy_pass http://app; } ¦ lenient: [underscore-names]
                    """)
    void directivesBecome(String directives, String line) throws Unparsable {
        assertThat(server(directives).yaml().lines().map(String::strip)).contains(line.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            textBlock =
                    """
                    least_conn; ¦ balance: least-connections
                    ip_hash; ¦ balance: source-hash
                    hash $request_uri consistent; ¦ balance: uri-hash
                    hash $http_x_user; ¦ balance: "header-hash:x-user"
                    random two least_conn; ¦ balance: random-two
                    sticky cookie srv secure httponly; ¦ sticky: {cookie: srv}
                    queue 50 timeout=3s; ¦ queue: {limit: 50, timeout: 3s}
                    server 10.0.1.3 backup max_conns=5; ¦ servers: {up1: "10.0.1.1:80", up2: "10.0.1.2:80", up3: {address: "10.0.1.3:80", max-connections: 5, backup: true}}
                    server 10.0.1.3:81 down; ¦ up3:
                    """)
    void upstreamsBecome(String directive, String line) throws Unparsable {
        Imported imported =
                imported(
                        """
                        upstream up {
                            server 10.0.1.1:80;
                            server 10.0.1.2:80;
                            %s
                        }
                        server { listen 80; location / { proxy_pass http://up; } }
                        """
                                .formatted(directive),
                        Map.of());
        assertThat(imported.yaml().lines().map(String::strip)).contains(line.strip());
        assertThat(imported.whole()).as(said(imported)).isTrue();
    }

    /** What would be read and then forgotten is worse than what is not known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "location / { fastcgi_pass unix:/run/php.sock; }",
                "location / { root /srv/www; }",
                "location / { try_files $uri /index.html; }",
                "location / { proxy_pass http://app/x/; }",
                "location / { proxy_pass http://$host; }",
                "location / { proxy_pass http://app; proxy_cache zone; }",
                "location / { proxy_pass http://app; frobnicate on; }",
                "location / { proxy_pass http://app; auth_request /auth; }",
                "location / { proxy_pass http://app; proxy_set_header X-A $geoip_country_code; }",
                "location / { proxy_pass http://app; proxy_set_header Host other.example; }",
                "location / { proxy_pass http://app; limit_req zone=none; }",
                "location / { proxy_pass http://app; sub_filter a b; }",
                "location / { proxy_pass http://app; } location /b { proxy_pass http://app; add_header X-A b; }",
                "location / { proxy_pass http://app; } location ~ (?=x) { proxy_pass http://api; }",
                "location / { if ($http_cookie ~* x) { return 403; } proxy_pass http://app; }",
                "location / { proxy_pass http://app; } rewrite ^/a/(.*)$ /b/$1 last;",
                "location / { proxy_pass http://app; } listen 81 quic;",
                "location / { proxy_pass http://app; allow office.example; deny all; }",
                "error_page 404 = @other; location / { proxy_pass http://app; }",
                "include /etc/nginx/nothing.conf; location / { proxy_pass http://app; }",
                "location / { return 200 $host; }",
                "listen 443 ssl; location / { proxy_pass http://app; }"
            })
    void whatIsNotCarriedOverIsSaid(String directives) throws Unparsable {
        Imported imported = server(directives);
        assertThat(imported.whole()).as(imported.yaml()).isFalse();
        assertThat(imported.remarks())
                .filteredOn(remark -> remark.kind() == Remark.Kind.LEFT)
                .allMatch(r -> r.toString().matches("/etc/nginx/nginx\\.conf:[0-9]+: .+ \\(.+\\)"));
    }

    /** Nobody comes in that NGINX keeps out, even where it cannot be said who that is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "location / { proxy_pass http://app; auth_request /auth; }",
                "location / { proxy_pass http://app; auth_basic x; }",
                "location / { proxy_pass http://app; deny office.example; }"
            })
    void whoIsKeptOutStaysOut(String directives) throws Unparsable {
        assertThat(server(directives).yaml()).doesNotContain("pool: app");
    }

    @Test
    void certificatesOfClientsAreWantedByAllOrByALostServer() throws Unparsable {
        String all =
                """
                server {
                    listen 443 ssl;
                    server_name a.example;
                    ssl_certificate a.crt;
                    ssl_certificate_key a.key;
                    ssl_client_certificate ca.crt;
                    ssl_verify_client on;
                    location / { proxy_pass http://10.0.1.1; }
                }
                """;
        assertThat(imported(all, Map.of()).yaml())
                .contains("client: {ca: /etc/nginx/ca.crt, require: true}")
                .contains("alpn: [http/1.1]");
        String one =
                all
                        + all.replace("a.example", "b.example")
                                .replace("ssl_verify_client on", "ssl_verify_client off")
                                .replace("10.0.1.1", "10.0.1.2");
        Imported both = imported(one, Map.of());
        assertThat(both.whole()).isFalse();
        assertThat(both.yaml()).doesNotContain("10.0.1.1").contains("10.0.1.2");
    }

    /** Without the word a name with * is one to the letter, and no host is called so. */
    @Test
    void wildcardsOfAMapNeedHostnames() throws Unparsable {
        String map =
                """
                map $host $to { hostnames; *.a.example 10.0.1.1; default 10.0.1.2; }
                server { listen 80; location / { proxy_pass http://$to; proxy_set_header Host $host; } }
                """;
        assertThat(imported(map, Map.of()).yaml()).contains("host: \"*.a.example\"");
        assertThat(imported(map.replace("hostnames;", ""), Map.of()).yaml())
                .doesNotContain("a.example")
                .contains("10.0.1.2");
    }

    @Test
    void passwordsThatAreNotTakenAreSaidWithoutThem() throws Unparsable {
        Imported imported =
                imported(
                        "server { listen 80; auth_basic a; auth_basic_user_file u; location / { proxy_pass http://10.0.1.1; } }",
                        Map.of("/etc/nginx/u", "ann:$2y$05$abc\nbob:{SHA}topsecret\n"));
        assertThat(said(imported))
                .contains("the password of bob in /etc/nginx/u", "htpasswd -B")
                .doesNotContain("ann", "topsecret");
    }

    @Test
    void whatIsNoConfigurationIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> imported("http {\n  server {\n    listen 80\n  }\n}\n", Map.of()))
                .isInstanceOf(Unparsable.class)
                .hasMessageStartingWith("/etc/nginx/nginx.conf:4:3: ");
        assertThatThrownBy(
                        () ->
                                imported(
                                        "http {\n include a.conf;\n}\n",
                                        Map.of("/etc/nginx/a.conf", "include a.conf;")))
                .isInstanceOf(Unparsable.class)
                .hasMessageContaining("includes more than");
    }
}
