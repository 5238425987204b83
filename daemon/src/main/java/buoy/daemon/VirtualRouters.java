package buoy.daemon;

import buoy.config.model.VirtualRouter;
import buoy.daemon.status.RealTimeStatus;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.Ports;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.Speaker;
import buoy.vrrp.VrrpObserver;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Facts;
import buoy.vrrp.track.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The speaker, if there is anything to speak about: a host that only balances needs no privilege
 * for raw sockets and no VRRP thread. {@link #prepare} and {@link #apply} belong to the control
 * thread; the rest is for any thread.
 */
final class VirtualRouters {
    private final Kernel kernel;
    private final VrrpObserver observer;
    private final Object lock = new Object();

    /** Guarded by the lock, under which they are also passed on: the latest word comes last. */
    private Facts facts = Facts.NONE;

    private volatile @Nullable Speaker speaker;
    private volatile boolean stopped;

    /**
     * Makes the speaker's ports; here is where a missing privilege is found out. They are left to
     * the end of the process: pool health may arrive as long as anything runs.
     */
    @FunctionalInterface
    interface Kernel {
        Ports open() throws KernelRefused;

        /** What is done so that the speaker's thread is punctual. */
        default RealTimeStatus realTime() {
            return RealTimeStatus.notAsked("this kernel cannot");
        }
    }

    VirtualRouters(Kernel kernel, VrrpObserver observer) {
        this.kernel = kernel;
        this.observer = observer;
    }

    /**
     * Gets ready for these routers. Nothing is visible outside yet.
     *
     * @throws KernelRefused if this process may not speak VRRP; nothing has changed then
     */
    void prepare(Collection<VirtualRouter> routers) throws KernelRefused {
        if (speaker == null && !routers.isEmpty()) {
            Speaker fresh = new Speaker(kernel.open(), observer);
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
        if (running != null && !stopped) {
            running.apply(routers);
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
