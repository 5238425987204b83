package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** With {@code --json} every command answers with one JSON object, of the shape the page tells. */
class MachinesTest {
    /** What is no answer, or JSON anyway. */
    private static final Set<String> WITHOUT = Set.of("run", "schema", "completion");

    @TempDir Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitCode buoy(String... args) {
        out.reset();
        err.reset();
        return new Main(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of())
                .execute(System.nanoTime(), args);
    }

    /** The answer, whose members have all to be in the row of the page that begins with this. */
    private JsonTree answer(String row) throws IOException {
        JsonTree answer = JsonTree.read(out.toString(StandardCharsets.UTF_8));
        assertThat(answer.members()).as(row).isNotEmpty();
        String page =
                Files.readString(Path.of(System.getProperty("buoy.root"), "docs", "operations.md"));
        String members =
                page.lines()
                        .filter(line -> line.matches("\\| [^|]*`" + row + "`[^|]*\\|.*"))
                        .map(line -> line.split("\\|", 4)[2])
                        .filter(cell -> cell.startsWith(" `") || cell.startsWith(" as `GET"))
                        .reduce((_, last) -> last)
                        .orElseThrow();
        if (!members.startsWith(" as `GET")) {
            Set<String> told =
                    Pattern.compile("`([a-z-]+)`")
                            .matcher(members)
                            .results()
                            .map(each -> each.group(1))
                            .collect(Collectors.toSet());
            assertThat(told).as(row).containsAll(answer.members().keySet());
            for (JsonTree list : answer.members().values()) {
                list.items().stream()
                        .limit(1)
                        .filter(_ -> row.matches("check|sessions|import"))
                        .forEach(
                                each ->
                                        assertThat(told)
                                                .as(row)
                                                .containsAll(each.members().keySet()));
            }
        }
        return answer;
    }

    @Test
    void everyCommandThatAnswersHasIt() {
        Set<String> without = new TreeSet<>();
        new CommandLine(CommandLineSpec.create())
                .getSubcommands()
                .values()
                .forEach(command -> without(command, without));
        assertThat(without).isEqualTo(new TreeSet<>(WITHOUT));
    }

    private static void without(CommandLine command, Set<String> names) {
        if (!command.getSubcommands().isEmpty()) {
            command.getSubcommands().values().forEach(each -> without(each, names));
        } else if (!command.getCommandSpec().optionsMap().containsKey(CommandLineSpec.JSON)) {
            names.add(command.getCommandName());
        }
    }

    @Test
    void whatNeedsNoRunningBuoy() throws Exception {
        assertThat(buoy("version", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(answer("version").text("version")).isEqualTo(Version.NUMBER);

        Path bad =
                Files.writeString(
                        directory.resolve("bad.yaml"),
                        """
                        pools:
                          app: {servers: {a1: "127.0.0.1:5000"}, balance: fair}
                        colour: red
                        """);
        assertThat(buoy("check", "--json", "-c", bad.toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.size()).isZero();
        JsonTree problems = answer("check").get("problems");
        assertThat(problems.items())
                .extracting(each -> each.text("path") + " " + each.number("line"))
                .containsExactlyInAnyOrder("pools.app.balance 2", "colour 3");
        assertThat(problems.items().getFirst().text("message")).isNotEmpty();
        assertThat(buoy("explain", "--json", "-c", bad.toString(), "http://127.0.0.1/"))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.size()).isZero();
        assertThat(answer("explain").get("problems").items()).hasSize(2);
        for (String[] wrong :
                new String[][] {
                    {"server", "drain", "--json", "app/*"},
                    {"pool", "pause", "--json", "a b"},
                    {"router", "resign", "--json", "a b"},
                    {"sessions", "--json", "--kill", "A"},
                    {"sessions", "--json", "--limit", "0"},
                }) {
            assertThat(buoy(wrong)).as(wrong[0]).isEqualTo(ExitCode.BAD_USAGE);
            assertThat(
                            answer(wrong[0].equals("sessions") ? "sessions --kill" : wrong[0])
                                    .text("done"))
                    .isEqualTo("false");
            assertThat(err.size()).isZero();
        }

        Path haproxy =
                Files.writeString(
                        directory.resolve("haproxy.cfg"),
                        """
                        frontend web
                            bind 127.0.0.1:8080
                            mode http
                            frobnicate all
                            default_backend app
                        backend app
                            mode http
                            server a1 127.0.0.1:5000
                        """);
        assertThat(buoy("import", "--json", haproxy.toString())).isEqualTo(ExitCode.REFUSED);
        JsonTree imported = answer("import");
        assertThat(imported.text("whole")).isEqualTo("false");
        assertThat(imported.get("remarks").items())
                .anySatisfy(
                        each -> {
                            assertThat(each.text("file")).isEqualTo(haproxy.toString());
                            assertThat(each.number("line")).isEqualTo(4);
                            assertThat(each.text("kind")).isEqualTo("left");
                            assertThat(each.text("text")).contains("frobnicate");
                        });
        assertThat(imported.text("configuration")).contains("listeners:");
    }

    @Test
    void whatAsksARunningBuoy() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("it to serve", () -> served(site));
            String socket = site.socket.toString();
            String file = site.config.toString();
            assertThat(buoy("check", "--json", "-c", file)).isEqualTo(ExitCode.DONE);
            JsonTree good = answer("check");
            assertThat(good.text("good")).isEqualTo("true");
            assertThat(good.number("pools")).isEqualTo(1);

            Files.writeString(site.config, Files.readString(site.config) + "    drain: 7s\n");
            assertThat(buoy("check", "--diff", "--json", "-c", file)).isEqualTo(ExitCode.DONE);
            assertThat(answer("check").get("reload").get("changes").items())
                    .extracting(JsonTree::text)
                    .containsExactly("pools.app.drain: added");
            Path other =
                    Files.writeString(
                            directory.resolve("other.yaml"),
                            Files.readString(site.config) + "# another\n");
            assertThat(buoy("check", "--diff", "--json", "-c", other.toString()))
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(answer("check").get("reload").text("result")).isEqualTo("refused");
            assertThat(buoy("reload", "--json", "--socket", socket)).isEqualTo(ExitCode.DONE);
            assertThat(answer("reload").text("result")).isEqualTo("applied");

            assertThat(buoy("explain", "--json", "-c", file, "http://127.0.0.1:" + site.http))
                    .isEqualTo(ExitCode.DONE);
            assertThat(answer("explain").text("listener")).isEqualTo("web");
            assertThat(buoy("explain", "--json", "-c", file, "https://127.0.0.1:1/"))
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(answer("explain").text("said")).startsWith("no listener ");
            assertThat(buoy("status", "--json", "--socket", socket)).isEqualTo(ExitCode.DONE);
            assertThat(answer("status").text("health")).isEqualTo("good");
            assertThat(buoy("status", "--check", "--json", "--socket", socket))
                    .isEqualTo(ExitCode.WELL);
            assertThat(answer("status --check").text("said")).isEqualTo("all is well");
            assertThat(buoy("sessions", "--json", "--socket", socket)).isEqualTo(ExitCode.DONE);
            answer("sessions");
            assertThat(buoy("sessions", "--json", "--kill", "none", "--socket", socket))
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(answer("sessions --kill").text("done")).isEqualTo("false");
            for (String[] command :
                    new String[][] {
                        {"server", "drain", "app/a1"},
                        {"server", "ready", "app/a1"},
                        {"server", "weight", "5", "app/a1"},
                        {"server", "maintenance", "app/a1"},
                        {"listener", "pause", "web"},
                        {"listener", "resume", "web"},
                        {"pool", "pause", "app"},
                        {"pool", "resume", "app"},
                        {"router", "resign", "none"},
                        {"router", "resume", "none"},
                    }) {
                String[] args = java.util.Arrays.copyOf(command, command.length + 3);
                args[command.length] = "--json";
                args[command.length + 1] = "--socket";
                args[command.length + 2] = socket;
                boolean there = !command[0].equals("router");
                assertThat(buoy(args))
                        .as(String.join(" ", args))
                        .isEqualTo(there ? ExitCode.DONE : ExitCode.REFUSED);
                assertThat(answer(command[0]).text("done")).isEqualTo(String.valueOf(there));
            }
            assertThat(buoy("top", "--json", "--socket", socket)).isEqualTo(ExitCode.BAD_USAGE);
            assertThat(buoy("top", "--once", "--json", "--socket", socket))
                    .isEqualTo(ExitCode.DONE);
            assertThat(answer("top --once").get("listeners").items())
                    .singleElement()
                    .satisfies(
                            web -> {
                                assertThat(web.text("name")).isEqualTo("web");
                                assertThat(web.members()).containsKey("per-second");
                            });
            assertThat(buoy("stop", "--json", "--socket", socket)).isEqualTo(ExitCode.DONE);
            assertThat(answer("stop").text("result")).isEqualTo("stopped");
            assertThat(buoy.exitCode()).isZero();
            assertThat(buoy("check", "--diff", "--json", "-c", file)).isEqualTo(ExitCode.REFUSED);
            assertThat(answer("check").text("good")).as("that is known").isEqualTo("true");
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("buoy: no buoy answers");
        }
    }

    private static boolean served(Site site) {
        try {
            return Child.get(site.http, "/").statusCode() == 200;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
