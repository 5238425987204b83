package buoy.lb.login;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was found right, for all threads. Bounded: {@value #WAYS} of {@value #SETS} places each,
 * where the one that has been there for longest makes room.
 */
final class Proven {
    private static final int SETS = 1 << 11;
    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable Proof> proofs =
            new AtomicReferenceArray<>(SETS * WAYS);
    private final AtomicInteger turn = new AtomicInteger();

    boolean has(Proof proof) {
        int set = set(proof);
        for (int i = set; i < set + WAYS; i++) {
            if (proof.equals(proofs.getAcquire(i))) {
                return true;
            }
        }
        return false;
    }

    void add(Proof proof) {
        if (!has(proof)) {
            proofs.setRelease(set(proof) + (turn.getAndIncrement() & (WAYS - 1)), proof);
        }
    }

    private static int set(Proof proof) {
        return (int) (proof.low() & (SETS - 1)) * WAYS;
    }
}
