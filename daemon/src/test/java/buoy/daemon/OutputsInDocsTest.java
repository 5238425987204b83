package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.LogSettings;
import buoy.daemon.command.Runner;
import buoy.daemon.log.Log;
import buoy.daemon.notify.Notifier;
import buoy.lb.BalancerEvent;
import buoy.lb.pool.ServerHealth;
import buoy.linux.Kernel;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages show as printed is printed. */
class OutputsInDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));

    /**
     * What a block may be that shows nothing printed: a configuration, what is typed, a file of
     * another program, or a picture. What {@code console} blocks show is held by packaging/follow.
     */
    private static final Set<String> NOT_PRINTED =
            Set.of("yaml", "yaml wrong", "sh", "console", "nginx", "ini", "sql", "text");

    @Test
    void everyBlockIsAskedForByATest() throws IOException {
        String tests = tests();
        Set<String> unheld = new TreeSet<>();
        int held = 0;
        for (Shown block : Shown.all()) {
            String page = block.place().replaceAll(":.*", "");
            String asks =
                    "block(\"%s\", \"%s\")".formatted(page, block.kind().replace("text ", ""));
            if (block.kind().startsWith("text ") && tests.contains(asks)) {
                held++;
            } else if (!NOT_PRINTED.contains(block.kind())) {
                unheld.add(block.place() + ": ```" + block.kind());
            }
        }
        assertThat(unheld).isEmpty();
        assertThat(held).isGreaterThan(5);
    }

    /** All tests of this module, a line each between their blanks. */
    private static String tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("daemon/src/test/java"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
            return all.toString().replaceAll("\\s*\\n\\s*", "").replaceAll(",\"", ", \"");
        }
    }

    /** Those that are followed have their output compared; a page with another console is none. */
    @Test
    void whatConsolesShowIsFollowed() throws IOException {
        Set<String> consoles =
                Shown.all().stream()
                        .filter(block -> block.kind().equals("console"))
                        .map(block -> block.place().replaceAll(":.*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(
                        Pattern.compile("(?m)^\\t.*packaging/follow .*$")
                                .matcher(Files.readString(ROOT.resolve("Makefile")))
                                .results()
                                .flatMap(
                                        line ->
                                                Pattern.compile("docs/(\\S+)")
                                                        .matcher(line.group())
                                                        .results()))
                .extracting(page -> page.group(1))
                .containsExactlyInAnyOrderElementsOf(consoles);
    }

    @Test
    void theLogIsAsItIsShown() throws Exception {
        Shown.block("operations.md", "log").is(logged(LogSettings.Format.TEXT, 2));
        Shown.block("operations.md", "log as json").is(logged(LogSettings.Format.JSON, 1));
    }

    private static String logged(LogSettings.Format format, int lines) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Log log =
                Log.open(
                        new LogSettings(LogSettings.Level.INFO, format),
                        new PrintStream(written, false, StandardCharsets.UTF_8));
        try (Notifier notifier = new Notifier(new Runner(Kernel.load()), log)) {
            new VrrpLog(log, notifier, () -> {})
                    .on(
                            new VrrpEvent.Transition(
                                    "web",
                                    RouterState.BACKUP,
                                    RouterState.ACTIVE,
                                    "no active router heard for 0.361s",
                                    100));
            new BalancerLog(log, (_, _) -> {})
                    .event(
                            new BalancerEvent.ServerChanged(
                                    "app",
                                    "app2",
                                    ServerHealth.State.UP,
                                    new ServerHealth(
                                            ServerHealth.State.DOWN,
                                            Instant.EPOCH,
                                            "Connection refused")));
        }
        log.close();
        List<String> all = written.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(all).hasSize(2);
        return String.join("\n", all.subList(0, lines)) + "\n";
    }

    @Test
    void theRotationIsThatOfThePackage() throws IOException {
        assertThat(Files.readString(ROOT.resolve("packaging/files/logrotate")))
                .endsWith("\n" + Shown.block("operations.md", "logrotate").text());
    }

    /** What the text of a page quotes, as the code that says it has it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    operations.md | Not live since    | daemon/src/main/java/buoy/daemon/page/PageScript.java
                    acme.md       | no listener can answer the CA | config/src/main/java/buoy/config/AcmeReader.java
                    acme.md       | the other end has another key | daemon/src/main/java/buoy/daemon/peer/PinnedKey.java
                    acme.md       | it could not be kept          | daemon/src/main/java/buoy/daemon/acme/Orders.java
                    postgres.md   | while the session began; connect again | lb/src/main/java/buoy/lb/postgres/Refusal.java
                    postgres.md   | the database server was lost  | lb/src/main/java/buoy/lb/postgres/Refusal.java
                    """)
    void whatIsQuotedIsSaid(String page, String words, String source) throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs").resolve(page))).contains(words);
        assertThat(Files.readString(ROOT.resolve(source))).contains(words);
    }

    /** The test of this test. */
    @Test
    void whatIsAnotherOutputIsFound() {
        Shown shown =
                new Shown(
                        "page.md:1",
                        "text status",
                        """
                        buoy (969263c38006) up 12s ...
                          app1  up  12s
                        """);
        shown.is("buoy (3002e154be75) up 1.5s (what)\n   app1 up 3m\n");
        for (String other :
                List.of(
                        "buoy (3002e154be75) up 1.5s \n  app2  up  3m\n",
                        "buoy (3002e154be75) up soon \n  app1  up  3m\n",
                        "buoy (3002e154be7) up 1.5s \n  app1  up  3m\n",
                        "buoy (3002e154be75) up 1.5s \n  app1  up  3m\nmore\n")) {
            assertThat(other)
                    .satisfies(
                            text ->
                                    assertThatThrownBy(() -> shown.is(text))
                                            .isInstanceOf(AssertionError.class));
        }
    }
}
