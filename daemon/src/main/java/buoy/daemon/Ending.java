package buoy.daemon;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.Departure;
import buoy.vrrp.Resignation;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The end of a process, in order: the addresses that float are handed over ({@link Handover}), with
 * their clients; then those of this host's own addresses are asked to go and have {@code
 * process.drain} for it; then what is left is cut.
 */
final class Ending {
    /** How long handing over may take, whatever hangs; an offer that nobody takes is long. */
    private static final Duration TO_HAND_OVER = Duration.ofSeconds(10);

    private static final Duration TO_GIVE_UP = Duration.ofSeconds(2);
    private static final Duration FOR_A_RELOAD = Duration.ofSeconds(5);
    private static final Duration TO_CUT = Duration.ofSeconds(3);

    /** For who came last, once nobody else may come. */
    private static final Duration FOR_THE_LAST = Duration.ofSeconds(2);

    /** More than what the end takes beside what clients may take, whatever hangs. */
    private static final Duration ALL_ELSE = Duration.ofMinutes(1);

    private final Parts parts;
    private final Log log;
    private final ExecutorService control;
    private final Supplier<Duration> begin;
    private final Deque<AutoCloseable> atTheEnd = new ConcurrentLinkedDeque<>();
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * Nothing ends yet.
     *
     * @param control where reloads are done: one under way is waited for
     * @param begin called when the end begins; says how long sessions may go on
     */
    Ending(Parts parts, ExecutorService control, Supplier<Duration> begin) {
        this.parts = parts;
        this.log = parts.log();
        this.control = control;
        this.begin = begin;
    }

    boolean begun() {
        return asked.get() > 0;
    }

    /** Closed in reverse order when all else is over; told before the end begins. */
    void closeAtTheEnd(AutoCloseable part) {
        atTheEnd.push(part);
    }

    /** The first time: gracefully. The second time: at once. Returns at once. */
    void ask() {
        switch (asked.getAndIncrement()) {
            case 0 -> Thread.ofPlatform().name("buoy-stop").start(this::gracefully);
            case 1 -> Thread.ofPlatform().name("buoy-stop-now").start(this::atOnce);
            default -> log.warn("stop", "asked once more: it is under way");
        }
    }

    /**
     * Another process has taken the place of this one: clients have {@code process.drain} to go,
     * and nothing else is left to be handed over. Asked to stop meanwhile, it ends at once.
     *
     * @param last closed when nothing but clients is left
     */
    void makeWay(AutoCloseable last) {
        if (asked.getAndIncrement() == 0) {
            Thread.ofPlatform()
                    .name("buoy-stop")
                    .start(
                            () -> {
                                Duration patience = begin.get();
                                control.shutdown();
                                closeParts();
                                within(TO_CUT, "closing", last::close);
                                // A request may cross the close of an idle connection, and it is
                                // not for us to say that it may be sent twice. Nothing hurries.
                                letGo(patience, patience.multipliedBy(9).dividedBy(10));
                            });
        }
    }

    private static Fields stopping(String step) {
        return Fields.event(EventKind.STOP).and("step", step);
    }

    private void gracefully() {
        Duration patience = begin.get();
        parts.serviceManager().stopping(patience.plus(ALL_ELSE));
        control.shutdown();
        awaitReload();
        handOver(patience);
        giveUpAddresses();
        letGo(patience, Handover.shorter(patience.dividedBy(2), Handover.TO_TELL));
    }

    private void letGo(Duration patience, Duration idle) {
        drain(patience, idle);
        within(TO_CUT, "cutting connections", () -> parts.balancer().close());
        finish();
    }

    /** What the graceful end was doing is left where it is: the process takes it along. */
    private void atOnce() {
        log.warn("stop", "asked again: what is left is cut");
        giveUpAddresses();
        finish();
    }

    private void awaitReload() {
        try {
            if (!control.awaitTermination(FOR_A_RELOAD.toMillis(), TimeUnit.MILLISECONDS)) {
                log.error("stop", "the reload under way hangs and is left behind");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void handOver(Duration patience) {
        within(
                TO_HAND_OVER,
                "handing the addresses over",
                () -> {
                    var all = parts.routers().configured().keySet();
                    if (parts.handover().give(all, patience)
                            instanceof Resignation.Declined(var keepers)) {
                        log.warn(
                                "stop",
                                "no peer took the addresses of %s: nobody has them from now on"
                                        .formatted(String.join(", ", keepers)),
                                stopping("addresses-lost"));
                    }
                });
    }

    /**
     * Clients come as long as those are here who were here before: nobody else may serve them. Then
     * the door is closed, or there would be no end, and whoever is last would be cut.
     *
     * @param idle how long clients may take until their next request, which tells them to go
     */
    private void drain(Duration patience, Duration idle) {
        log.info(
                "stop",
                "clients are asked to go, and may finish within %d ms"
                        .formatted(patience.toMillis()),
                stopping("draining"));
        within(
                patience.plus(TO_CUT),
                "asking clients to go",
                () -> {
                    long end = System.nanoTime() + patience.toNanos();
                    Departure all = parts.balancer().departureOfAll();
                    parts.handover().ask(all, patience, idle);
                    Duration last = Handover.shorter(patience.dividedBy(2), FOR_THE_LAST);
                    parts.handover().awaitEarlier(all, until(end).minus(last));
                    parts.balancer().refuseNew(until(end));
                    if (!parts.balancer().awaitNobody(until(end))) {
                        log.info("stop", "some clients are still there: they are cut");
                    }
                });
    }

    private static Duration until(long nanos) {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    private void giveUpAddresses() {
        try {
            if (!parts.routers().stop(TO_GIVE_UP)) {
                log.error(
                        "vrrp",
                        "the addresses were not given up within %d ms: the kernel drops them after their lifetime"
                                .formatted(TO_GIVE_UP.toMillis()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        log.info("stop", "stopped", stopping("stopped"));
        closeParts();
        parts.end().complete(ExitCode.DONE);
    }

    private void closeParts() {
        for (AutoCloseable part = atTheEnd.poll(); part != null; part = atTheEnd.poll()) {
            AutoCloseable last = part;
            within(TO_CUT, "closing", last::close);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /**
     * A step that a hung worker could hold up for ever is given its time and then left behind:
     * nothing may keep the addresses from being given up.
     */
    private void within(Duration atMost, String what, Step step) {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("buoy-stop-step")
                        .start(
                                () -> {
                                    try {
                                        step.run();
                                    } catch (Exception e) {
                                        log.error("stop", what + " failed", e);
                                    }
                                });
        try {
            if (!thread.join(atMost)) {
                log.error("stop", what + " takes too long and is left behind");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
