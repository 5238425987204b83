package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.StatusRange;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** When a server is asked. */
class CheckingTest {
    private static final PoolHealth.Changes UNHEARD =
            new PoolHealth.Changes() {
                @Override
                public void changed(
                        Pool pool, Server server, ServerHealth before, ServerHealth now) {}

                @Override
                public void granted(Pool pool, boolean again) {}

                @Override
                public void troubled(Pool pool, List<String> troubles) {}
            };

    @Property
    void aLittleEarlyAndNeverLate(
            @ForAll @LongRange(min = 1_000_000, max = 3_600_000_000_000L) long nanos,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<Long> waits = Stream.generate(() -> Checking.early(nanos, random)).limit(100).toList();
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(nanos - nanos / 16, nanos));
        // Not all in one half: less likely than any failure of the machine.
        assertThat(waits)
                .anyMatch(wait -> wait < nanos - nanos / 32)
                .anyMatch(wait -> wait > nanos - nanos / 32);
    }

    /** What makes it ask ahead of time asks once: the further ones are by {@code fast}. */
    @Test
    void betweenUpAndDownItIsAskedByFast() {
        AtomicInteger status = new AtomicInteger(200);
        AtomicInteger asked = new AtomicInteger();
        try (TestServer origin =
                TestServer.start(
                        socket -> {
                            int _ = socket.getInputStream().read(new byte[1024]);
                            asked.incrementAndGet();
                            String answer = "HTTP/1.0 " + status + " Told\r\n\r\n";
                            socket.getOutputStream()
                                    .write(answer.getBytes(StandardCharsets.US_ASCII));
                        })) {
            Health rarely =
                    new Health(
                            new Probe.Http(
                                    "GET",
                                    "/",
                                    new StatusRange(200, 200),
                                    Optional.empty(),
                                    Optional.empty(),
                                    OptionalInt.empty()),
                            Duration.ofHours(1),
                            Duration.ofSeconds(10),
                            3,
                            2,
                            Duration.ofMillis(50));
            Pool pool =
                    new Pool(
                            Configs.pool(
                                    "app",
                                    new Balance.RoundRobin(),
                                    Optional.of(rarely),
                                    OnDown.KEEP_SESSIONS,
                                    origin.endpoint()),
                            1);
            PoolHealth health =
                    new PoolHealth(
                            pool,
                            (argv, _, _, _) -> {
                                throw new IllegalStateException("no program is to be run: " + argv);
                            },
                            UNHEARD);
            health.refresh();
            Server server = pool.servers().getFirst();
            Await.until("it is up", () -> server.health().isUp());
            status.set(503);
            // As a refused connection of live traffic does.
            server.suspect();
            Await.until("it is down", () -> !server.health().isUp());
            status.set(200);
            server.suspect();
            Await.until("it is up again", () -> server.health().isUp());
            // Once up, three times until down, twice until up.
            assertThat(asked).hasValue(6);
            health.stop();
        }
    }
}
