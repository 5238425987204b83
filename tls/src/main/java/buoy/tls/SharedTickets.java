package buoy.tls;

import java.time.Instant;
import java.util.List;

/**
 * Tickets under keys that other hosts have as well. Workers take {@link #keys}, one other thread
 * looks.
 */
final class SharedTickets implements Resumption {
    private final TicketSource source;
    private final TicketSchedule schedule;
    private final byte[] scope;
    private List<TicketSecret> secrets;
    private long period;

    /** Replaced, never changed. */
    private volatile List<TicketKey> keys;

    /**
     * @param scope see {@link TicketSchedule#scope}
     */
    SharedTickets(TicketSource source, byte[] scope, Instant now) {
        this.source = source;
        this.schedule = source.schedule();
        this.scope = scope.clone();
        this.secrets = source.secrets();
        this.period = schedule.period(now);
        this.keys = schedule.keys(secrets, this.scope, period);
    }

    /** The first is for new tickets, all open old ones. The same list until they change. */
    List<TicketKey> keys() {
        return keys;
    }

    @Override
    public void look(Instant now) {
        List<TicketSecret> held = source.secrets();
        long current = schedule.period(now);
        if (held != secrets || current != period) {
            secrets = held;
            period = current;
            keys = schedule.keys(held, scope, current);
        }
    }

    @Override
    public Engines engines(Identity identity, Terms terms) {
        return Engines.tcnative(identity, terms, this);
    }

    @Override
    public boolean staples() {
        return true;
    }
}
