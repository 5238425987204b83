package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.track.Fact;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Runs every virtual router on one platform thread. Each public method may be called from any
 * thread; those that change something put it into a queue and return at once.
 *
 * <p>Use: construct, {@link #apply} the configured routers, {@link #start}, and {@link #stop} at
 * the end. A thread that dies of a bug gives every address up first and tells the observer {@link
 * VrrpEvent.Failed}.
 */
public final class Speaker {
    /** How long {@link #status} waits for the thread before it answers with what it knew last. */
    private static final Duration STATUS_PATIENCE = Duration.ofSeconds(1);

    private final Ports ports;
    private final VrrpObserver observer;
    private final Loop loop;
    private final Queue<Consumer<Loop>> commands = new ConcurrentLinkedQueue<>();
    private final AtomicReference<List<RouterStatus>> lastStatus = new AtomicReference<>(List.of());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;

    public Speaker(Ports ports, VrrpObserver observer) {
        this(ports, observer, false);
    }

    /**
     * @param takesOver whether it is to {@link #takeOver}: then what is there of virtual MAC
     *     addresses, routes and rules is left until it does
     */
    public Speaker(Ports ports, VrrpObserver observer, boolean takesOver) {
        this.ports = ports;
        this.observer = observer;
        this.loop = new Loop(ports, observer, takesOver);
        this.thread = Thread.ofPlatform().name("vrrp").unstarted(this::run);
    }

    /** Starts the thread; once. */
    public void start() {
        thread.start();
    }

    /**
     * Makes these the routers that run. One that is equal to what runs is not touched. A changed
     * priority or timing is no transition; an added or removed address changes that address alone;
     * another interface, VRID, version or address family makes a new router of it.
     */
    public void apply(Collection<VirtualRouter> routers) {
        List<VirtualRouter> wanted = distinct(routers);
        post(loop -> loop.apply(wanted));
    }

    private static List<VirtualRouter> distinct(Collection<VirtualRouter> routers) {
        List<VirtualRouter> wanted = List.copyOf(routers);
        List<Identity> identities =
                wanted.stream().flatMap(router -> Identity.of(router).stream()).toList();
        if (Set.copyOf(identities).size() < identities.size()) {
            throw new IllegalArgumentException(
                    "two routers with one interface, router-id, family and version: " + wanted);
        }
        return wanted;
    }

    /**
     * As the first {@link #apply}, for routers that another process of this host has spoken for
     * until now: they go on as if nothing had happened.
     *
     * @return completed on the speaker's thread when it speaks for them
     */
    public CompletableFuture<Void> takeOver(Collection<VirtualRouter> routers, HandedOver before) {
        List<VirtualRouter> wanted = distinct(routers);
        CompletableFuture<Void> done = new CompletableFuture<>();
        post(
                loop -> {
                    loop.takeOver(wanted, before);
                    done.complete(null);
                });
        return done;
    }

    /**
     * Falls silent, so that another process of this host may speak for these routers. Everything
     * stays as it is, and the thread waits for the decision; not for longer than peers wait for an
     * advertisement, should it be spoken for by nobody.
     *
     * @param wanted as {@link HandedOver#keys}; routers of other teams are given up
     * @param gone whether the other one speaks for them: then this one never does again, and its
     *     thread ends
     * @return what the other one needs, completed on the speaker's thread
     */
    public CompletableFuture<HandedOver> handOver(
            Set<String> wanted, CompletableFuture<Boolean> gone) {
        CompletableFuture<HandedOver> all = new CompletableFuture<>();
        post(
                loop -> {
                    all.complete(loop.handOver(wanted));
                    if (gone.join()) {
                        loop.leave();
                    } else {
                        loop.takeBack();
                    }
                });
        return all;
    }

    /** Tells what is known of something tracked; what is not told changes no priority. */
    public void learn(Fact fact) {
        post(loop -> loop.learn(fact));
    }

    /**
     * Makes routers hand their addresses over and ask for them no more: their effective priority is
     * 1 until {@link #resume}. The active ones among them offer their addresses with priority 0 and
     * keep them until a peer advertises; if none does, nothing has changed.
     *
     * @param names as configured; one that is not configured is passed over
     * @return what came of it, completed on the speaker's thread, which must not be kept waiting
     */
    public CompletableFuture<Resignation> resign(Set<String> names) {
        CompletableFuture<Resignation> outcome = new CompletableFuture<>();
        post(loop -> loop.resign(names, outcome::complete));
        return outcome;
    }

    /**
     * These were resigned in a process before this one, and still are: to be said before {@link
     * #apply}, so that they ask for their addresses no more than they did there.
     *
     * @param names as configured; one that is not configured then is passed over
     */
    public void resigned(Set<String> names) {
        post(loop -> loop.resigned(names));
    }

    /**
     * The routers that are resigned, with those that are about to be.
     *
     * @return completed on the speaker's thread, which must not be kept waiting; not at all once
     *     that has ended
     */
    public CompletableFuture<Set<String>> resigned() {
        CompletableFuture<Set<String>> names = new CompletableFuture<>();
        post(loop -> names.complete(loop.resigned()));
        return names;
    }

    /** Makes routers take part again. One that was not resigned is not touched. */
    public void resume(Set<String> names) {
        post(loop -> loop.resume(names));
    }

    /** What every router does now, in the order configured. */
    public List<RouterStatus> status() {
        if (!thread.isAlive()) {
            return lastStatus.get();
        }
        CountDownLatch answered = new CountDownLatch(1);
        post(
                loop -> {
                    lastStatus.set(loop.status());
                    answered.countDown();
                });
        try {
            answered.await(STATUS_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return lastStatus.get();
    }

    /**
     * Gives every address up with priority 0, so that peers take over within their skew time, and
     * ends the thread.
     *
     * @return whether that was done within {@code atMost}
     */
    public boolean stop(Duration atMost) throws InterruptedException {
        post(Loop::stop);
        if (thread.getState() == Thread.State.NEW) {
            return true;
        }
        return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void post(Consumer<Loop> command) {
        commands.add(command);
        ports.waiter().wakeUp();
    }

    private void run() {
        try {
            ports.onThreadStart().run();
            loop.run(commands);
        } catch (Throwable bug) {
            // Whatever it was, a router that no longer thinks must not keep the addresses.
            loop.abandon(bug);
            observer.on(new VrrpEvent.Failed(bug));
        } finally {
            lastStatus.set(loop.status());
            ended.countDown();
        }
    }
}
