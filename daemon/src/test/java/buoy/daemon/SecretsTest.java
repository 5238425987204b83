package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.daemon.admin.AdminClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every secret that a configuration can have has a mark in it; whatever the program is made to say,
 * the mark is nowhere.
 */
class SecretsTest {
    private static final String MARK = "mArK3r";

    /** Of the form that {@code htpasswd} makes; nobody knows the password. */
    private static final String HASH = "$apr1$" + MARK + "00$" + MARK.repeat(3) + "mArK";

    private static final String PEER_KEY = MARK + "0123456789abcdefghijklnopqstuvwxyz";

    @TempDir Path directory;

    /** All that was said, by whom. */
    private final Map<String, String> said = new LinkedHashMap<>();

    private void said(String by, String text) {
        said.merge(by, text, String::concat);
    }

    private ExitCode run(String... args) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(all, true, StandardCharsets.UTF_8);
        ExitCode code = new Main(out, out, Map.of()).execute(System.nanoTime(), args);
        said("buoy " + String.join(" ", args), all.toString(StandardCharsets.UTF_8));
        return code;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    /** A key that is new and named like a secret has to get its mark here. */
    @Test
    void everyKeyNamedLikeASecretIsMarkedHereOrIsNone() throws IOException {
        String schema =
                Files.readString(
                        Path.of(System.getProperty("buoy.root"))
                                .resolve("config/src/main/resources/buoy/config/buoy.schema.json"));
        TreeSet<String> keys = new TreeSet<>();
        Pattern.compile(
                        "\"([a-z-]*(?:password|passphrase|key|users|secret|token|credential|auth)[a-z-]*)\"\\s*:\\s*\\{")
                .matcher(schema)
                .results()
                .forEach(found -> keys.add(found.group(1)));

        // Not secret: which kind of key (key-type), where the users are named (basic-auth).
        assertThat(keys)
                .containsExactly(
                        "basic-auth",
                        "key",
                        "key-file",
                        "key-type",
                        "keys-file",
                        "password",
                        "password-file",
                        "users",
                        "users-file");
    }

    @Test
    void whateverItIsMadeToSayNoSecretIsInIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        try (Site site = new Site(directory)) {
            String keyOfSite = certificate();
            Path access = directory.resolve("access.log");
            String good = configuration(site, access);
            Files.writeString(site.config, good);
            try (Child buoy = Child.running(directory, site.config)) {
                ask(site);
                commands(site);
                reloads(site, good);
                buoy.signal("USR1");
                Child.await(
                        "the state in the log",
                        () -> buoy.out().contains("\\\"uptime-seconds\\\""));
                assertThat(run("stop", "--socket", site.socket.toString()))
                        .isEqualTo(ExitCode.DONE);
                assertThat(buoy.exitCode()).isZero();
                said("log", buoy.out() + buoy.err());
                said("access log", Files.readString(access));
            }
            assertThat(said.get("log")).contains("wrong password", "rejected", "\"pg1\"");
            assertThat(said).hasSizeGreaterThan(25);
            said.forEach(
                    (by, text) ->
                            assertThat(text).as(by).isNotEmpty().doesNotContain(MARK, keyOfSite));
        }
    }

    /** A line of the private key. */
    private String certificate() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "/usr/bin/openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=site.example",
                        "-addext",
                        "subjectAltName=DNS:site.example",
                        "-keyout",
                        "site.key",
                        "-out",
                        "site.crt")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return Files.readAllLines(directory.resolve("site.key")).get(3);
    }

    private String configuration(Site site, Path access) throws IOException {
        return """
               log: {format: json, level: debug}
               process: {state-directory: %s}
               admin: {socket: %s}
               stats: {bind: "127.0.0.1:%d", users: {ops: "%s"}}
               peer: {bind: "127.0.0.1:%d", others: ["127.0.0.1:%d"], key: "%s"}
               certificates: {site: {chain: %s, key: %s}}
               listeners:
                 web:
                   bind: ["127.0.0.1:%d"]
                   protocol: http
                   access-log: {format: json, to: %s}
                   routes: [{pool: app, basic-auth: {users-file: %s, realm: admin}}]
                 secure:
                   bind: ["127.0.0.1:%d"]
                   protocol: http
                   tls: {certificates: [site], tickets: {keys-file: %s}}
                   pool: app
               pools:
                 app: {servers: {a1: "127.0.0.1:1"}}
                 pg:
                   servers: {pg1: "127.0.0.1:1"}
                   health: {postgres: {role: primary, user: buoy, password: "%s"}, every: 100ms}
                 pg-file:
                   servers: {pg2: "127.0.0.1:1"}
                   health: {postgres: {role: primary, user: buoy, password-file: %s}, every: 100ms}
               """
                .formatted(
                        site.state,
                        site.socket,
                        site.stats,
                        HASH,
                        Site.freePort(),
                        Site.freePort(),
                        PEER_KEY,
                        directory.resolve("site.crt"),
                        directory.resolve("site.key"),
                        site.http,
                        access,
                        file("users", "ops:" + HASH + "\n"),
                        Site.freePort(),
                        file("tickets", (MARK + "Tk").repeat(8) + "\n"),
                        MARK + "-pg",
                        file("pg.password", MARK + "-pg-file\n"));
    }

    private void ask(Site site) throws IOException, InterruptedException {
        AdminClient admin = new AdminClient(site.socket, Child.PATIENCE);
        for (String path :
                List.of("/", "/metrics", "/api/v1/status", "/api/v1/history", "/api/v1/changes")) {
            for (String accept : List.of("*/*", "text/plain", "application/openmetrics-text")) {
                said("GET " + path + " " + accept, admin.ask("GET", path, accept).body());
            }
        }
        // At the page a name that is not configured may be a password in the wrong place.
        for (String who : List.of("ops:" + MARK + "-wrong", MARK + "-as-name:x")) {
            for (int port :
                    who.startsWith("ops:") ? List.of(site.stats, site.http) : List.of(site.stats)) {
                try (HttpClient client = HttpClient.newHttpClient()) {
                    HttpResponse<String> refused =
                            client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create("http://127.0.0.1:" + port + "/x"))
                                            .header("Authorization", "Basic " + base64(who))
                                            .timeout(Child.PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
                    assertThat(refused.statusCode()).isEqualTo(401);
                    said("401 of " + port, refused.headers().map() + refused.body());
                }
            }
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void commands(Site site) {
        String config = site.config.toString();
        String socket = site.socket.toString();
        assertThat(run("check", "-c", config)).isEqualTo(ExitCode.DONE);
        assertThat(run("check", "--print", "-c", config)).isEqualTo(ExitCode.DONE);
        assertThat(run("check", "--print", "--json", "-c", config)).isEqualTo(ExitCode.DONE);
        assertThat(run("status", "--socket", socket)).isEqualTo(ExitCode.DONE);
        assertThat(run("status", "--json", "--socket", socket)).isEqualTo(ExitCode.DONE);
        assertThat(run("schema")).isEqualTo(ExitCode.DONE);
        String url = "http://127.0.0.1:" + site.http + "/x";
        assertThat(run("explain", url, "-c", config, "--socket", socket)).isEqualTo(ExitCode.DONE);
        assertThat(run("server", "drain", "pg/pg1", "--socket", socket)).isEqualTo(ExitCode.DONE);
        assertThat(run("pool", "pause", "nothing", "--socket", socket)).isEqualTo(ExitCode.REFUSED);
    }

    /**
     * One that holds, with every secret replaced, and those that do not, each for its own reason.
     */
    private void reloads(Site site, String good) throws IOException {
        String config = site.config.toString();
        String socket = site.socket.toString();
        Files.writeString(
                site.config,
                good.replace("ops: \"$apr1$" + MARK, "ops: \"$apr1$" + MARK.substring(1) + "x")
                        .replace(MARK + "-pg\"", MARK + "-pg-next\""));
        assertThat(run("check", "--diff", "-c", config)).isEqualTo(ExitCode.DONE);
        assertThat(run("reload", "--socket", socket)).isEqualTo(ExitCode.DONE);
        for (String bad :
                List.of(
                        good.replace(HASH, MARK + "-is-no-hash"),
                        good.replace(PEER_KEY, MARK + "-too-short"),
                        good.replace(PEER_KEY + "\"}", PEER_KEY + "\", key: \"" + MARK + "\"}"),
                        good.replace("key: \"" + MARK, "kye: \"" + MARK),
                        good.replace(MARK + "-pg\"", MARK + "-pg\", password-file: /nowhere"),
                        good.replace("\"" + MARK + "-pg\"", "{" + MARK + ": x}"),
                        good.replace("\"" + MARK + "-pg\"", "[" + MARK + "]"),
                        good.replace(MARK + "-pg\"", MARK + "-pg\\q\""),
                        good.replace(MARK + "-pg\"", MARK + "-pg"),
                        good.replace("\"" + MARK + "-pg\"", "*alias, x: &a " + MARK),
                        good.replace("\"" + MARK + "-pg\"", "\"\u0001" + MARK + "\""),
                        good + router("2", "\"" + MARK + "-too-long\""),
                        good + router("3", "\"" + MARK + "\""))) {
            refused(site, good, bad);
        }
        for (String bad : secretsInPlaceOfTheirFiles(good)) {
            refused(site, good, bad);
        }
        Files.writeString(site.config, good + router("2", "\"" + MARK + "\""));
        run("check", "--diff", "-c", config);
        assertThat(run("check", "--print", "-c", config)).isEqualTo(ExitCode.DONE);
        Files.writeString(site.config, good);
        for (String each :
                List.of(
                        "users: ops:" + MARK + "-is-no-hash",
                        "tickets: " + MARK,
                        "site.key: " + MARK)) {
            Path file = directory.resolve(each.substring(0, each.indexOf(": ")));
            String before = Files.readString(file);
            Files.writeString(file, each.substring(each.indexOf(": ") + 2) + "\n");
            assertThat(run("check", "-c", config)).as(each).isEqualTo(ExitCode.BAD_CONFIGURATION);
            run("reload", "--socket", socket);
            Files.writeString(file, before);
        }
    }

    private void refused(Site site, String good, String bad) throws IOException {
        assertThat(bad).isNotEqualTo(good);
        Files.writeString(site.config, bad);
        String config = site.config.toString();
        assertThat(run("check", "-c", config)).as(bad).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run("check", "--json", "-c", config)).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run("check", "--diff", "-c", config)).isNotEqualTo(ExitCode.DONE);
        assertThat(run("reload", "--socket", site.socket.toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    /** Of each key that names a file with a secret in it, as the schema has them. */
    private List<String> secretsInPlaceOfTheirFiles(String good) {
        List<String> all = new ArrayList<>();
        for (String secret :
                List.of(MARK, MARK + "/" + MARK, "[" + MARK + "]", "{" + MARK + ": x}")) {
            all.add(good.replace(directory.resolve("pg.password").toString(), secret));
            all.add(good.replace(directory.resolve("users").toString(), secret));
            all.add(good.replace(directory.resolve("tickets").toString(), secret));
            all.add(good.replace(directory.resolve("site.key").toString(), secret));
            all.add(good.replace("users: {ops: \"" + HASH + "\"}", "users-file: " + secret));
            all.add(good.replace("key: \"" + PEER_KEY + "\"", "key-file: " + secret));
            all.add(good + router("2", "x, password-file: " + secret));
            all.add(
                    good.replace(
                            "certificates: {site: {",
                            "certificates: {other: {pem: " + secret + "}, site: {"));
        }
        return all;
    }

    private static String router(String version, String password) {
        return "vrrp: {web: {interface: lo, router-id: 1, version: %s, password: %s, addresses: [198.51.100.100/24]}}\n"
                .formatted(version, password);
    }
}
