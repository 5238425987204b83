package buoy.lb.kit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state by asking again, with a deadline far beyond what any state takes. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Await() {}

    public static void until(String what, BooleanSupplier state) {
        until(() -> what, state);
    }

    /** As {@link #until(String, BooleanSupplier)}, in words that are asked for at the end. */
    public static void until(Supplier<String> what, BooleanSupplier state) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + "s: " + what.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
