package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Outline;
import buoy.config.Reading;
import buoy.daemon.json.JsonText;
import buoy.daemon.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check --print} prints reads back to the same configuration. */
class PrintedConfigTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));

    @TempDir Path directory;

    private static Optional<Outline> outline(Path file, String host) {
        return ConfigFile.read(file, host) instanceof Reading.Accepted accepted
                ? Optional.of(accepted.outline())
                : Optional.empty();
    }

    private static String printed(Path file, String host) {
        return PrintedConfig.of(ConfigFile.contents(file, host).orElseThrow().shown());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "buoy", ".yaml"), text);
    }

    private void readsBack(Path file, String host) throws IOException {
        Outline meant = outline(file, host).orElseThrow();
        String printed = printed(file, host);
        // On any host: nothing is left to be chosen.
        Optional<Outline> again = outline(file(printed), "another");
        assertThat(again).as(printed).isPresent();
        assertThat(meant.changesTo(again.get())).as(printed).isEmpty();
        assertThat(printed(file(printed), "another")).isEqualTo(printed);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExample(Path file) throws IOException {
        int hosts = 0;
        for (String host : List.of("lb1", "lb2", "lb-a", "lb-b")) {
            if (outline(file, host).isPresent()) {
                hosts++;
                readsBack(file, host);
            }
        }
        assertThat(hosts).isPositive();
    }

    /** But for those that show a secret, and those that are not whole. */
    @Test
    void everyBlockOfThePages() throws IOException {
        int blocks = 0;
        for (Shown block : Shown.all()) {
            Path file = file(block.text());
            if (block.kind().equals("yaml")
                    && outline(file, "lb1").isPresent()
                    && !printed(file, "lb1").contains("(not shown)")) {
                readsBack(file, "lb1");
                blocks++;
            }
        }
        assertThat(blocks).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                " a",
                "a ",
                "yes",
                "No",
                "null",
                "~",
                "1",
                "-1",
                "0x1f",
                "1_000",
                "1e3",
                ".5",
                "=",
                "<<",
                "- a",
                "-",
                "? a",
                "a: b",
                "a:",
                "a #b",
                "#a",
                "&a",
                "*a",
                "!a",
                "|",
                ">",
                "'",
                "\"",
                "it's",
                "\"a\"",
                "%a",
                "@a",
                "`a",
                "{a}",
                "[a]",
                "a,b",
                "a\\b",
                "a\nb\n",
                "a\r\nb",
                "\ta",
                "\u0085",
                "\u00a0",
                "\u2028",
                "\ufeff",
                "Gr\u00fc\u00dfe",
                "\ud83d\ude80",
                "\u0007",
                "---",
                "..."
            })
    void everyText(String text) throws IOException {
        String quoted = new JsonText().of(out -> out.writeString(text));
        readsBack(file(respond(quoted)), "lb1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "-60",
                "20%",
                "/a-b",
                "a,b",
                "a]b",
                "'it''s'",
                "http://a/?b=c&d",
                "yes",
                "007",
                "|\n                a\n                 b\n\n",
                ">-\n                a\n                b\n"
            })
    void howeverItIsWritten(String yaml) throws IOException {
        readsBack(file(respond(yaml)), "lb1");
    }

    private static String respond(String body) {
        return """
               listeners:
                 web:
                   bind: ["127.0.0.1:80"]
                   protocol: http
                   routes:
                     - respond:
                         status: 200
                         body: %s
               pools: {app: {servers: ["127.0.0.1:1"], send-proxy: null, health: {tcp: {}}}}
               """
                .formatted(body);
    }

    @Test
    void theCommandPrintsItForOneHostWithoutSecrets() throws IOException {
        Path more = file("pools:\n  app: {servers: [\"127.0.0.1:1\"], health: {tcp: {}}}\n");
        Path main =
                file(
                        """
                        # What is explained here is not part of it.
                        include: [%s]
                        stats: {users: {ops: "$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/"}}
                        listeners:
                          web: {bind: ["127.0.0.1:80"], protocol: http, pool: app, timeouts: {idle: {by-host: {lb1: 7s, lb2: 8s}}}}
                        """
                                .formatted(more));
        Operator operator = new Operator();
        String[] command = {
            "check", "--print", "--color", "always", "--host", "lb2", "-c", main.toString()
        };

        assertThat(operator.says(command)).isEqualTo(ExitCode.DONE);
        String printed =
                """
                stats:
                  users:
                    ops: "(not shown)"
                listeners:
                  web:
                    bind: ["127.0.0.1:80"]
                    protocol: http
                    pool: app
                    timeouts: {idle: 8s}
                pools:
                  app:
                    servers: ["127.0.0.1:1"]
                    health: {tcp: {}}
                """;
        assertThat(operator.out())
                .isEqualTo(
                        "# %s: good: 0 virtual routers, 1 listener, 1 pool, 0 certificates\n%s"
                                .formatted(main, printed));
        assertThat(operator.err()).isEmpty();

        assertThat(operator.says("check", "--print", "--json", "--host", "lb2", "-c", main + ""))
                .isEqualTo(ExitCode.DONE);
        assertThat(JsonTree.read(operator.out()).text("configuration")).isEqualTo(printed);

        assertThat(operator.says("check", "--host", "lb3", "-c", main.toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(operator.err()).contains("has no value for the host \"lb3\"");
        assertThat(operator.says("check", "--print", "--diff", "-c", main.toString()))
                .isEqualTo(ExitCode.BAD_USAGE);
    }
}
