package buoy.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state by asking again and again; the only place of the lab that sleeps. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(25);

    private Await() {}

    /**
     * Asks until the state is there.
     *
     * @param atMost how long to ask; generous, because it only matters when something is broken
     * @param what the state awaited, for the message
     * @throws LabFailed if it did not come in time
     */
    public static void until(Duration atMost, String what, BooleanSupplier state) {
        value(atMost, what, () -> state.getAsBoolean() ? Optional.of(what) : Optional.empty());
    }

    /** As {@link #until}, for a state that comes with a value. */
    public static <T> T value(Duration atMost, String what, Supplier<Optional<T>> state) {
        long start = System.nanoTime();
        while (true) {
            Optional<T> value = state.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new LabFailed(
                        "not within %.1f s: %s".formatted(atMost.toMillis() / 1000.0, what));
            }
            pass(PAUSE);
        }
    }

    /** Lets time pass in which something is expected <em>not</em> to happen, or load to run. */
    public static void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabFailed("interrupted", e);
        }
    }
}
