package buoy.lb.journal;

import java.io.IOException;
import java.io.PrintStream;

/** Standard output, which the log of this process writes to as well: whole lines in one call. */
final class StdoutOutlet implements Outlet {
    private final PrintStream out;

    StdoutOutlet(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] lines, int length, Severity severity) throws IOException {
        out.write(lines, 0, length);
        out.flush();
        if (out.checkError()) {
            throw new IOException("standard output takes nothing");
        }
    }

    @Override
    public void check(boolean anew) {}

    @Override
    public void close() {}
}
