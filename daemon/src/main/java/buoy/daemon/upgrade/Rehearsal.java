package buoy.daemon.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the program that is installed now says of the configuration ({@code buoy check}). */
public final class Rehearsal {
    private static final int MOST_BYTES = 64 * 1024;
    private static final String RUN = "run";

    private Rehearsal() {}

    /**
     * Asks it. Waits.
     *
     * @param run the command that this process was started by
     * @return what it says against it, a line each; empty if nothing
     * @throws IOException if it cannot be started, or does not end in time
     */
    public static List<String> problems(List<String> run, Duration patience) throws IOException {
        Process process = new ProcessBuilder(check(run)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        CompletableFuture<String> said = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> read(process.getInputStream(), said));
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UpgradeFailed(
                        "it checks the configuration for longer than %d s"
                                .formatted(patience.toSeconds()));
            }
            return process.exitValue() == 0 ? List.of() : problems(process.exitValue(), said);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UpgradeFailed("waiting for it was broken off");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The command, with {@code check} for {@code run}: a file may have that name as well. */
    static List<String> check(List<String> run) throws UpgradeFailed {
        List<String> check = new ArrayList<>(run);
        int at = check.lastIndexOf(RUN);
        while (at > 0 && check.get(at - 1).matches("-c|--config")) {
            at = check.subList(0, at).lastIndexOf(RUN);
        }
        if (at < 0) {
            throw new UpgradeFailed("how this process was started is not known: " + run);
        }
        check.set(at, "check");
        return check;
    }

    private static void read(InputStream from, CompletableFuture<String> said) {
        try (from) {
            said.complete(new String(from.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            said.completeExceptionally(new UncheckedIOException(e));
        }
    }

    private static List<String> problems(int exitCode, CompletableFuture<String> said) {
        List<String> lines =
                new ArrayList<>(
                        said.completeOnTimeout("", 5, TimeUnit.SECONDS).join().lines().toList());
        lines.add("`buoy check` of the program that is installed now: exit code " + exitCode);
        return lines;
    }
}
