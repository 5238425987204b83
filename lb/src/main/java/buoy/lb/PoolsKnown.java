package buoy.lb;

import buoy.config.model.ServerAddress;
import buoy.lb.pool.Met;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a balancer knows of its pools, and what operators want of them, for that of another process.
 */
public record PoolsKnown(List<PoolKnown> pools) {
    public static final PoolsKnown NOTHING = new PoolsKnown(List.of());

    public PoolsKnown {
        pools = List.copyOf(pools);
    }

    /**
     * One pool.
     *
     * @param paused since when, if it is
     * @param met who is to meet which server again
     */
    public record PoolKnown(
            String name, Optional<Instant> paused, List<ServerKnown> servers, List<Met> met) {
        public PoolKnown {
            servers = List.copyOf(servers);
            met = List.copyOf(met);
        }
    }

    /**
     * One server.
     *
     * @param address as configured
     */
    public record ServerKnown(
            String name, String address, ServerHealth health, Server.Orders orders) {}

    /**
     * What is known of a pool.
     *
     * @param mostMet of those who are to meet a server again
     */
    static PoolKnown of(Pool pool, int mostMet) {
        return new PoolKnown(
                pool.name(),
                pool.paused(),
                pool.servers().stream()
                        .map(
                                server ->
                                        new ServerKnown(
                                                server.name(),
                                                server.configured().toString(),
                                                server.health(),
                                                server.orders()))
                        .toList(),
                pool.met(mostMet));
    }

    /** Makes it known to a pool in which nothing has happened yet. */
    void tell(Pool pool) {
        pools.stream()
                .filter(known -> known.name().equals(pool.name()))
                .forEach(known -> tell(pool, known));
    }

    private static void tell(Pool pool, PoolKnown known) {
        Map<String, ServerKnown> byName =
                known.servers().stream()
                        .collect(Collectors.toMap(ServerKnown::name, each -> each, (a, _) -> a));
        for (Server server : pool.servers()) {
            ServerKnown each = byName.get(server.name());
            if (each != null) {
                tell(pool, server, each);
            }
        }
        pool.catchUp();
        known.paused().ifPresent(pool::pause);
        pool.remember(known.met());
    }

    private static void tell(Pool pool, Server server, ServerKnown known) {
        // As after a reload: orders are for the name.
        if (!known.orders().equals(server.orders())) {
            pool.order(server, known.orders());
        }
        // One that is nowhere yet has to be looked up first, and one that is not checked is up.
        boolean isChecked = pool.config().health().isPresent();
        boolean isThere =
                !(server.configured() instanceof ServerAddress.Named)
                        && server.configured().toString().equals(known.address());
        if (isChecked && isThere && known.health().state() != ServerHealth.State.UNKNOWN) {
            var _ = pool.health(server, known.health());
        }
    }
}
