package buoy.lb;

import buoy.lb.listen.CameTo;
import buoy.lb.listen.Leaving;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Presence;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * The clients of some addresses of this host are to go, because another host is to have the
 * addresses; or all clients are, because the process ends. One at a time. Each step returns at
 * once; connections are accepted throughout, and those who come are served.
 *
 * <p>The order that loses nothing: {@link #begin}, and give clients that ask again and again the
 * time to be told; {@link #closeIdle}; wait until {@link #presence} has no exchange; let the
 * address go; {@link #cutMoved}; {@link #end}.
 */
public final class Departure {
    private final Workers workers;
    private final List<Listening> listenings;
    private final Leaving leaving;
    private final CameTo at;

    Departure(Workers workers, List<Listening> listenings, Leaving leaving, CameTo at) {
        this.workers = workers;
        this.listenings = List.copyOf(listenings);
        this.leaving = leaving;
        this.at = at;
    }

    /** Every answer from now on says that it is the last of its connection. */
    public void begin() {
        leaving.from(at);
        onEach((worker, listening) -> listening.clients(worker).endWithNextAnswer(worker, at));
    }

    /** Closes what carries nothing. */
    public void closeIdle() {
        onEach((worker, listening) -> listening.clients(worker).drain(at));
    }

    /**
     * Who is there now, of these addresses.
     *
     * @return empty if a worker does not say within {@code atMost}
     */
    public Optional<Presence> presence(Duration atMost) throws InterruptedException {
        AtomicReference<Presence> sum = new AtomicReference<>(Presence.NOBODY);
        CountDownLatch waiting = new CountDownLatch(workers.count());
        workers.runOnEach(
                worker -> {
                    for (Listening listening : listenings) {
                        Presence here = listening.clients(worker).presence(at);
                        sum.updateAndGet(here::plus);
                    }
                    waiting.countDown();
                });
        return waiting.await(atMost.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(sum.get())
                : Optional.empty();
    }

    /** The addresses are another host's now: closes what is left. */
    public void cutMoved() {
        onEach((worker, listening) -> listening.clients(worker).cutMoved(worker, at));
    }

    /** Connections accepted from now on are kept again. */
    public void end() {
        leaving.end();
    }

    private void onEach(BiConsumer<Worker, Listening> step) {
        workers.runOnEach(
                worker -> listenings.forEach(listening -> step.accept(worker, listening)));
    }
}
