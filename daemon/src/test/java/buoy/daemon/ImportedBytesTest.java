package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Language;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Remark;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Unparsable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in a file: it is imported or refused with its place, and what comes out is
 * accepted.
 */
class ImportedBytesTest {
    private static final Path FILES = Path.of("src/test/resources/imports");
    private static final int RUNS = 400;

    /** Words that mean something somewhere, and some that do nowhere. */
    private static final List<String> WORDS =
            List.of(
                    "if",
                    "unless",
                    "!",
                    "or",
                    "{",
                    "}",
                    "check",
                    "ssl",
                    "crt",
                    "-1",
                    "0",
                    "65536",
                    "99999999999999999999",
                    "*:80",
                    ":::0",
                    "198.51.100.1:443",
                    "/",
                    "//",
                    "/a//b",
                    "/../x",
                    "(",
                    "[",
                    "^/(?=x)",
                    "\\",
                    "%[",
                    "%[src]",
                    "\u00e9",
                    "\u0000",
                    "#",
                    "\"",
                    "weight",
                    "inter",
                    "1us",
                    "400d",
                    "true",
                    "null",
                    "a b",
                    "${x}",
                    "path_beg",
                    "hdr(host)",
                    "path_reg",
                    "src",
                    "app",
                    "web",
                    "-f",
                    "-m",
                    "reg",
                    "deny",
                    "redirect",
                    "location",
                    "auth",
                    "realm",
                    "set-header",
                    "X_Y",
                    "Host",
                    "cookie",
                    "rewrite",
                    "nbsrv(app)",
                    "lt",
                    "2",
                    "method",
                    "GET",
                    "TRACE",
                    "agent-check",
                    "send-proxy");

    private static final List<String> WORDS_OF_NGINX =
            List.of(
                    ";",
                    "{",
                    "}",
                    "};",
                    "'",
                    "\"",
                    "\\",
                    "#",
                    "$",
                    "${",
                    "$1",
                    "$host",
                    "$uri$is_args$args;",
                    "$by_name;",
                    "\u0000",
                    "\u00e9",
                    "off;",
                    "on;",
                    "all;",
                    "0;",
                    "-1;",
                    "99999999999999999999;",
                    "99999m;",
                    "1y",
                    "10r/m;",
                    "127.0.0.1;",
                    "::/0;",
                    "unix:;",
                    "unix:/run/x.sock;",
                    "[::]:443",
                    "65536;",
                    "80-90;",
                    "http://app;",
                    "http://app/;",
                    "http://app/x/;",
                    "https://app;",
                    "http://$host;",
                    "http://unix:/run/x:/y/;",
                    "location",
                    "server",
                    "upstream",
                    "if",
                    "(",
                    "($host",
                    "!=",
                    "=",
                    "~",
                    "~*",
                    "^~",
                    "@x",
                    "/",
                    "/a//b",
                    "(?=x)",
                    "(?!x)",
                    "[",
                    "^/(.*)$",
                    "permanent;",
                    "break;",
                    "return",
                    "rewrite",
                    "proxy_pass",
                    "add_header",
                    "proxy_set_header",
                    "X_Y",
                    "Host",
                    "default_server;",
                    "ssl;",
                    "udp;",
                    "proxy_protocol;",
                    "include",
                    "internal;",
                    "satisfy",
                    "any;",
                    "ssl_verify_client",
                    "*",
                    "*.x",
                    ".x",
                    "_",
                    "444;",
                    "limit_req",
                    "hash",
                    "set",
                    "$x",
                    "$x$x;");

    private static final Surroundings NOTHING_AROUND =
            new Surroundings() {
                @Override
                public boolean isDirectory(String path) {
                    return false;
                }

                @Override
                public Optional<String> read(String path) {
                    return Optional.empty();
                }

                @Override
                public List<String> matching(String pattern) {
                    return List.of();
                }

                @Override
                public String hashed(String password) {
                    return "$6$saltsalt$" + "a".repeat(86);
                }
            };

    @Test
    void changedFilesAreAcceptedOrRefusedWithTheirPlace() throws IOException {
        for (String name :
                List.of(
                        "haproxy/web.cfg",
                        "haproxy/patroni.cfg",
                        "nginx/nginx.conf",
                        "nginx/conf.d/app.conf")) {
            Language language = name.startsWith("nginx") ? Language.NGINX : Language.HAPROXY;
            List<String> words = language == Language.NGINX ? WORDS_OF_NGINX : WORDS;
            List<String> lines = Files.readAllLines(FILES.resolve(name));
            for (int seed = 0; seed < RUNS; seed++) {
                judge(String.join("\n", changed(lines, words, new Random(seed))), language, seed);
            }
        }
    }

    @Test
    void anyBytesAreAcceptedOrRefusedWithTheirPlace() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.append((char) (random.nextInt(4) == 0 ? '\n' : random.nextInt(256)));
            }
            judge(text.toString(), Language.HAPROXY, seed);
            judge("frontend a\n" + text, Language.HAPROXY, seed);
            judge(text.toString(), Language.NGINX, seed);
            judge(
                    "server { location / { proxy_pass http://a; " + text + " } }",
                    Language.NGINX,
                    seed);
        }
    }

    /** A line that is read and then forgotten would be worse than one that is not known. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp-response content reject",
                "appsession JSESSIONID len 52",
                "stats enable",
                "frobnicate all",
                "option frobnicate",
                "http-request lua.do",
                "http-request set-var(txn.a) src",
                "http-request deny if { path_reg (?=x) }",
                "server s2 127.0.0.1:81 frobnicate",
                "server s2 127.0.0.1:81 maxqueue 5",
                "server-template s 3 app.internal:80",
                "http-check expect status 200 frobnicate",
                "balance url_param id",
                "errorfile 503 /etc/503.http",
                "filter trace",
                "email-alert mailers m"
            })
    void whatIsNotCarriedOverIsSaid(String line) throws Unparsable {
        String text =
                """
                defaults
                    mode http
                frontend web
                    bind 127.0.0.1:8080
                    default_backend app
                backend app
                    option httpchk
                    server s1 127.0.0.1:80 check
                    %s
                """
                        .formatted(line);
        // A page for errors is a listener's.
        String moved =
                line.startsWith("errorfile")
                        ? text.replace(
                                "    default_backend", "    " + line + "\n    default_backend")
                        : text;
        Imported imported =
                Importer.run(List.of(new Source("x.cfg", moved)), Optional.empty(), NOTHING_AROUND);
        assertThat(imported.whole()).isFalse();
        assertThat(imported.remarks())
                .filteredOn(remark -> remark.kind() == Remark.Kind.LEFT)
                .allMatch(remark -> remark.toString().matches("x\\.cfg:[0-9]+: .+ \\(.+\\)"));
    }

    /** Lines left out, doubled and moved; words of them replaced. */
    private static List<String> changed(
            List<String> lines, List<String> replacements, Random random) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(changed.size());
            switch (random.nextInt(4)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(random.nextInt(changed.size()), changed.get(at));
                default -> {
                    String[] words = changed.get(at).split(" ", -1);
                    words[random.nextInt(words.length)] =
                            replacements.get(random.nextInt(replacements.size()));
                    changed.set(at, String.join(" ", words));
                }
            }
        }
        return changed;
    }

    private static void judge(String text, Language language, int seed) {
        try {
            Imported imported =
                    Importer.run(
                            List.of(new Source("x.cfg", text)),
                            Optional.of(language),
                            NOTHING_AROUND);
            Reading reading = ConfigFile.judge("buoy.yaml", imported.yaml());
            if (reading instanceof Reading.Rejected(var problems)) {
                assertThat(problems)
                        .as("seed %d of %s", seed, imported.yaml())
                        .allMatch(
                                p ->
                                        p.path().endsWith("users-file")
                                                || p.path().contains(".errors."));
            }
        } catch (Unparsable e) {
            assertThat(e.getMessage()).matches("(?s)x\\.cfg:[0-9]+:[0-9]+: .+");
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + " of:\n" + text, e);
        }
    }
}
