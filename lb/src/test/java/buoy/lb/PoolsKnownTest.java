package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Configs;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one process knows of pools, in the pools of another. */
class PoolsKnownTest {
    private static final Endpoint A = Configs.loopback(1);
    private static final Endpoint B = Configs.loopback(2);
    private static final ServerHealth DOWN =
            new ServerHealth(State.DOWN, Instant.EPOCH, "connection refused");
    private static final ServerHealth UP = new ServerHealth(State.UP, Instant.EPOCH, "connected");
    private static final Server.Orders ORDERS =
            new Server.Orders(Duty.DRAIN, Instant.EPOCH, OptionalInt.of(3));

    private static Pool checked(Endpoint... servers) {
        return new Pool(
                Configs.pool(
                        "app",
                        new Balance.RoundRobin(),
                        Optional.of(Configs.health(new Probe.Tcp())),
                        OnDown.KEEP_SESSIONS,
                        servers),
                1);
    }

    private static PoolsKnown known() {
        Pool pool = checked(A, B);
        pool.health(pool.servers().getFirst(), DOWN);
        pool.order(pool.servers().getFirst(), ORDERS);
        pool.pause(Instant.EPOCH);
        return new PoolsKnown(List.of(PoolsKnown.of(pool, 10)));
    }

    @Test
    void healthOrdersAndAPausePass() {
        Pool pool = checked(A, B);
        known().tell(pool);
        Server first = pool.servers().getFirst();
        assertThat(first.health()).isEqualTo(DOWN);
        assertThat(first.orders()).isEqualTo(ORDERS);
        assertThat(pool.servers().getLast().health().state()).isEqualTo(State.UNKNOWN);
        assertThat(pool.paused()).contains(Instant.EPOCH);
    }

    @Test
    void nothingIsKnownOfAServerAtAnotherAddressButOrdersAreForTheName() {
        PoolsKnown.PoolKnown before = known().pools().getFirst();
        PoolsKnown moved =
                new PoolsKnown(
                        List.of(
                                new PoolsKnown.PoolKnown(
                                        before.name(),
                                        Optional.empty(),
                                        before.servers().stream()
                                                .map(
                                                        each ->
                                                                new PoolsKnown.ServerKnown(
                                                                        each.name(),
                                                                        "198.51.100.1:1",
                                                                        each.health(),
                                                                        each.orders()))
                                                .toList(),
                                        List.of())));
        Pool pool = checked(A, B);
        moved.tell(pool);
        assertThat(pool.servers().getFirst().health().state()).isEqualTo(State.UNKNOWN);
        assertThat(pool.servers().getFirst().orders()).isEqualTo(ORDERS);
    }

    /** So many that a change of health alone is not in the pool's picture at once. */
    @Test
    void everyServerOfALargePoolServesAtOnce() {
        Endpoint[] many =
                IntStream.rangeClosed(1, 600).mapToObj(Configs::loopback).toArray(Endpoint[]::new);
        Pool before = checked(many);
        before.servers().forEach(server -> before.health(server, UP));
        Pool after = checked(many);
        new PoolsKnown(List.of(PoolsKnown.of(before, 10))).tell(after);
        assertThat(after.isBehind()).isFalse();
        assertThat(after.up()).isEqualTo(600);
    }

    @Test
    void oneThatIsCheckedNoMoreIsUp() {
        Pool pool = new Pool(Configs.pool("app", A, B), 1);
        known().tell(pool);
        assertThat(pool.servers().getFirst().health().isUp()).isTrue();
    }
}
