package buoy.lab.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A run of psql. It would wait for ever for a host that died with its question; so it asks after
 * two seconds of silence whether its peer is there.
 */
final class PsqlVisit implements Arrivals.Visit {
    /** Not the wrapper in the path: that one starts an interpreter each time. */
    private static final String PROGRAM = "/usr/lib/postgresql/15/bin/psql";

    private final String target;

    PsqlVisit(String host, String port) {
        this.target =
                ("host=%s port=%s user=postgres password=lab dbname=postgres connect_timeout=%d"
                                + " keepalives_idle=2 keepalives_interval=1 keepalives_count=5")
                        .formatted(host, port, Arrivals.PATIENCE.toSeconds());
    }

    @Override
    public Arrivals.Outcome visit() throws InterruptedException {
        try {
            Process psql =
                    new ProcessBuilder(PROGRAM, "-X", "-A", "-t", "-c", Arrivals.QUESTION, target)
                            .redirectErrorStream(true)
                            .start();
            psql.getOutputStream().close();
            String said =
                    new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .replace('\n', ' ');
            int exit = psql.waitFor();
            return new Arrivals.Outcome(exit == 0 ? Attempt.OK : "exit-" + exit, said);
        } catch (IOException e) {
            return new Arrivals.Outcome("psql-does-not-run", String.valueOf(e.getMessage()));
        }
    }
}
