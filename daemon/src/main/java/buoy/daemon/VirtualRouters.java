package buoy.daemon;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.daemon.lan.Firewall;
import buoy.daemon.log.Log;
import buoy.daemon.status.RealTimeStatus;
import buoy.vrrp.HandedOver;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;
import buoy.vrrp.Resignation;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.Speaker;
import buoy.vrrp.VrrpObserver;
import buoy.vrrp.core.Priority;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Facts;
import buoy.vrrp.track.Subject;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The speaker, if there is anything to speak about: a host that only balances needs no privilege
 * for raw sockets and no VRRP thread. {@link #prepare} and {@link #apply} belong to the control
 * thread; the rest is for any thread.
 */
final class VirtualRouters {
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);

    private final Kernel kernel;
    private final Firewall firewall;
    private final VrrpObserver observer;
    private final Log log;
    private final Object lock = new Object();

    /** Guarded by the lock, under which they are also passed on: the latest word comes last. */
    private Facts facts = Facts.NONE;

    private volatile @Nullable Speaker speaker;
    private volatile Map<String, VirtualRouter> configured = Map.of();
    private volatile boolean stopped;

    /** Whether another process speaks for the routers until {@link #takeOver}. */
    private boolean takesOver;

    /** Completed when it is decided who goes on after {@link #handOver}. */
    private CompletableFuture<Boolean> gone = new CompletableFuture<>();

    /**
     * Makes the speaker's ports; here is where a missing privilege is found out. They are left to
     * the end of the process: pool health may arrive as long as anything runs.
     */
    @FunctionalInterface
    interface Kernel {
        Ports open() throws KernelRefused;

        /** Finds out whether it can make links with virtual MAC addresses. */
        default void requireVirtualMacs() throws KernelRefused {}

        /** What is done so that the speaker's thread is punctual. */
        default RealTimeStatus realTime() {
            return RealTimeStatus.notAsked("this kernel cannot");
        }
    }

    VirtualRouters(Kernel kernel, Firewall firewall, VrrpObserver observer, Log log) {
        this.kernel = kernel;
        this.firewall = firewall;
        this.observer = observer;
        this.log = log;
    }

    /** Another process speaks for the routers: to be said before anything else. */
    void willTakeOver() {
        takesOver = true;
    }

    /**
     * Gets ready for these routers. Nothing is visible outside yet.
     *
     * @throws KernelRefused if this process may not speak VRRP; nothing has changed then
     */
    void prepare(Collection<VirtualRouter> routers) throws KernelRefused {
        if (!sealed(routers).isEmpty()) {
            firewall.prepareToSeal();
        }
        if (routers.stream().anyMatch(VirtualRouter::virtualMac)) {
            kernel.requireVirtualMacs();
        }
        if (speaker == null && !routers.isEmpty()) {
            Speaker fresh = new Speaker(kernel.open(), observer, takesOver);
            fresh.start();
            synchronized (lock) {
                facts.all().forEach(fresh::learn);
                speaker = fresh;
            }
        }
    }

    /** Makes these the routers that run; {@link #prepare} has been called with them. */
    void apply(Collection<VirtualRouter> routers) {
        Speaker running = speaker;
        if (running == null || stopped) {
            return;
        }
        settle(routers);
        running.apply(routers);
    }

    /**
     * As the first {@link #apply}, for routers that the process before this one has spoken for.
     * Waits until they are spoken for here.
     */
    void takeOver(Collection<VirtualRouter> routers, HandedOver before) throws KernelRefused {
        Speaker running = speaker;
        if (running == null || stopped) {
            return;
        }
        settle(routers);
        try {
            running.takeOver(routers, before).orTimeout(5, TimeUnit.SECONDS).join();
        } catch (CompletionException hung) {
            throw new KernelRefused("the VRRP thread does not get to speak", hung);
        }
    }

    /**
     * Falls silent, so that another process may speak for the routers. {@link #decide} is to be
     * called soon, whatever comes of it.
     *
     * @param wanted as {@link HandedOver#keys}
     * @return what the other one needs; empty if that is not known in time
     */
    Optional<HandedOver> handOver(Set<String> wanted, Duration atMost) throws InterruptedException {
        Speaker running = speaker;
        if (running == null) {
            return Optional.of(new HandedOver(List.of(), Set.of(), List.of()));
        }
        gone = new CompletableFuture<>();
        try {
            return Optional.of(
                    running.handOver(wanted, gone).get(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException _) {
            return Optional.empty();
        }
    }

    /**
     * Who goes on after {@link #handOver}.
     *
     * @param isGone the other process: nothing is said or touched here any more
     */
    void decide(boolean isGone) {
        stopped |= isGone;
        gone.complete(isGone);
    }

    /** Before an address can be added. */
    private void settle(Collection<VirtualRouter> routers) {
        try {
            firewall.seal(sealed(routers));
        } catch (KernelRefused refused) {
            log.error("vrrp", "accept: false is not in force: " + refused.getMessage());
        }
        Map<String, VirtualRouter> byName = new LinkedHashMap<>();
        routers.forEach(router -> byName.put(router.name(), router));
        configured = byName;
    }

    private static Set<InetAddress> sealed(Collection<VirtualRouter> routers) {
        return routers.stream()
                .filter(router -> !router.accept())
                .filter(router -> router.priority() != Priority.OWNER.value())
                .flatMap(router -> router.floating().stream())
                .map(Prefix::address)
                .collect(Collectors.toSet());
    }

    /** As configured now, in that order. */
    Map<String, VirtualRouter> configured() {
        return Collections.unmodifiableMap(configured);
    }

    /** Every address that moves with one of these routers. */
    Set<InetAddress> addresses(Set<String> names) {
        return configured.values().stream()
                .filter(router -> names.contains(router.name()))
                .flatMap(router -> router.floating().stream())
                .map(Prefix::address)
                .collect(Collectors.toSet());
    }

    /** As {@link Speaker#resign}. */
    CompletableFuture<Resignation> resign(Set<String> names) {
        Speaker running = speaker;
        return running == null
                ? CompletableFuture.completedFuture(new Resignation.Done())
                : running.resign(names);
    }

    /** As {@link Speaker#resume}. */
    void resume(Set<String> names) {
        Speaker running = speaker;
        if (running != null) {
            running.resume(names);
        }
    }

    /** As {@link Speaker#resigned(Set)}: before the first {@link #apply}. */
    void resigned(Set<String> names) {
        Speaker running = speaker;
        if (running != null && !names.isEmpty()) {
            running.resigned(names);
        }
    }

    /** The names of those that are resigned; empty if that is not known in time. */
    Optional<Set<String>> resigned() {
        Speaker running = speaker;
        if (running == null) {
            return Optional.of(Set.of());
        }
        try {
            return Optional.of(running.resigned().get(TO_ANSWER.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    void poolHealth(String pool, int up) {
        learn(new Fact.ServersUp(new Subject.Pool(pool), up));
    }

    /** Remembered, because the speaker may come later. */
    void learn(Fact fact) {
        synchronized (lock) {
            facts = facts.with(fact);
            Speaker running = speaker;
            if (running != null) {
                running.learn(fact);
            }
        }
    }

    RealTimeStatus realTime() {
        return speaker == null ? RealTimeStatus.notAsked("no virtual routers") : kernel.realTime();
    }

    List<RouterStatus> status() {
        Speaker running = speaker;
        return running == null ? List.of() : running.status();
    }

    /**
     * Gives all addresses up. A reload that hangs and comes to after this must not take them again.
     *
     * @return whether that was done in time
     */
    boolean stop(Duration atMost) throws InterruptedException {
        stopped = true;
        Speaker running = speaker;
        return running == null || running.stop(atMost);
    }
}
