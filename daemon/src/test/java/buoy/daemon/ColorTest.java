package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Colours are for who looks: on a terminal, which script(1) of util-linux makes, and nowhere else.
 */
class ColorTest {
    private static final String ESCAPE = "\033";

    @TempDir Path directory;

    /** What a shell's command shows on a terminal. */
    private String onTerminal(String command) throws Exception {
        Path seen = directory.resolve("seen");
        Process script =
                new ProcessBuilder("script", "-q", "-c", command, seen.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectErrorStream(true)
                        .start();
        script.getOutputStream().close();
        assertThat(script.waitFor(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return shown(seen);
    }

    /** Without the lines in which script(1) tells of itself. */
    private static String shown(Path seen) throws IOException {
        StringBuilder shown = new StringBuilder();
        Files.readString(seen, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("Script "))
                .forEach(line -> shown.append(line).append('\n'));
        return shown.toString();
    }

    private static String without(String shown) {
        return shown.replaceAll("\033\\[[0-9]*m", "");
    }

    @Test
    void onATerminalAndNowhereElse() throws Exception {
        Path bad =
                Files.writeString(
                        directory.resolve("bad.yaml"),
                        "pools:\n  app: {servers: {a1: \"127.0.0.1:5000\"}, balance: fair}\n");
        String check = Child.command("check", "-c", bad.toString());
        String coloured = onTerminal("TERM=xterm NO_COLOR= " + check);
        assertThat(coloured).contains(ESCAPE + "[31mpools.app.balance:" + ESCAPE + "[0m ");
        String plain = without(coloured);
        assertThat(plain).startsWith(bad + ":2:");
        assertThat(onTerminal("TERM=xterm NO_COLOR=1 " + check)).isEqualTo(plain);
        assertThat(onTerminal("TERM=dumb NO_COLOR= " + check)).isEqualTo(plain);
        assertThat(onTerminal("TERM=xterm NO_COLOR= " + check + " --color never")).isEqualTo(plain);
        assertThat(onTerminal("TERM=xterm NO_COLOR= " + check + " 2>&1 | cat")).isEqualTo(plain);
        assertThat(onTerminal("TERM=xterm NO_COLOR=1 " + check + " --color always 2>&1 | cat"))
                .isEqualTo(coloured);
    }

    @Test
    void theStatusIsTheSameInColoursAndWithout() throws Exception {
        try (Site site = new Site(directory);
                Child _ = Child.running(directory, site.config)) {
            Child.await(
                    "the server to be up",
                    () -> {
                        try {
                            return Child.get(site.http, "/").statusCode() == 200;
                        } catch (IOException | InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    });
            String status = Child.command("status", "--socket", site.socket.toString());
            String coloured = onTerminal("TERM=xterm NO_COLOR= " + status);
            assertThat(coloured)
                    .contains(ESCAPE + "[32mAll is well." + ESCAPE + "[0m", ESCAPE + "[32mup");
            String piped = onTerminal("TERM=xterm NO_COLOR= " + status + " | cat");
            assertThat(piped).doesNotContain(ESCAPE).contains("All is well.");
            assertThat(titles(without(coloured))).isEqualTo(titles(piped));
            assertThat(onTerminal("TERM=xterm NO_COLOR= " + status + " --json"))
                    .doesNotContain(ESCAPE);
        }
    }

    /** Columns may be wider by what was counted meanwhile. */
    private static String titles(String status) {
        return status.lines()
                .filter(line -> line.contains("STATE"))
                .findFirst()
                .orElseThrow()
                .replaceAll(" +", " ");
    }
}
