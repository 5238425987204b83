package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.LogSettings;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Handler;
import buoy.daemon.admin.Request;
import buoy.daemon.admin.Visitor;
import buoy.daemon.events.Events;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Log;
import buoy.daemon.status.Samples;
import buoy.lb.pool.Doing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

/** docs/operations.md names what there is, all of it and nothing else. */
class OperationsPageTest {
    private String page = "";

    @BeforeEach
    void read() throws IOException {
        page = Files.readString(Path.of(System.getProperty("buoy.root"), "docs", "operations.md"));
    }

    private List<MatchResult> rows(String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(page).results().toList();
    }

    private Set<String> first(String pattern) {
        return rows(pattern).stream()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void namesEveryCommandAndNoOther() {
        assertThat(first("^\\| `buoy (\\w+)"))
                .isEqualTo(new TreeSet<>(CommandLineSpec.create().subcommands().keySet()));
    }

    /** What the program has promised to have, whatever the code makes of it. */
    private static final String PROMISED =
            """
            run -c
            check -c
            reload
            stop
            status --json
            top
            server drain
            server ready
            server maintenance
            server weight
            listener pause
            listener resume
            pool pause
            pool resume
            router resign
            router resume
            sessions --kill
            explain
            schema
            vrrp watch -i
            import
            version
            """;

    @Test
    void namesEveryCommandThatIsPromised() {
        for (String promise : PROMISED.lines().toList()) {
            CommandLine command = new CommandLine(CommandLineSpec.create());
            for (String word : promise.split(" ", -1)) {
                if (word.startsWith("-")) {
                    assertThat(command.getCommandSpec().optionsMap()).as(promise).containsKey(word);
                } else {
                    assertThat(command.getSubcommands()).as(promise).containsKey(word);
                    command = Objects.requireNonNull(command.getSubcommands().get(word));
                }
            }
            assertThat(page).contains("| `buoy " + promise.replaceFirst(" -.*", ""));
        }
    }

    /**
     * Each command with what stands behind it, as the page spells them and as the code has them.
     */
    @Test
    void namesTheSameCommandsOfCommands() {
        Set<String> there = new TreeSet<>();
        CommandLineSpec.create()
                .subcommands()
                .forEach(
                        (name, command) -> {
                            if (command.getSubcommands().isEmpty()) {
                                there.add(name);
                            }
                            command.getSubcommands()
                                    .keySet()
                                    .forEach(verb -> there.add(name + " " + verb));
                        });
        assertThat(first("^\\| `buoy ([a-z]+(?: [a-z]+)?)")).isEqualTo(there);
    }

    /** What completes the commands is made of the same model; this holds what is made of it. */
    @Test
    void everyCommandIsCompleted() {
        String script = AutoComplete.bash("buoy", new CommandLine(CommandLineSpec.create()));
        for (String command : CommandLineSpec.create().subcommands().keySet()) {
            assertThat(script).containsPattern("commands=\"[^\"]*\\b" + command + "\\b");
        }
    }

    @Test
    void namesEveryStateOfSessions() {
        String table = page.substring(page.indexOf("| state | what it is doing |"));
        table = table.substring(0, table.indexOf("\n\n"));
        assertThat(
                        Pattern.compile("^\\| `([a-z]+)`", Pattern.MULTILINE)
                                .matcher(table)
                                .results()
                                .map(row -> row.group(1)))
                .containsExactlyElementsOf(
                        Arrays.stream(Doing.State.values()).map(Object::toString).toList());
    }

    @Test
    void namesEveryOptionOfEveryCommand() {
        CommandLineSpec.create().subcommands().values().forEach(this::namesOptionsOf);
    }

    private void namesOptionsOf(CommandLine command) {
        for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
            assertThat(option.names())
                    .as("options of %s", command.getCommandName())
                    .anySatisfy(name -> assertThat(page).contains(name));
        }
        command.getSubcommands().values().forEach(this::namesOptionsOf);
    }

    @Test
    void namesEveryExitCode() {
        Set<String> codes = new TreeSet<>();
        for (ExitCode code : ExitCode.USUAL) {
            codes.add(String.valueOf(code.number));
        }
        assertThat(first("^\\| (\\d) \\|")).isEqualTo(codes);
    }

    @Test
    void namesEveryMetricWithItsTypeAndNoOther() {
        Set<String> listed =
                rows("^\\| `(buoy_\\w+)` \\| (\\w+) \\|").stream()
                        .map(row -> row.group(1) + " " + row.group(2))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> exposed =
                Samples.metrics(Samples.good())
                        .lines()
                        .filter(line -> line.startsWith("# TYPE "))
                        .map(line -> line.substring("# TYPE ".length()))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(exposed);
    }

    private static final Log LOG =
            Log.open(
                    new LogSettings(LogSettings.Level.ERROR, LogSettings.Format.TEXT),
                    new PrintStream(
                            OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

    @Test
    void everyRequestItNamesIsAnsweredWhereItSays() throws Exception {
        Api api = new WillingCommands().api();
        List<MatchResult> rows =
                rows("^\\| `(GET|POST) (\\S+)` \\| (both|admin socket(?:, page)?) \\|");
        assertThat(rows).hasSize(23);
        for (MatchResult row : rows) {
            Request request = Request.of(row.group(1), row.group(2));
            assertThat(status(api.admin(), request)).as(row.group()).isBetween(200, 299);
            if (row.group(3).equals("both")) {
                assertThat(status(api.stats(LOG), request)).as(row.group()).isEqualTo(200);
            } else {
                int otherwise = row.group(1).equals("GET") ? 404 : 405;
                assertThat(status(api.stats(LOG), request)).as(row.group()).isEqualTo(otherwise);
            }
        }
    }

    @Test
    void namesEveryKindOfEventAndNoOther() {
        Set<String> kinds = new TreeSet<>(Set.of(Events.LOST));
        for (EventKind kind : EventKind.values()) {
            kinds.add(kind.word());
        }
        String table = page.substring(page.indexOf("| event | when |"));
        table = table.substring(0, table.indexOf("\n\n"));
        assertThat(
                        table.lines()
                                .skip(2)
                                .map(line -> line.substring(0, line.indexOf('|', 1)))
                                .flatMap(cell -> Pattern.compile("[a-z-]+").matcher(cell).results())
                                .map(MatchResult::group))
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    /** Somebody who has logged in may do what the page says, and no more. */
    @Test
    void everyActionItNamesIsDoneForWhoHasLoggedIn() throws Exception {
        Set<String> done = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (MatchResult row : rows("^\\| `POST (\\S+)` \\| admin socket")) {
            Request request =
                    new Request(
                            "POST",
                            row.group(1),
                            Map.of(Actions.TOKEN, "token"),
                            "",
                            Optional.empty(),
                            Optional.of(new Visitor("ops", Optional.of("token"))));
            (status(new WillingCommands().api().stats(LOG), request) == 200 ? done : refused)
                    .add(row.group(1));
        }
        assertThat(refused)
                .containsExactly(
                        "/api/v1/reload",
                        "/api/v1/sessions/ID/kill",
                        "/api/v1/stop",
                        "/api/v1/upgrade");
        assertThat(done).hasSize(10);
        assertThat(done)
                .allMatch(path -> page.contains("| `POST " + path + "` | admin socket, page |"));
    }

    private static int status(Handler handler, Request request) throws Exception {
        Answer answer = handler.answer(request).toCompletableFuture().get();
        return answer.status();
    }
}
