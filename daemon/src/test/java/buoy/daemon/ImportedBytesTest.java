package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.daemon.imports.Imported;
import buoy.daemon.imports.Importer;
import buoy.daemon.imports.Language;
import buoy.daemon.imports.Source;
import buoy.daemon.imports.draft.Remark;
import buoy.daemon.imports.draft.Unparsable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in a file: it is imported or refused with its place, and what comes out is
 * accepted, on every host that it names.
 */
class ImportedBytesTest {
    private static final Path FILES = Path.of("src/test/resources/imports");
    private static final int RUNS = 400;
    private static final FakeSurroundings AROUND = new FakeSurroundings(Map.of());

    /** Words that mean something somewhere, and some that do nowhere. */
    private static final String WORDS_OF_HAPROXY =
            """
            if unless ! or { } check ssl crt -1 0 65536 99999999999999999999 *:80 :::0
            198.51.100.1:443 / // /a//b /../x ( [ ^/(?=x) \\ %[ %[src] \u00e9 \0 # " weight
            inter 1us 400d true null ${x} path_beg hdr(host) path_reg src app web -f -m reg deny
            redirect location auth realm set-header X_Y Host cookie rewrite nbsrv(app) lt 2
            method GET TRACE agent-check send-proxy
            """;

    private static final String WORDS_OF_NGINX =
            """
            ; { } }; ' " \\ # $ ${ $1 $host $uri$is_args$args; $by_name; \0 \u00e9 off; on; all;
            0; -1; 99999999999999999999; 99999m; 1y 10r/m; 127.0.0.1; ::/0; unix:;
            unix:/run/x.sock; [::]:443 65536; 80-90; http://app; http://app/; http://app/x/;
            https://app; http://$host; http://unix:/run/x:/y/; location server upstream if (
            ($host != = ~ ~* ^~ @x / /a//b (?=x) (?!x) [ ^/(.*)$ permanent; break; return
            rewrite proxy_pass add_header proxy_set_header X_Y Host default_server; ssl; udp;
            proxy_protocol; include internal; satisfy any; ssl_verify_client * *.x .x _ 444;
            limit_req hash set $x $x$x;
            """;

    private static final String WORDS_OF_KEEPALIVED =
            """
            { } {} ${ ${NUM} $NUM $VIP $X=$X$X ${X} \\ " ' ! # @ @^ @lb1 @^lb1 @default @x.y
            ~SEQ(A,1,9) include * /etc/x -1 0 255 256 4096 0.001 1e9 . 99999999999999999999
            198.51.100.1 198.51.100.1/33 0.0.0.0/0 ::1 ::/0 fe80::1%eth0 224.0.0.1 default dev
            via table src weight reverse MASTER AH eth0 eth0:1 averyverylongnameoflink \u00e9 \0
            global_defs vrrp_instance vrrp_sync_group group virtual_ipaddress priority notify
            track_script authentication auth_pass virtual_server real_server TCP_CHECK HTTP_GET
            80 lb_algo persistence_timeout unicast_peer min_ttl version 2 3
            """;

    /**
     * A language.
     *
     * @param files in it
     * @param words separated by blanks
     * @param around what any bytes may stand in, in the place of {@code %s}
     */
    private record Kind(Language language, List<String> files, List<String> words, String around) {
        static Kind of(Language language, List<String> files, String words, String around) {
            List<String> all = new ArrayList<>(List.of(words.strip().split("\\s+", -1)));
            all.add("a b");
            return new Kind(language, files, all, around);
        }

        /** Whether files of several hosts are imported together. */
        boolean ofHosts() {
            return language == Language.KEEPALIVED;
        }

        @Override
        public String toString() {
            return language.toString();
        }
    }

    static List<Kind> kinds() {
        return List.of(
                Kind.of(
                        Language.HAPROXY,
                        List.of("haproxy/web.cfg", "haproxy/patroni.cfg"),
                        WORDS_OF_HAPROXY,
                        "frontend a\n%s"),
                Kind.of(
                        Language.NGINX,
                        List.of("nginx/nginx.conf", "nginx/conf.d/app.conf"),
                        WORDS_OF_NGINX,
                        "server { location / { proxy_pass http://a; %s } }"),
                Kind.of(
                        Language.KEEPALIVED,
                        List.of(
                                "keepalived/lb1/keepalived.conf",
                                "keepalived/template.conf",
                                "keepalived/ipvs.conf"),
                        WORDS_OF_KEEPALIVED,
                        "vrrp_instance a {\n%s\n}"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void changedFilesAreAcceptedOrRefusedWithTheirPlace(Kind kind) throws IOException {
        for (String name : kind.files()) {
            List<String> lines = Files.readAllLines(FILES.resolve(name));
            for (int seed = 0; seed < RUNS; seed++) {
                Random random = new Random(seed);
                judge(kind, seed, changed(lines, kind, random));
                if (kind.ofHosts()) {
                    // Two hosts, one of which somebody has worked on.
                    judge(kind, seed, changed(lines, kind, random), String.join("\n", lines));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anyBytesAreAcceptedOrRefusedWithTheirPlace(Kind kind) {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.append((char) (random.nextInt(4) == 0 ? '\n' : random.nextInt(256)));
            }
            judge(kind, seed, text.toString());
            judge(kind, seed, kind.around().replace("%s", text));
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
                Importer.run(List.of(new Source("x.cfg", moved)), Optional.empty(), AROUND);
        assertThat(imported.whole()).isFalse();
        assertThat(imported.remarks())
                .filteredOn(remark -> remark.kind() == Remark.Kind.LEFT)
                .allMatch(remark -> remark.toString().matches("x\\.cfg:[0-9]+: .+ \\(.+\\)"));
    }

    /** Lines left out, doubled, moved and made those of one host; words of them replaced. */
    private static String changed(List<String> lines, Kind kind, Random random) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(changed.size());
            switch (random.nextInt(kind.ofHosts() ? 5 : 4)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(random.nextInt(changed.size()), changed.get(at));
                case 4 -> changed.add(at, "@lb1 " + changed.get(at).strip());
                default -> {
                    String[] words = changed.get(at).split(" ", -1);
                    words[random.nextInt(words.length)] =
                            kind.words().get(random.nextInt(kind.words().size()));
                    changed.set(at, String.join(" ", words));
                }
            }
        }
        return String.join("\n", changed);
    }

    private static void judge(Kind kind, int seed, String... texts) {
        List<Source> sources = new ArrayList<>();
        for (String text : texts) {
            sources.add(new Source("x-%d.conf".formatted(sources.size() + 1), text));
        }
        try {
            Imported imported = Importer.run(sources, Optional.of(kind.language()), AROUND);
            Matcher host =
                    Pattern.compile("by-host:\\s*\\{?\\s*\"?([A-Za-z0-9-]+)")
                            .matcher(imported.yaml());
            Reading reading =
                    ConfigFile.judge(
                            "buoy.yaml", imported.yaml(), host.find() ? host.group(1) : "here");
            if (reading instanceof Reading.Rejected(var problems)) {
                // Pages and passwords stand in files that are not here.
                assertThat(problems)
                        .as("seed %d of %s", seed, imported.yaml())
                        .allMatch(
                                p ->
                                        p.path().endsWith("users-file")
                                                || p.path().contains(".errors."));
            }
            assertThat(imported.remarks())
                    .allMatch(each -> each.toString().matches("x-[12]\\.conf:[0-9]+: [^\n]+"));
        } catch (Unparsable e) {
            assertThat(e.getMessage()).matches("(?s)x-[12]\\.conf:[0-9]+:[0-9]+: .+");
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + " of:\n" + String.join("\n---\n", texts), e);
        }
    }
}
