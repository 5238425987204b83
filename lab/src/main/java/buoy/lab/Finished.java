package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command that ran to its end.
 *
 * @param exit its exit status
 * @param output what it wrote, standard output and standard error together
 */
public record Finished(List<String> argv, int exit, String output) {
    public Finished {
        argv = List.copyOf(argv);
    }

    /** Runs a command on this machine, outside every lab, and waits for its end. */
    public static Finished of(String... argv) {
        return of(List.of(argv));
    }

    static Finished of(List<String> argv) {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Finished(argv, process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabFailed("interrupted while waiting for " + String.join(" ", argv), e);
        }
    }

    /**
     * Its output, where success is taken for granted.
     *
     * @return what it wrote, without the blanks around it
     * @throws LabFailed if it did not exit with 0
     */
    public String orFail() {
        if (exit != 0) {
            throw new LabFailed(
                    "%s: exit %d: %s".formatted(String.join(" ", argv), exit, output.strip()));
        }
        return output.strip();
    }
}
