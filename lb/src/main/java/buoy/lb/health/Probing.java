package buoy.lb.health;

import buoy.config.model.Health.Probe;
import buoy.lb.pool.Server;
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
     * @param door how to come to it
     * @param soon to be run, on any thread, when something suggests to ask before it is time
     * @param programs runs those that are not ours
     */
    static Probing of(Probe probe, Server server, Door door, Runnable soon, Programs programs) {
        return switch (probe) {
            case Probe.Tcp tcp -> new TcpProbing(tcp, door);
            case Probe.Agent agent -> new AgentProbing(agent, door);
            case Probe.Http http -> new HttpProbing(http, door);
            case Probe.Patroni patroni -> new PatroniProbing(patroni, door);
            case Probe.Postgres postgres -> new PostgresProbing(postgres, door, soon);
            case Probe.External external -> new ExternalProbing(external, server, door, programs);
            case Probe.Grpc grpc -> new GrpcProbing(grpc, door);
        };
    }
}
