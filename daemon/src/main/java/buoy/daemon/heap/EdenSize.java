package buoy.daemon.heap;

import java.time.Duration;

/**
 * How large eden is to be: as large as what is allocated in a second, within bounds, so that there
 * is about one collection a second. It widens at once, and narrows when less would have done for a
 * while.
 *
 * @param bytes for new objects
 * @param calm for how long less would have done
 */
record EdenSize(long bytes, Duration calm) {
    /** What {@code packaging/native-image/build} leaves it, by {@code MaxNewSize}. */
    static final long SMALLEST = 8L << 20;

    /**
     * Should all in it be alive, moving it takes some 30 ms, which a VRRP thread can bear. What a
     * reload has read is alive: with thousands of servers that takes longer, whatever eden is.
     */
    static final long LARGEST = 32L << 20;

    /** Rounds of a load that comes and goes are not told from one that stays. */
    static final Duration CALM = Duration.ofSeconds(30);

    static final EdenSize INITIAL = new EdenSize(SMALLEST, Duration.ZERO);

    /**
     * @param allocated bytes since the look before
     * @param elapsed since then; more than nothing
     */
    EdenSize after(long allocated, Duration elapsed) {
        long wanted = roomFor(allocated / (elapsed.toNanos() / 1e9));
        if (wanted >= bytes) {
            return new EdenSize(wanted, Duration.ZERO);
        }
        Duration calmNow = calm.plus(elapsed);
        return calmNow.compareTo(CALM) < 0
                ? new EdenSize(bytes, calmNow)
                : new EdenSize(wanted, Duration.ZERO);
    }

    private static long roomFor(double bytesPerSecond) {
        long size = SMALLEST;
        while (size < LARGEST && size < bytesPerSecond) {
            size *= 2;
        }
        return size;
    }
}
