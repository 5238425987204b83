package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.Configs;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.select.Selector;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final Endpoint A = Configs.loopback(1);
    private static final Endpoint B = Configs.loopback(2);
    private static final Endpoint C = Configs.loopback(3);

    /** Any server will do. */
    private static final Work ANY = () -> Selector.NO_KEY;

    private static Workers workers;
    private static Worker worker;

    @BeforeAll
    static void start() throws Exception {
        workers = Workers.start(Configs.of(List.of(), List.of()).process());
        worker = workers.get(0);
    }

    @AfterAll
    static void stop() throws Exception {
        workers.close(Duration.ofSeconds(5));
    }

    private static buoy.config.model.Pool checked(Endpoint... servers) {
        return Configs.pool(
                "app",
                new Balance.RoundRobin(),
                Optional.of(Configs.health(new Probe.Tcp())),
                OnDown.KEEP_SESSIONS,
                servers);
    }

    private static buoy.config.model.Pool.Server backup(String name, Endpoint address) {
        return new buoy.config.model.Pool.Server(
                name, new ServerAddress.Fixed(address), 1, OptionalInt.empty(), true);
    }

    private static ServerHealth is(State state) {
        return new ServerHealth(state, Instant.EPOCH, "said so");
    }

    @Test
    void aServerTakesNoWorkBeforeItsFirstCheck() {
        Pool pool = new Pool(checked(A, B), 2);
        assertThat(pool.pick(worker, ANY, List.of())).isNull();
        pool.health(pool.servers().getLast(), is(State.UP));
        assertThat(pool.pick(worker, ANY, List.of())).isSameAs(pool.servers().getLast());
        assertThat(pool.up()).isEqualTo(1);
    }

    @Test
    void withoutChecksServersCountAsUp() {
        Pool pool = new Pool(Configs.pool("app", A), 2);
        assertThat(pool.pick(worker, ANY, List.of())).isNotNull();
        assertThat(pool.servers().getFirst().health().why()).isEqualTo("no health check");
    }

    @Test
    void aReloadKeepsTheServersThatStay() {
        Pool pool = new Pool(checked(A, B), 2);
        Server first = pool.servers().getFirst();
        Server second = pool.servers().getLast();
        pool.health(first, is(State.UP));
        List<Server> gone = pool.configure(checked(A, C));
        assertThat(gone).containsExactly(second);
        assertThat(pool.servers().getFirst()).isSameAs(first);
        assertThat(first.health()).isEqualTo(is(State.UP));
        // The name is the old one's, the address is not: another server.
        assertThat(pool.servers().getLast().health().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void aLateCheckDoesNotReviveARemovedServer() {
        Pool pool = new Pool(checked(A, B), 2);
        Server second = pool.servers().getLast();
        pool.configure(checked(A));
        assertThat(pool.health(second, is(State.UP))).isFalse();
        assertThat(pool.up()).isZero();
    }

    @Test
    void weightZeroTakesNothingNewButCountsAsUp() {
        buoy.config.model.Pool config = Configs.pool("app", A, B);
        List<buoy.config.model.Pool.Server> servers =
                List.of(config.servers().getFirst(), new buoy.config.model.Pool.Server("s2", B, 0));
        Pool pool = new Pool(Configs.withServers(config, servers), 2);
        for (int i = 0; i < 4; i++) {
            assertThat(pool.pick(worker, ANY, List.of())).isSameAs(pool.servers().getFirst());
        }
        assertThat(pool.pick(worker, ANY, List.of(pool.servers().getFirst()))).isNull();
        assertThat(pool.up()).isEqualTo(2);
    }

    @Test
    void backupsServeOnlyWhileNoOtherServerMay() {
        buoy.config.model.Pool config = checked(A, B, C);
        Pool pool =
                new Pool(
                        Configs.withServers(
                                config,
                                List.of(
                                        new buoy.config.model.Pool.Server("s1", A, 1),
                                        backup("s2", B),
                                        backup("s3", C))),
                        2);
        Server first = pool.servers().getFirst();
        pool.servers().forEach(server -> pool.health(server, is(State.UP)));
        for (int i = 0; i < 4; i++) {
            assertThat(pool.pick(worker, ANY, List.of())).isSameAs(first);
        }
        assertThat(pool.up()).isEqualTo(3);
        pool.health(first, is(State.DOWN));
        assertThat(pool.pick(worker, ANY, List.of())).isNotNull().isNotSameAs(first);
        pool.health(first, is(State.UP));
        assertThat(pool.pick(worker, ANY, List.of())).isSameAs(first);
    }

    @Test
    void aServerThatRefusedIsPickedOnlyWhileNoOtherIsLeft() {
        Pool pool = new Pool(Configs.pool("app", A, B), 2);
        Server first = pool.servers().getFirst();
        Server second = pool.servers().getLast();
        first.refused(worker);
        for (int i = 0; i < 4; i++) {
            assertThat(pool.pick(worker, ANY, List.of())).isSameAs(second);
        }
        assertThat(pool.pick(worker, ANY, List.of(second))).isSameAs(first);
        second.refused(worker);
        assertThat(pool.pick(worker, ANY, List.of())).isIn(first, second);
        first.accepted();
        for (int i = 0; i < 4; i++) {
            assertThat(pool.pick(worker, ANY, List.of())).isSameAs(first);
        }
    }

    @Test
    void aFullServerIsPassedOverAndWhoComesNextWaitsItsTurn() {
        Pool pool =
                new Pool(
                        Configs.bounded(Configs.pool("app", A, B), 1, 10, Duration.ofSeconds(1)),
                        2);
        Server one = Objects.requireNonNull(pool.pick(worker, ANY, List.of()));
        Server other = Objects.requireNonNull(pool.pick(worker, ANY, List.of()));
        assertThat(one).isNotSameAs(other);
        assertThat(pool.isFull()).isTrue();
        assertThat(pool.pick(worker, ANY, List.of())).isNull();
        other.end();
        assertThat(pool.pick(worker, ANY, List.of())).isSameAs(other);
        assertThat(one.active() + other.active()).isEqualTo(2);
    }

    /** It would be asked, and refuse, over and over while the other is busy. */
    @Test
    void oneThatRefusedIsNoWayAroundAFullServer() {
        Pool pool =
                new Pool(
                        Configs.bounded(Configs.pool("app", A, B), 1, 10, Duration.ofSeconds(1)),
                        2);
        Server refusing = pool.servers().getFirst();
        refusing.refused(worker);
        assertThat(pool.pick(worker, ANY, List.of())).isSameAs(pool.servers().getLast());
        assertThat(pool.pick(worker, ANY, List.of())).isNull();
        assertThat(pool.isFull()).isTrue();
        assertThat(pool.avoidsOne()).isTrue();
        assertThat(pool.takesWorkBeside(List.of(refusing))).isTrue();
        assertThat(pool.takesWorkBeside(pool.servers())).isFalse();
        refusing.accepted();
        assertThat(pool.isFull()).isFalse();
        assertThat(pool.pick(worker, ANY, List.of())).isSameAs(refusing);
    }

    @Test
    void anEmptiedPoolBeginsNothing() {
        Pool pool = new Pool(Configs.pool("app", A, B), 2);
        pool.close();
        assertThat(pool.pick(worker, ANY, List.of())).isNotNull();
        pool.empty();
        assertThat(pool.pick(worker, ANY, List.of())).isNull();
        assertThat(pool.up()).isZero();
    }

    @Test
    void countsOfAllWorkersAddUp() {
        Pool pool = new Pool(Configs.pool("app", A), 2);
        Server server = pool.servers().getFirst();
        for (Worker each : workers.all()) {
            server.tally(each).finished();
            server.tally(each).fromClient(10);
            server.tally(each).failed(Reason.SERVER_RESET);
            server.tally(each).latency(Duration.ofMillis(each.index() + 1L).toNanos());
        }
        Totals totals = server.totals();
        assertThat(totals.finished()).isEqualTo(2);
        assertThat(totals.bytesFromClient()).isEqualTo(20);
        assertThat(totals.failures()).isEqualTo(Map.of(Reason.SERVER_RESET, 2L));
        assertThat(totals.latency().count()).isEqualTo(2);
        assertThat(totals.latency().max().toMillis()).isEqualTo(2);
        // Asked again it is the same: reading takes nothing away.
        assertThat(server.totals()).isEqualTo(totals);
    }

    /** A picture for each of ten thousand changes would be a hundred million steps. */
    @Test
    void inALargePoolChangesOfHealthAreGathered() {
        Pool small = new Pool(checked(loopbacks(Pool.AT_ONCE)), 1);
        Pool large = new Pool(checked(loopbacks(Pool.AT_ONCE + 1)), 1);
        ServerHealth up = new ServerHealth(State.UP, Instant.EPOCH, "test");
        for (Pool pool : List.of(small, large)) {
            pool.servers().forEach(server -> assertThat(pool.health(server, up)).isTrue());
        }
        assertThat(small.isBehind()).isFalse();
        assertThat(small.up()).isEqualTo(Pool.AT_ONCE);
        assertThat(large.isBehind()).isTrue();
        assertThat(large.up()).isZero();
        large.catchUp();
        assertThat(large.isBehind()).isFalse();
        assertThat(large.up()).isEqualTo(Pool.AT_ONCE + 1);
        // Whatever else makes a picture shows everything.
        assertThat(
                        large.health(
                                large.servers().getFirst(),
                                new ServerHealth(State.DOWN, Instant.EPOCH, "test")))
                .isTrue();
        var _ = large.configure(large.config());
        assertThat(large.isBehind()).isFalse();
        assertThat(large.up()).isEqualTo(Pool.AT_ONCE);
    }

    @Test
    void inALargePoolWhatAgentsGrantAndWhoIsEjectedIsGatheredToo() {
        Pool pool = new Pool(Configs.pool("app", loopbacks(Pool.AT_ONCE + 1)), 1);
        List<Server> servers = pool.servers();
        Server first = servers.getFirst();
        assertThat(pool.grant(first, 0)).isTrue();
        assertThat(pool.grant(first, 0)).isFalse();
        assertThat(pool.isBehind()).isTrue();
        assertThat(pool.mayTake(first)).isTrue();
        pool.catchUp();
        assertThat(pool.mayTake(first)).isFalse();

        Ejection ejection = new Ejection("test", Instant.EPOCH);
        List<Server> ejected = servers.stream().filter(each -> pool.eject(each, ejection)).toList();
        assertThat(pool.isBehind()).isTrue();
        assertThat(ejected)
                .as("all but the last, though nobody has caught up meanwhile")
                .isEqualTo(servers.subList(1, servers.size() - 1));
        pool.catchUp();
        assertThat(servers).filteredOn(pool::mayTake).containsExactly(servers.getLast());

        assertThat(ejected).allMatch(each -> pool.readmit(each, ejection));
        assertThat(pool.readmit(ejected.getFirst(), ejection)).isFalse();
        assertThat(pool.isBehind()).isTrue();
        pool.catchUp();
        assertThat(servers.subList(1, servers.size())).allMatch(pool::mayTake);
    }

    private static Endpoint[] loopbacks(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Configs::loopback).toArray(Endpoint[]::new);
    }
}
