package buoy.lb.health;

import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.lb.health.Outcome.Fit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a PostgreSQL server what it is, on one kept connection: a query that reads a few values, so
 * that it can be asked many times a second and has nothing to write into its log. When that
 * connection ends in between, a new one is tried at once: the server may be going down, or somebody
 * ended our session.
 */
final class PostgresProbing implements Probing {
    /** Recovering, read-only, system identifier, timeline, written, replayed. */
    private static final String EVERYTHING =
            """
            SELECT r,
              pg_catalog.current_setting('transaction_read_only'),
              (SELECT system_identifier FROM pg_catalog.pg_control_system()),
              CASE WHEN r THEN
                GREATEST(
                  (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
                  (SELECT min_recovery_end_timeline FROM pg_catalog.pg_control_recovery()),
                  (SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver))
              ELSE
                ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))
                  ::pg_catalog.bit(32)::pg_catalog.int4
              END,
              pg_catalog.pg_wal_lsn_diff(
                CASE WHEN r THEN pg_catalog.pg_last_wal_receive_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
                '0/0'),
              CASE WHEN r THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0') END
            FROM (SELECT pg_catalog.pg_is_in_recovery() AS r) AS recovery
            """;

    /** Where the rest is not allowed or does not exist, as with some managed servers. */
    private static final String LITTLE =
            "SELECT pg_catalog.pg_is_in_recovery(),"
                    + " pg_catalog.current_setting('transaction_read_only')";

    /**
     * Who is refused for a wrong password is logged by the server each time: not so often, then.
     */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

    private final Probe.Postgres probe;
    private final Door door;
    private final Runnable soon;
    private String query = EVERYTHING;
    private @Nullable PostgresTalk kept;
    private Optional<Outcome.Failed> refusal = Optional.empty();
    private long refusedAt;

    PostgresProbing(Probe.Postgres probe, Door door, Runnable soon) {
        this.probe = probe;
        this.door = door;
        this.soon = soon;
    }

    @Override
    public Outcome ask(Duration timeout) {
        if (refusal.isPresent()) {
            if (System.nanoTime() - refusedAt < AFTER_REFUSAL.toNanos()) {
                return refusal.get();
            }
            refusal = Optional.empty();
        }
        Patience patience = new Patience(timeout);
        PostgresTalk before = kept;
        if (before != null) {
            try {
                return ask(before, patience);
            } catch (IOException _) {
                // What the end of this connection means a new one tells.
                close();
            }
        }
        try {
            PostgresTalk talk = open(patience);
            kept = talk;
            return ask(talk, patience);
        } catch (PostgresLogin.Refused refused) {
            close();
            return refused(refused);
        } catch (IOException failure) {
            close();
            return new Outcome.Failed(patience.words(failure));
        }
    }

    private PostgresTalk open(Patience patience) throws IOException {
        int port = probe.port().orElse(door.server().port());
        PostgresTalk talk = new PostgresTalk(door.postgres(port, patience), soon);
        try {
            PostgresLogin.login(
                    talk, probe.user(), probe.password().text(), probe.database(), patience);
            return talk;
        } catch (IOException failure) {
            talk.close();
            throw failure;
        }
    }

    private Outcome ask(PostgresTalk talk, Patience patience) throws IOException {
        talk.asks();
        List<Optional<String>> row;
        try {
            row = PostgresQuery.row(talk, query, patience);
        } catch (PostgresLogin.Refused refused) {
            if (!query.equals(EVERYTHING) || !isDenied(refused.sqlState())) {
                throw refused;
            }
            query = LITTLE;
            row = PostgresQuery.row(talk, query, patience);
        }
        talk.idle();
        return judge(row);
    }

    /** insufficient_privilege, feature_not_supported, undefined_function. */
    private static boolean isDenied(String sqlState) {
        return sqlState.equals("42501") || sqlState.equals("0A000") || sqlState.equals("42883");
    }

    private Outcome judge(List<Optional<String>> row) {
        boolean recovering = text(row, 0).equals("t");
        boolean readOnly = text(row, 1).equals("on");
        Role is = recovering ? Role.REPLICA : Role.PRIMARY;
        Report report =
                new Report(
                        is,
                        text(row, 2),
                        Math.toIntExact(Math.min(number(row, 3), Integer.MAX_VALUE)),
                        number(row, 4),
                        number(row, 5));
        if (is != probe.role()) {
            return new Outcome.Clear(
                    Fit.OTHER_ROLE, recovering ? "in recovery" : "primary", Optional.of(report));
        }
        return !recovering && readOnly
                ? new Outcome.Clear(Fit.NO, "read-only", Optional.of(report))
                : new Outcome.Clear(
                        Fit.YES, recovering ? "replica" : "primary", Optional.of(report));
    }

    private static String text(List<Optional<String>> row, int column) {
        return column < row.size() ? row.get(column).orElse("") : "";
    }

    private static long number(List<Optional<String>> row, int column) {
        String text = text(row, column);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private Outcome refused(PostgresLogin.Refused refused) {
        String why = String.valueOf(refused.getMessage());
        return switch (refused.sqlState()) {
            // admin_shutdown, crash_shutdown, cannot_connect_now: it says itself that it is of no
            // use.
            case "57P01", "57P02", "57P03" -> new Outcome.Clear(Fit.NO, why, Optional.empty());
            default -> {
                Outcome.Failed failed = new Outcome.Failed(why);
                if (refused.isForGood()) {
                    refusal = Optional.of(failed);
                    refusedAt = System.nanoTime();
                }
                yield failed;
            }
        };
    }

    @Override
    public void close() {
        PostgresTalk open = kept;
        if (open != null) {
            kept = null;
            open.close();
        }
    }
}
