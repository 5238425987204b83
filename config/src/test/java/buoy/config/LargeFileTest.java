package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a file of ten thousand servers costs, in bytes allocated rather than in time: a busy machine
 * does not change it, and it is what stops the native program, whose collector pauses everybody.
 */
class LargeFileTest {
    /** Of reading one server; it was 2,700 when this was written. */
    private static final long MOST_BYTES = 4_000;

    private static String file(int servers) {
        return "listeners: {web: {bind: ['127.0.0.1:80'], protocol: http, pool: many}}\n"
                + "pools:\n  many:\n    servers:\n"
                + IntStream.range(0, servers)
                        .mapToObj(
                                i ->
                                        "      s%d: '10.%d.%d.%d:8000'\n"
                                                .formatted(i, i >> 16, i >> 8 & 255, i & 255))
                        .collect(Collectors.joining());
    }

    private static long bytes(Supplier<?> work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(work.get()).isNotNull();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static Reading.Accepted read(String text) {
        return (Reading.Accepted) ConfigFile.judge("buoy.yaml", text, "lb1");
    }

    @Test
    void costsWhatItsServersDo() {
        String few = file(1_000);
        String many = file(10_000);
        // Whatever is made once, the first time.
        assertThat(read(few).config().pools()).containsKey("many");
        double one = bytes(() -> read(few)) / 1_000.0;
        double eachOfMany = bytes(() -> read(many)) / 10_000.0;
        System.out.printf(
                Locale.ROOT,
                "bytes for each server: %.0f of 1,000, %.0f of 10,000%n",
                one,
                eachOfMany);
        assertThat(eachOfMany).isCloseTo(one, within(one / 4)).isLessThan(MOST_BYTES);
    }

    @Test
    void tellsWhatChangedInLinearWork() {
        Outline before = read(file(10_000)).outline();
        Outline after = read(file(10_001).replace("s5: '10.0.0.5", "s5: '10.9.9.9")).outline();
        assertThat(before.changesTo(after).stream().map(Object::toString))
                .containsExactly(
                        "pools.many.servers.s5: changed", "pools.many.servers.s10000: added");
    }
}
