package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code buoy top} on a terminal, made by script(1) of util-linux. */
class TopTest {
    private static final String ENTERED = "\033[?1049h";
    private static final String LEFT = "\033[?1049l";

    @TempDir Path directory;

    /** A shell on a terminal of its own that runs top and says what the terminal was and is. */
    private final class Terminal implements AutoCloseable {
        private final Path seen = directory.resolve("seen");
        private final Process script;

        Terminal(Site site) throws IOException {
            // What runs the tests may ignore some signals, and who ignores them bequeaths that.
            String top = Child.command("top", "--socket", site.socket.toString());
            Path shell =
                    Files.writeString(
                            directory.resolve("shell"),
                            """
                            stty rows 30 columns 100
                            echo "before $(stty -g)"
                            sh -c 'echo $$ >%1$s/pid; exec env --default-signal %2$s'
                            echo "ended $?"
                            echo "after $(stty -g)"
                            """
                                    .formatted(directory, top));
            script =
                    new ProcessBuilder("script", "-q", "-f", "-c", "sh " + shell, seen.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectErrorStream(true)
                            .start();
        }

        String seen() {
            try {
                return Files.exists(seen) ? Files.readString(seen, StandardCharsets.UTF_8) : "";
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void awaits(String what) {
            Child.await(
                    "the terminal to show " + what + ", and not " + seen(),
                    () -> seen().contains(what));
        }

        void press(String keys) throws IOException {
            OutputStream in = script.getOutputStream();
            in.write(keys.getBytes(StandardCharsets.US_ASCII));
            in.flush();
        }

        /** What was shown after the picture was left. */
        void isGivenBack() throws InterruptedException {
            assertThat(script.waitFor(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            String all = seen();
            List<String> modes =
                    all.lines()
                            .filter(line -> line.contains("before ") || line.contains("after "))
                            .map(line -> line.replaceFirst(".*(before|after) ", ""))
                            .toList();
            assertThat(modes).hasSize(2);
            assertThat(modes.getFirst()).isEqualTo(modes.getLast());
            assertThat(all.indexOf(LEFT)).isGreaterThan(all.indexOf(ENTERED));
            assertThat(all.substring(all.indexOf(LEFT))).contains("ended 0");
        }

        void signal(String name) throws Exception {
            String pid = Files.readString(directory.resolve("pid")).strip();
            new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
        }

        @Override
        public void close() {
            script.destroyForcibly();
        }
    }

    @Test
    void drawsAgainAndAgainSortsAndEndsWithQ() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config);
                Terminal terminal = new Terminal(site)) {
            terminal.awaits(ENTERED);
            terminal.awaits("app/a1");
            terminal.awaits("first by rate");
            assertThat(terminal.seen()).contains("LISTENER", "PER S", "P99.9", "q quit");
            terminal.press("l");
            terminal.awaits("first by p99");
            try (Child drain = drain(directory, site)) {
                assertThat(drain.exitCode()).isZero();
            }
            terminal.awaits("server app/a1: drain, was up");
            terminal.press("q");
            terminal.isGivenBack();
            assertThat(buoy.alive()).isTrue();
        }
    }

    private static Child drain(Path directory, Site site) throws IOException {
        return Child.start(
                directory,
                Map.of(),
                "server",
                "drain",
                "app/a1",
                "--socket",
                site.socket.toString());
    }

    @Test
    void fitsTheTerminalAndGivesItBackWhenItIsEndedBySignal() throws Exception {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Path own = Files.createDirectory(directory.resolve(signal));
            try (Site site = new Site(own);
                    Child buoy = Child.running(own, site.config);
                    Terminal terminal = new Terminal(site)) {
                terminal.awaits("q quit");
                String all = terminal.seen();
                String picture = all.substring(all.indexOf("\033[H"));
                picture = picture.substring(0, picture.indexOf("\033[J"));
                assertThat(picture.split("\r\n", -1)).hasSizeLessThanOrEqualTo(30);
                assertThat(picture.replaceAll("\033\\[[?0-9]*[a-zA-Z]", "").split("\r\n", -1))
                        .allMatch(line -> line.length() <= 100);
                terminal.signal(signal);
                terminal.isGivenBack();
                assertThat(buoy.alive()).isTrue();
            }
            Files.delete(directory.resolve("seen"));
        }
    }

    @Test
    void aLostBuoyIsSaidAndWaitedFor() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config);
                Terminal terminal = new Terminal(site)) {
            terminal.awaits("q quit");
            buoy.signal("TERM");
            assertThat(buoy.exitCode()).isZero();
            terminal.awaits("no buoy answers at");
            terminal.press("q");
            terminal.isGivenBack();
        }
    }

    @Test
    void withoutATerminalItSaysWhatToDoAndPrintsOnce() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            try (Child top =
                    Child.start(directory, Map.of(), "top", "--socket", site.socket.toString())) {
                assertThat(top.exitCode()).isEqualTo(1);
                assertThat(top.err()).contains("standard output is none (use buoy top --once");
            }
            try (Child top =
                    Child.start(
                            directory,
                            Map.of(),
                            "top",
                            "--once",
                            "--socket",
                            site.socket.toString())) {
                assertThat(top.exitCode()).isZero();
                assertThat(top.out()).startsWith("buoy ").contains("app/a1").doesNotContain("\033");
            }
            assertThat(buoy.alive()).isTrue();
        }
    }
}
