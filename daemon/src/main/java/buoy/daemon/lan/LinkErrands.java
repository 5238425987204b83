package buoy.daemon.lan;

import buoy.linux.Kernel;
import buoy.linux.Netlink;
import buoy.linux.SyscallFailed;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Setting a link down and removing it, on a thread of its own: either takes the kernel 5 to 20 ms,
 * in which an advertisement would be late. The thread is started by the first errand's thread, and
 * so belongs to the same network namespace.
 */
final class LinkErrands {
    private static final int PATIENCE_SECONDS = 5;

    private final Opened<Netlink> netlink;
    private final Consumer<SyscallFailed> refused;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().name("buoy-links").daemon().unstarted(task));

    private boolean used;

    LinkErrands(Kernel kernel, Consumer<SyscallFailed> refused) {
        this.netlink = new Opened<>(() -> Netlink.open(kernel));
        this.refused = refused;
    }

    /** Something to do with a link. */
    @FunctionalInterface
    interface Errand {
        void run(Netlink netlink) throws SyscallFailed;
    }

    /** Has it done soon, after what was asked for before. */
    void run(Errand errand) {
        used = true;
        thread.execute(
                () -> {
                    try {
                        errand.run(netlink.get());
                    } catch (SyscallFailed refusal) {
                        refused(refusal);
                    }
                });
    }

    /** Waits until all asked for so far is done, some 20 ms each, but not longer than this. */
    void finish(Duration atMost) {
        if (!used) {
            return;
        }
        var done = new CountDownLatch(1);
        thread.execute(done::countDown);
        try {
            var _ = done.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says what the kernel refused. */
    void refused(SyscallFailed refusal) {
        refused.accept(refusal);
    }

    /** Waits for what is still to be done, for a bounded time. */
    void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                netlink.ifOpened(Netlink::close);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
