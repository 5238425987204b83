package buoy.daemon;

import buoy.daemon.admin.AdminClient;
import buoy.daemon.admin.Answer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** {@code reload}, {@code stop}, {@code status}: each is one request on the admin socket. */
final class TalkCommands {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final PrintStream out;
    private final PrintStream err;
    private final AdminClient client;
    private final Duration patience;

    TalkCommands(PrintStream out, PrintStream err, Path socket, Duration patience) {
        this.out = out;
        this.err = err;
        this.client = new AdminClient(socket, patience);
        this.patience = patience;
    }

    ExitCode status(boolean json) {
        return ask("GET", "/api/v1/status", json ? Answer.JSON : "text/plain");
    }

    ExitCode reload() {
        return ask("POST", "/api/v1/reload", "text/plain");
    }

    /** Asks for the stop, then waits until nobody answers any more. */
    ExitCode stop() {
        ExitCode asked = ask("POST", "/api/v1/stop", "text/plain");
        if (asked != ExitCode.DONE) {
            return asked;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (client.answers()) {
            if (System.nanoTime() - deadline > 0) {
                err.println("buoy: still stopping after " + patience.toSeconds() + " s");
                return ExitCode.REFUSED;
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return ExitCode.REFUSED;
            }
        }
        out.println("stopped");
        return ExitCode.DONE;
    }

    private ExitCode ask(String method, String path, String accept) {
        Answer answer;
        try {
            answer = client.ask(method, path, accept);
        } catch (IOException e) {
            err.println("buoy: " + e.getMessage());
            return ExitCode.REFUSED;
        }
        if (answer.status() < 300) {
            out.print(answer.body());
            return ExitCode.DONE;
        }
        err.print(answer.body());
        // 422: what was sent is understood and wrong (RFC 9110 15.5.21): here, the configuration.
        return answer.status() == 422 ? ExitCode.BAD_CONFIGURATION : ExitCode.REFUSED;
    }
}
