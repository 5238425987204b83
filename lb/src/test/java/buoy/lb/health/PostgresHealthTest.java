package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.Secret;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.RealPostgres;
import buoy.lb.kit.Running;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.pool.Standing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A primary and its standby, asked what they are, through a promotion and a split. */
class PostgresHealthTest {
    private static Config config(Duration every, RealPostgres... servers) {
        return Configs.of(
                List.of(Configs.postgres("rw", "primary"), Configs.postgres("ro", "replica")),
                List.of(
                        pool("primary", Role.PRIMARY, OptionalLong.empty(), every, servers),
                        pool("replica", Role.REPLICA, OptionalLong.of(1 << 20), every, servers)));
    }

    private static Pool pool(
            String name, Role role, OptionalLong maxLag, Duration every, RealPostgres... servers) {
        Probe probe =
                new Probe.Postgres(
                        role, "postgres", Secret.NONE, "postgres", OptionalInt.empty(), maxLag);
        Duration timeout = Duration.ofSeconds(10);
        Duration fast = Duration.ofMillis(50);
        return Configs.pool(
                name,
                new Balance.RoundRobin(),
                Optional.of(new Health(probe, every, timeout, 3, 2, fast)),
                OnDown.CLOSE_SESSIONS,
                Arrays.stream(servers).map(RealPostgres::endpoint).toArray(Endpoint[]::new));
    }

    private static boolean is(Running buoy, String pool, String server, State state) {
        return buoy.server(pool, server).health().state() == state;
    }

    @Test
    void aPrimaryThatIsShutDownIsKnownToGoBeforeTheNextCheckIsDue() throws Exception {
        try (RealPostgres primary = RealPostgres.start();
                Running buoy = Running.start(config(Duration.ofHours(1), primary))) {
            Await.until("it is up", () -> is(buoy, "primary", "s1", State.UP));
            primary.stop("fast");
            Await.until("it is down", () -> is(buoy, "primary", "s1", State.DOWN));
        }
    }

    @Test
    void rolesFollowAPromotionAndTheFormerPrimaryIsNotBelieved() throws Exception {
        try (RealPostgres first = RealPostgres.start();
                RealPostgres second = first.standby();
                Running buoy = Running.start(config(Duration.ofMillis(50), first, second))) {
            Await.until(
                    "one of each",
                    () ->
                            is(buoy, "primary", "s1", State.UP)
                                    && is(buoy, "primary", "s2", State.DOWN)
                                    && is(buoy, "replica", "s2", State.UP)
                                    && is(buoy, "replica", "s1", State.DOWN));
            assertThat(buoy.server("primary", "s2").health().otherRole()).isTrue();
            ServerStatus replica = buoy.server("replica", "s2");
            assertThat(replica.standing().map(Standing::role)).contains(Role.REPLICA);
            assertThat(replica.standing().orElseThrow().timeline()).hasValue(1);
            Await.until(
                    "it has everything",
                    () ->
                            buoy.server("replica", "s2").standing().orElseThrow().lag().orElse(9)
                                    == 0);

            // The first one knows nothing of it and goes on as a primary.
            second.promote();
            Await.until(
                    "the promoted one alone is primary",
                    () ->
                            is(buoy, "primary", "s2", State.UP)
                                    && is(buoy, "primary", "s1", State.DOWN)
                                    && is(buoy, "replica", "s2", State.DOWN));
            // The first one goes on saying so: it is no switch-over.
            Await.until("it is an alarm", () -> !buoy.pool("primary").troubles().isEmpty());
            assertThat(buoy.server("primary", "s1").health().why())
                    .isEqualTo("a former primary: its timeline is 1, that of s2 is 2");
            assertThat(buoy.pool("primary").troubles())
                    .containsExactly(
                            "several servers say that they are primary: s1 (timeline 1), s2"
                                    + " (timeline 2)");
            first.stop("fast");
            Await.until("one is left", () -> buoy.pool("primary").troubles().isEmpty());
        }
    }

    @Test
    void aReplicaThatLagsTakesNothing() throws Exception {
        try (RealPostgres first = RealPostgres.start();
                RealPostgres second = first.standby();
                Running buoy = Running.start(config(Duration.ofMillis(50), first, second))) {
            Await.until("it is up", () -> is(buoy, "replica", "s2", State.UP));
            second.query("select pg_wal_replay_pause()");
            first.query("create table t as select repeat('x', 500) from generate_series(1, 10000)");
            Await.until("it lags", () -> is(buoy, "replica", "s2", State.DOWN));
            assertThat(buoy.server("replica", "s2").health().why()).startsWith("lags ");
            assertThat(buoy.server("replica", "s2").standing().orElseThrow().lag().orElse(0))
                    .isGreaterThan(1 << 20);
            second.query("select pg_wal_replay_resume()");
            Await.until("it has caught up", () -> is(buoy, "replica", "s2", State.UP));
        }
    }

    @Test
    void serversOfDifferentClustersAreAnAlarm() throws Exception {
        try (RealPostgres first = RealPostgres.start();
                RealPostgres second = first.standby();
                RealPostgres stranger = RealPostgres.start();
                Running buoy =
                        Running.start(config(Duration.ofMillis(50), first, second, stranger))) {
            Await.until(
                    "the stranger is known",
                    () ->
                            is(buoy, "primary", "s1", State.UP)
                                    && is(buoy, "primary", "s3", State.DOWN)
                                    && buoy.pool("primary").troubles().size() == 1);
            assertThat(buoy.pool("primary").troubles().getFirst())
                    .startsWith("s3 is of another cluster");
        }
    }
}
