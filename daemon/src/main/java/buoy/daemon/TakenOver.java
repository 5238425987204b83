package buoy.daemon;

import buoy.config.model.Endpoint;
import buoy.config.model.VirtualRouter;
import buoy.daemon.admin.AdminLock;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.log.Log;
import buoy.daemon.upgrade.Passed;
import buoy.daemon.upgrade.Predecessor;
import buoy.lb.Balancer;
import buoy.lb.Inherited;
import buoy.lb.ListeningSocket;
import buoy.lb.PoolsKnown;
import buoy.lb.pool.ServerHealth;
import buoy.linux.Kernel;
import buoy.vrrp.HandedOver;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What this process has from the one before it, whose place it takes: mostly nothing. */
final class TakenOver {
    /** A server that answers to nothing at all is not waited for any longer. */
    private static final Duration TO_CHECK = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Optional<Predecessor> before;
    private final Inherited listeners;
    private Passed.@Nullable Lock lock;
    private Passed.@Nullable Stats stats;

    private TakenOver(Optional<Predecessor> before, Inherited listeners) {
        this.before = before;
        this.listeners = listeners;
    }

    /** There was no process before. */
    static TakenOver nothing() {
        return of(Optional.empty());
    }

    static TakenOver of(Optional<Predecessor> before) {
        List<Passed> passed = before.map(Predecessor::passed).orElse(List.of());
        TakenOver taken =
                new TakenOver(
                        before,
                        new Inherited(
                                sockets(passed),
                                before.map(Predecessor::pools).orElse(PoolsKnown.NOTHING),
                                before.map(Predecessor::pausedListeners).orElse(Map.of())));
        for (Passed each : passed) {
            switch (each) {
                case Passed.Lock now -> taken.lock = now;
                case Passed.Stats now -> taken.stats = now;
                case Passed.Listener _ -> {}
            }
        }
        return taken;
    }

    private static List<ListeningSocket> sockets(List<Passed> passed) {
        return passed.stream()
                .filter(Passed.Listener.class::isInstance)
                .map(Passed.Listener.class::cast)
                .map(each -> new ListeningSocket(each.at(), each.datagrams(), each.descriptor()))
                .toList();
    }

    /** Passed on, or taken now. */
    AdminLock lock(Kernel kernel, Path socket) throws DoorRefused {
        return lock == null
                ? AdminLock.take(kernel, socket)
                : AdminLock.passedOn(kernel, socket, lock.descriptor());
    }

    Inherited listeners() {
        return listeners;
    }

    /** What listens at the stats address, if that is still the same. */
    OptionalInt stats(Endpoint wanted) {
        if (stats == null) {
            return OptionalInt.empty();
        }
        if (stats.at().equals(wanted)) {
            return OptionalInt.of(stats.descriptor());
        }
        try {
            new FileDescriptor(stats.descriptor()).close();
        } catch (IOException e) {
            throw new IllegalStateException("what was passed on was not ours", e);
        }
        return OptionalInt.empty();
    }

    /** Clients must find servers at once: waits until each has been checked, for a while. */
    void awaitChecks(Balancer balancer) {
        long deadline = System.nanoTime() + TO_CHECK.toNanos();
        while (before.isPresent() && isChecking(balancer) && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * Waits until the process before this one lets go; from then on nothing may be refused.
     *
     * @param routers as configured here
     * @return where those go on that it has spoken for; empty if there was no process before
     * @throws StartRefused if it does not, and goes on
     */
    Optional<HandedOver> awaitGo(Collection<VirtualRouter> routers) throws StartRefused {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(before.get().awaitGo(HandedOver.keys(routers)));
        } catch (IOException e) {
            throw new StartRefused("the buoy that runs goes on: " + e.getMessage());
        }
    }

    /**
     * Its place is taken: it goes.
     *
     * @param admin the socket of operators, whose lock names this process from now on
     */
    void taken(Path admin, Log log) {
        if (before.isPresent()) {
            try {
                AdminLock.sign(admin, ProcessHandle.current().pid());
            } catch (IOException e) {
                log.warn(
                        "start", "the lock of %s names the process before: %s".formatted(admin, e));
            }
            try {
                before.get().taken();
            } catch (IOException _) {
                // It is gone already: had it taken its place back, this process would be.
            }
        }
    }

    /**
     * Runs what only one of the two may do, when the process before this one has ended all that;
     * now, if there was none.
     */
    void whenItIsOver(Runnable then) {
        if (before.isEmpty()) {
            then.run();
            return;
        }
        Thread.ofVirtual()
                .name("buoy-upgrade")
                .start(
                        () -> {
                            try (Predecessor ending = before.get()) {
                                ending.awaitEnd();
                            } catch (IOException _) {
                                // It hangs; we have waited for long enough.
                            }
                            then.run();
                        });
    }

    /** Whether there was a process before. */
    boolean isSomething() {
        return before.isPresent();
    }

    /** Tells the process before this one why it is to go on. */
    void sorry(Exception refused) {
        before.ifPresent(each -> each.sorry(String.valueOf(refused.getMessage())));
    }

    private static boolean isChecking(Balancer balancer) {
        return balancer.status().pools().stream()
                .flatMap(pool -> pool.servers().stream())
                .anyMatch(server -> server.health().state() == ServerHealth.State.UNKNOWN);
    }
}
