package buoy.daemon.admin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that take time and room, as of a configuration with thousands of servers: one is made at
 * a time, for everybody who wants the same, and none while clients that take theirs slowly hold too
 * much. Thread-safe.
 *
 * <pre>
 *   wanted --> waits --> is being made --> is sent to each who wanted it --> forgotten
 *                ^            ^
 *       joined by all    joined by who is content with what was so a moment ago
 * </pre>
 */
public final class Renderings {
    private final Executor executor;
    private final long most;

    // Guards what follows.
    private final Object lock = new Object();

    /** By what they are, the first first. */
    private final Map<Object, Making> waiting = new LinkedHashMap<>();

    private @Nullable Making making;

    /** Bytes of those that were made and that somebody has not taken yet. */
    private long held;

    /** One that somebody wants. */
    private static final class Making {
        private final Object what;
        private final Supplier<Answer> make;
        private final List<CompletableFuture<Answer>> askers = new ArrayList<>();
        private boolean begun;

        Making(Object what, Supplier<Answer> make) {
            this.what = what;
            this.make = make;
        }

        boolean mayBeJoined(Object wanted, boolean late) {
            return what.equals(wanted) && (late || !begun);
        }

        boolean isWanted() {
            return askers.stream().anyMatch(each -> !each.isDone());
        }
    }

    /** One that was made, for as long as somebody takes it. */
    private final class Made {
        private final long length;
        private int left;

        Made(long length, int takers) {
            this.length = length;
            this.left = takers;
        }

        void taken() {
            synchronized (lock) {
                left--;
                if (left > 0) {
                    return;
                }
                held -= length;
            }
            begin();
        }
    }

    /**
     * Nothing is wanted yet.
     *
     * @param executor where they are made
     * @param most bytes that are held before another one is made
     */
    public Renderings(Executor executor, long most) {
        this.executor = executor;
        this.most = most;
    }

    /** One that shows what is so from now on: whatever was done before is in it. */
    public CompletableFuture<Answer> ask(Object what, Supplier<Answer> make) {
        return ask(what, make, false);
    }

    /** One that may have begun: it may show what was so a moment ago. */
    public CompletableFuture<Answer> join(Object what, Supplier<Answer> make) {
        return ask(what, make, true);
    }

    private CompletableFuture<Answer> ask(Object what, Supplier<Answer> make, boolean late) {
        CompletableFuture<Answer> asker = new CompletableFuture<>();
        synchronized (lock) {
            Making now = making;
            Making mine =
                    now != null && now.mayBeJoined(what, late)
                            ? now
                            : waiting.computeIfAbsent(what, _ -> new Making(what, make));
            mine.askers.add(asker);
        }
        begin();
        return asker;
    }

    /** Whether nothing is made because clients take too slowly what they have asked for. */
    public boolean isHeldUp() {
        synchronized (lock) {
            return making == null && held >= most;
        }
    }

    /** Begins the next, if it is its time. */
    private void begin() {
        Making next;
        synchronized (lock) {
            if (making != null || held >= most) {
                return;
            }
            waiting.values().removeIf(each -> !each.isWanted());
            Iterator<Making> first = waiting.values().iterator();
            if (!first.hasNext()) {
                return;
            }
            next = first.next();
            first.remove();
            making = next;
        }
        CompletableFuture<Answer> made;
        try {
            made = CompletableFuture.supplyAsync(() -> make(next), executor);
        } catch (RuntimeException | Error notBegun) {
            made = CompletableFuture.failedFuture(notBegun); // or all others waited for ever
        }
        var _ = made.whenComplete((answer, failure) -> ended(next, answer, failure));
    }

    private Answer make(Making it) {
        synchronized (lock) {
            it.begun = true;
        }
        return it.make.get().inBytes();
    }

    private void ended(Making it, @Nullable Answer answer, @Nullable Throwable failure) {
        synchronized (lock) {
            making = null;
            held += answer == null ? 0 : answer.length();
        }
        // Nobody joins it any more.
        if (answer == null) {
            Throwable why =
                    failure == null ? new IllegalStateException("nothing was made") : failure;
            it.askers.forEach(each -> each.completeExceptionally(why));
        } else {
            Made made = new Made(answer.length(), it.askers.size());
            for (CompletableFuture<Answer> each : it.askers) {
                if (!each.complete(answer.whenSent(made::taken))) {
                    made.taken(); // who asked waits no longer
                }
            }
        }
        begin();
    }
}
