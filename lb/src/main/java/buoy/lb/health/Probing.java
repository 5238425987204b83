package buoy.lb.health;

import buoy.config.model.Health.Probe;
import java.time.Duration;

/**
 * Asks one server, again and again; may keep a connection in between. Used by one thread, but for
 * what it hears meanwhile.
 */
interface Probing extends AutoCloseable {
    /** Asks once. Blocks, at most for {@code timeout}. */
    Outcome ask(Duration timeout);

    @Override
    void close();

    /**
     * What asks the server for this.
     *
     * @param soon to be run, on any thread, when something suggests to ask before it is time
     */
    static Probing of(Probe probe, Door server, Runnable soon) {
        return switch (probe) {
            case Probe.Tcp tcp -> new TcpProbing(tcp, server);
            case Probe.Agent agent -> new AgentProbing(agent, server);
            case Probe.Http http -> new HttpProbing(http, server);
            case Probe.Patroni patroni -> new PatroniProbing(patroni, server);
            case Probe.Postgres postgres -> new PostgresProbing(postgres, server, soon);
        };
    }
}
