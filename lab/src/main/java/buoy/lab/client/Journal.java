package buoy.lab.client;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Where every attempt is written down, one line each, by any thread. */
final class Journal {
    private final PrintWriter out;

    Journal(PrintStream to) {
        this.out = new PrintWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), false);
    }

    synchronized void write(Attempt attempt) {
        out.println(attempt.line());
    }

    /** An attempt that ends now. */
    void write(String role, Instant start, String outcome, String detail) {
        write(new Attempt(role, start, Instant.now(), outcome, detail));
    }

    synchronized void flush() {
        out.flush();
    }
}
