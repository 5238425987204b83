package buoy.lb;

import buoy.config.model.Listener;
import buoy.config.model.Location;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.listen.CameTo;
import buoy.lb.listen.Leaving;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Places;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Flow;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The listeners as they run now. Not thread-safe: the balancer's lock guards it. */
final class RunningListeners {
    private final Workers workers;
    private final Fronts fronts;
    private final Places connections;
    private final Leaving leaving = new Leaving();
    private final Inherited inherited;
    private final BalancerObserver observer;

    /** Those that were removed, as long as clients of theirs are here. */
    private volatile List<OpenListener> removed = List.of();

    /** Replaced, never changed, as those: who asks what there is waits for no lock. */
    private volatile Map<String, OpenListener> open = new LinkedHashMap<>();

    RunningListeners(
            Workers workers,
            Fronts fronts,
            Places connections,
            Inherited inherited,
            BalancerObserver observer) {
        this.workers = workers;
        this.fronts = fronts;
        this.connections = connections;
        this.inherited = inherited;
        this.observer = observer;
    }

    /**
     * Binds the addresses that are not bound yet, and lets clients find those of unix sockets that
     * are new or go to another listener. If one fails, those bound here are closed again, and
     * nothing that runs was touched.
     */
    Map<String, OpenListener> bind(
            Map<String, Listener> configured, Map<String, Securing> tls, Map<String, Pool> pools)
            throws BindFailed {
        Map<String, OpenListener> next = new LinkedHashMap<>();
        List<Sockets> fresh = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Listener listener : configured.values()) {
            OpenListener known = known(listener);
            Listening listening =
                    known == null ? listening(listener, tls, pools) : known.listening();
            List<Sockets> sockets = new ArrayList<>();
            for (Location location : listener.bind()) {
                Optional<Sockets> bound = known == null ? Optional.empty() : known.at(location);
                if (bound.isPresent()) {
                    sockets.add(bound.get());
                } else {
                    try {
                        Sockets more =
                                Sockets.bind(
                                        workers, listening, location, has(location), inherited);
                        sockets.add(more);
                        fresh.add(more);
                    } catch (BindFailed failed) {
                        problems.addAll(failed.problems());
                    }
                }
            }
            next.put(listener.name(), new OpenListener(listener, listening, sockets));
        }
        if (problems.isEmpty()) {
            problems.addAll(appear(fresh));
        }
        if (!problems.isEmpty()) {
            fresh.forEach(Sockets::close);
            throw new BindFailed(problems);
        }
        return next;
    }

    /**
     * Before anything is closed, for all listeners: a path that goes from one to another is never
     * without a socket. Those that take another's place come last: should one before them fail, no
     * place was taken.
     *
     * @return what failed
     */
    private List<String> appear(List<Sockets> fresh) {
        List<Sockets> order = new ArrayList<>(fresh);
        order.sort(Comparator.comparing(sockets -> has(sockets.asked())));
        for (Sockets sockets : order) {
            try {
                sockets.appear();
            } catch (BindFailed failed) {
                return failed.problems();
            }
        }
        return List.of();
    }

    /** The one of this name, unless it has sockets of another kind: then it is a new one. */
    private @Nullable OpenListener known(Listener listener) {
        OpenListener open = this.open.get(listener.name());
        return open != null && open.isLike(listener) ? open : null;
    }

    /** Whether some listener has it now. */
    private boolean has(Location location) {
        return open.values().stream().anyMatch(each -> each.at(location).isPresent());
    }

    private Listening listening(
            Listener listener, Map<String, Securing> tls, Map<String, Pool> pools) {
        return new Listening(
                listener.name(),
                workers.count(),
                most(listener),
                connections,
                leaving,
                fronts.front(listener, pools, null),
                Optional.ofNullable(tls.get(listener.name())),
                listener.admission());
    }

    private static int most(Listener listener) {
        return listener.maxConnections().orElse(Integer.MAX_VALUE);
    }

    /**
     * Makes the listeners hold that {@link #bind} made: the others stop accepting and drain.
     *
     * @param patience how long what a removed listener has under way may take
     */
    void apply(
            Map<String, OpenListener> next,
            Map<String, Securing> tls,
            Map<String, Pool> pools,
            Duration patience) {
        Map<String, OpenListener> before = open;
        open = next;
        for (OpenListener now : next.values()) {
            Listener listener = now.config();
            now.listening()
                    .does(
                            fronts.front(listener, pools, now.listening().front()),
                            Optional.ofNullable(tls.get(listener.name())),
                            listener.admission(),
                            most(listener));
            OpenListener was = before.get(listener.name());
            List<Sockets> kept =
                    was == null || was.listening() != now.listening() ? List.of() : was.sockets();
            now.sockets().stream()
                    .filter(sockets -> !kept.contains(sockets))
                    .forEach(sockets -> opened(listener.name(), sockets));
            kept.stream()
                    .filter(sockets -> !now.sockets().contains(sockets))
                    .forEach(sockets -> close(listener.name(), sockets));
        }
        before.values().stream()
                .filter(was -> !isIn(next, was))
                .forEach(was -> remove(was, patience));
    }

    private static boolean isIn(Map<String, OpenListener> next, OpenListener was) {
        OpenListener now = next.get(was.config().name());
        return now != null && now.listening() == was.listening();
    }

    private void opened(String name, Sockets sockets) {
        observer.event(new BalancerEvent.ListenerOpened(name, sockets.bound()));
    }

    private void close(String name, Sockets sockets) {
        sockets.close();
        observer.event(new BalancerEvent.ListenerClosed(name, sockets.bound()));
    }

    private void remove(OpenListener was, Duration patience) {
        was.sockets().forEach(sockets -> close(was.config().name(), sockets));
        Listening listening = was.listening();
        removed = Stream.concat(stayedWith(), Stream.of(was)).toList();
        workers.runOnEach(
                worker -> {
                    listening.clients(worker).drain(new CameTo.Anywhere());
                    var _ =
                            worker.loop()
                                    .schedule(
                                            () ->
                                                    listening
                                                            .clients(worker)
                                                            .cut(Reason.LISTENER_REMOVED),
                                            patience.toNanos(),
                                            TimeUnit.NANOSECONDS);
                });
    }

    /** As {@link Balancer#begin}. */
    void begin() throws BindFailed {
        if (!inherited.isHeld()) {
            return;
        }
        inherited.begin();
        for (Sockets each : sockets().toList()) {
            each.begin();
        }
    }

    List<ListeningSocket> passable() {
        return sockets().flatMap(each -> each.passable().stream()).toList();
    }

    /** As {@link Balancer#leaveListening}. */
    void leave() {
        sockets().forEach(Sockets::leave);
    }

    /** As {@link Balancer#refuseNew}. */
    void refuse() {
        sockets().forEach(Sockets::refuse);
    }

    private Stream<Sockets> sockets() {
        return open.values().stream().flatMap(each -> each.sockets().stream());
    }

    private Stream<OpenListener> stayedWith() {
        return removed.stream().filter(each -> each.listening().connected() > 0);
    }

    /**
     * Those that clients are with: the ones that are open, and removed ones that they stay with.
     * Without the lock.
     */
    List<OpenListener> withClients() {
        return Stream.concat(open.values().stream(), stayedWith()).toList();
    }

    /** For these clients to go. */
    Departure departure(CameTo at) {
        return new Departure(
                workers, open.values().stream().map(OpenListener::listening).toList(), leaving, at);
    }

    /**
     * Stops accepting and cuts what is left. Waits until every worker has done so: whoever ends
     * them next would close connections without a word.
     */
    void stop(Duration atMost) throws InterruptedException {
        List<OpenListener> all = List.copyOf(open.values());
        open = new LinkedHashMap<>();
        for (OpenListener each : all) {
            each.listening().stops();
            each.sockets().forEach(sockets -> close(each.config().name(), sockets));
        }
        CountDownLatch left = new CountDownLatch(workers.count());
        workers.runOnEach(
                worker -> {
                    all.forEach(each -> each.listening().clients(worker).cut(Reason.STOPPING));
                    left.countDown();
                });
        var _ = left.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Every listener, with why it accepts no connections, if so; any thread. */
    Map<String, Optional<String>> accepting() {
        Map<String, Optional<String>> accepting = new LinkedHashMap<>();
        open.forEach(
                (name, listener) ->
                        accepting.put(
                                name,
                                listener.sockets().stream()
                                        .flatMap(sockets -> sockets.trouble().stream())
                                        .findFirst()));
        return accepting;
    }

    List<Flow> flows() {
        return open.values().stream().map(each -> each.listening().flow()).toList();
    }

    List<ListenerStatus> status() {
        return open.values().stream()
                .map(
                        each ->
                                new ListenerStatus(
                                        each.config().name(),
                                        each.protocol(),
                                        each.sockets().stream().map(Sockets::bound).toList(),
                                        each.listening().secure(),
                                        each.listening().connected(),
                                        Math.min(most(each.config()), connections.most()),
                                        each.listening().totals(),
                                        each.listening().mirroredTotals()))
                .toList();
    }
}
