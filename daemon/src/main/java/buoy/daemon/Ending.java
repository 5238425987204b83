package buoy.daemon;

import buoy.daemon.log.Log;
import buoy.vrrp.RouterState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of a process, in order: clients are asked to go, exchanges in flight get a short moment,
 * the addresses move, and only then is cut what is left. A packet that comes after the move reaches
 * the peer, so draining longer than that would save nothing; a host without an active router keeps
 * its sessions for {@code process.drain}.
 */
final class Ending {
    /** How long exchanges in flight may hold up the move of the addresses. */
    private static final Duration BEFORE_THE_MOVE = Duration.ofSeconds(2);

    private static final Duration FOR_THE_MOVE = Duration.ofSeconds(2);

    private final Parts parts;
    private final Log log;
    private final Supplier<Duration> begin;
    private final Deque<AutoCloseable> atTheEnd = new ArrayDeque<>();
    private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();

    // Guards the thread that drains, so that a second request interrupts that wait and no other.
    private final Object lock = new Object();
    private @Nullable Thread draining;

    /**
     * Nothing ends yet.
     *
     * @param begin called when the end begins; says how long sessions may go on
     */
    Ending(Parts parts, Supplier<Duration> begin) {
        this.parts = parts;
        this.log = parts.log();
        this.begin = begin;
    }

    boolean begun() {
        return asked.get() > 0;
    }

    /** Closed in reverse order when all else is over; told before the end begins. */
    void closeAtTheEnd(AutoCloseable part) {
        atTheEnd.push(part);
    }

    ExitCode await() {
        return end.join();
    }

    /** The process is beyond a graceful end. */
    void atOnce(ExitCode code) {
        end.complete(code);
    }

    /** The first time: gracefully, on the given thread. The second time: at once. */
    void ask(Executor control) {
        if (asked.getAndIncrement() == 0) {
            control.execute(this::gracefully);
            return;
        }
        log.warn("stop", "asked again: what is left is cut");
        synchronized (lock) {
            if (draining != null) {
                draining.interrupt();
            }
        }
    }

    private void gracefully() {
        parts.serviceManager().stopping();
        Duration patience = begin.get();
        boolean active =
                parts.routers().status().stream()
                        .anyMatch(router -> router.state() == RouterState.ACTIVE);
        drain(active ? shorter(patience, BEFORE_THE_MOVE) : patience);
        giveUpAddresses();
        parts.balancer().close();
        log.info("stop", "stopped");
        atTheEnd.forEach(this::close);
        end.complete(ExitCode.DONE);
    }

    private void drain(Duration patience) {
        log.info(
                "stop",
                "clients are asked to go, and may finish within %d ms"
                        .formatted(patience.toMillis()));
        synchronized (lock) {
            if (asked.get() > 1) {
                return;
            }
            draining = Thread.currentThread();
        }
        try {
            if (!parts.balancer().drain(patience)) {
                log.info("stop", "some clients are still there: they are cut");
            }
        } catch (InterruptedException _) {
            // The second request, which has said so.
        } finally {
            synchronized (lock) {
                draining = null;
                // An interrupt that came too late for the drain is not for what follows.
                Thread.interrupted();
            }
        }
    }

    private void giveUpAddresses() {
        try {
            if (!parts.routers().stop(FOR_THE_MOVE)) {
                log.error(
                        "vrrp",
                        "the addresses were not given up within %d ms: the kernel drops them after their lifetime"
                                .formatted(FOR_THE_MOVE.toMillis()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.error("stop", "a part did not close", e);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
