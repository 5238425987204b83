package buoy.daemon;

import buoy.config.model.Endpoint;
import buoy.daemon.admin.AdminLock;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.upgrade.Passed;
import buoy.lb.Balancer;
import buoy.lb.Inherited;
import buoy.lb.ListeningSocket;
import buoy.lb.pool.ServerHealth;
import buoy.linux.Kernel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What this process has from the one before it, whose place it takes: mostly nothing. */
final class TakenOver {
    /** A server that answers to nothing at all is not waited for any longer. */
    private static final Duration TO_CHECK = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final boolean something;
    private final Inherited listeners;
    private Passed.@Nullable Lock lock;
    private Passed.@Nullable Stats stats;

    private TakenOver(boolean something, Inherited listeners) {
        this.something = something;
        this.listeners = listeners;
    }

    static TakenOver of(List<Passed> passed) {
        TakenOver taken = new TakenOver(!passed.isEmpty(), new Inherited(sockets(passed)));
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
                .map(each -> new ListeningSocket(each.at(), each.descriptor()))
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
        while (something && isChecking(balancer) && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isChecking(Balancer balancer) {
        return balancer.status().pools().stream()
                .flatMap(pool -> pool.servers().stream())
                .anyMatch(server -> server.health().state() == ServerHealth.State.UNKNOWN);
    }
}
