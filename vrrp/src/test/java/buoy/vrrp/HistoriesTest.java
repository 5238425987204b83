package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories of whole speakers on a simulated LAN, each watched by {@link LanWatch}. A
 * failure is told as a seed and a conversation, with what it does not need taken away; {@code
 * -Dbuoy.history.seed=N} plays that one alone.
 */
class HistoriesTest {
    private static final int THREADS = 2;

    @Test
    void aHundredThousandHistories() throws Exception {
        Long only = Long.getLong("buoy.history.seed");
        if (only != null) {
            tell(only);
            return;
        }
        play(0, Integer.getInteger("buoy.histories", 100_000));
    }

    @Test
    @Tag("soak")
    void fiveMillionHistories() throws Exception {
        play(1_000_000, 6_000_000);
    }

    // ---- the properties can fail ----

    @Test
    void whoPreemptsAndMayNotIsFound() {
        isFound("takes over from a live active router", config(c -> c.preempting(true)));
    }

    @Test
    void whoBelievesToBeAnotherIsFound() {
        isFound("is the right one", config(c -> c.priority(c.router().priority() == 1 ? 2 : 1)));
    }

    @Test
    void whoIsSlowerThanItsIntervalIsFound() {
        isFound(
                "is active and has been silent",
                config(c -> c.every(c.router().advertise().multipliedBy(2))));
    }

    @Test
    void anAddressWithoutALifetimeIsFound() {
        isFound("has had no process for a lifetime", config(c -> c.lifetime(Duration.ZERO)));
    }

    @Test
    void aKernelThatAddsNoAddressIsFound() {
        isFound("and its address is gone", kernel("claim"));
    }

    @Test
    void aKernelThatRemovesNoAddressIsFound() {
        isFound("keeps the address", kernel("release"));
    }

    @Test
    void whoHearsNobodyIsFound() {
        isFound("hear each other and are both active", kernel("receive"));
    }

    private static Story.Liar config(UnaryOperator<Routers> change) {
        return new Story.Liar() {
            @Override
            public Routers config(int member, Routers config) {
                return change.apply(config);
            }
        };
    }

    private static Story.Liar kernel(String ignored) {
        return new Story.Liar() {
            @Override
            public void deceive(SimulatedLan lan) {
                lan.hosts.forEach(host -> host.ignored.add(ignored));
            }
        };
    }

    private static void isFound(String broken, Story.Liar liar) {
        assertThat(LongStream.range(0, 2000).boxed())
                .as("what is broken with that liar")
                .anyMatch(
                        seed ->
                                Story.play(RandomHistory.of(seed), new Telling.Nothing(), liar)
                                        .filter(what -> what.contains(broken))
                                        .isPresent());
    }

    private static void play(long from, long to) throws Exception {
        try (ForkJoinPool pool = new ForkJoinPool(THREADS)) {
            Optional<Long> failing =
                    pool.submit(
                                    () ->
                                            LongStream.range(from, to)
                                                    .parallel()
                                                    .filter(HistoriesTest::fails)
                                                    .boxed()
                                                    .findAny())
                            .get();
            failing.ifPresent(HistoriesTest::tell);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static boolean fails(long seed) {
        try {
            return Story.play(RandomHistory.of(seed)).isPresent();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void tell(long seed) {
        History smallest =
                Shrinking.smallest(
                        RandomHistory.of(seed), history -> Story.play(history).isPresent());
        Telling.Conversation conversation = new Telling.Conversation(smallest);
        assertThat(Story.play(smallest, conversation, Story.Liar.NOBODY))
                .as(
                        () ->
                                "history %d%n%s%n"
                                        .formatted(seed, String.join("\n", conversation.lines())))
                .isEmpty();
    }
}
