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
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
     * are new. What one listener gives up and another one has from now on stays as it is. If one
     * fails, those bound here are closed again, and nothing that runs was touched.
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
                Optional<Sockets> bound =
                        (known == null ? Optional.<Sockets>empty() : known.at(location))
                                .or(() -> instead(listening, location, configured));
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

    /** What a listener has at an address where it has nothing yet, if that need not be bound. */
    private Optional<Sockets> instead(
            Listening listening, Location location, Map<String, Listener> configured) {
        if (!listening.takesConnections()) {
            return Optional.empty(); // sockets for datagrams have the sessions of their listener
        }
        if (listening.paused().isPresent()) {
            return Optional.of(Sockets.refusing(workers, listening, location));
        }
        return open.values().stream()
                .filter(each -> each.listening().takesConnections())
                .filter(each -> !keeps(each, location, configured))
                .flatMap(each -> each.at(location).stream())
                .filter(sockets -> !sockets.isRefusing())
                .findFirst();
    }

    private static boolean keeps(
            OpenListener now, Location location, Map<String, Listener> configured) {
        Listener next = configured.get(now.config().name());
        return next != null && now.isLike(next) && next.bind().contains(location);
    }

    /** Whether some listener has it now. */
    private boolean has(Location location) {
        return open.values().stream().anyMatch(each -> each.at(location).isPresent());
    }

    private Listening listening(
            Listener listener, Map<String, Securing> tls, Map<String, Pool> pools) {
        Listening listening =
                new Listening(
                        listener.name(),
                        workers.count(),
                        most(listener),
                        connections,
                        leaving,
                        fronts.front(listener, pools, null),
                        Optional.ofNullable(tls.get(listener.name())),
                        listener.admission());
        // What operators want is wanted of the name.
        OpenListener before = open.get(listener.name());
        (before == null ? inherited.takePaused(listener.name()) : before.listening().paused())
                .ifPresent(listening::pause);
        return listening;
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
        Set<Sockets> stays = new HashSet<>();
        for (OpenListener now : next.values()) {
            Listener listener = now.config();
            now.listening()
                    .does(
                            fronts.front(listener, pools, now.listening().front()),
                            Optional.ofNullable(tls.get(listener.name())),
                            listener.admission(),
                            most(listener));
            stays.addAll(now.sockets());
            for (Sockets sockets : now.sockets()) {
                OpenListener was = before.get(listener.name());
                boolean had = was != null && was.sockets().contains(sockets);
                sockets.owner().becomes(now.listening());
                if (!had && isOpen(now)) {
                    opened(listener.name(), sockets);
                }
            }
        }
        for (OpenListener was : before.values()) {
            OpenListener now = next.get(was.config().name());
            boolean goesOn = now != null && now.listening() == was.listening();
            for (Sockets sockets : was.sockets()) {
                if (isOpen(was) && (now == null || !now.sockets().contains(sockets))) {
                    closed(was.config().name(), sockets);
                }
                if (!stays.contains(sockets)) {
                    close(sockets, goesOn || isLong(patience));
                }
            }
            if (!goesOn) {
                remove(was, patience);
            }
        }
    }

    /** Whether there is time for those who come in late, before what is left is cut. */
    private static boolean isLong(Duration patience) {
        return patience.compareTo(Workers.longestToRefuse()) > 0;
    }

    /** What is paused was said to be closed when that began. */
    private static boolean isOpen(OpenListener listener) {
        return listener.listening().paused().isEmpty();
    }

    private void opened(String name, Sockets sockets) {
        observer.event(new BalancerEvent.ListenerOpened(name, sockets.bound()));
    }

    private void closed(String name, Sockets sockets) {
        observer.event(new BalancerEvent.ListenerClosed(name, sockets.bound()));
    }

    private static void close(Sockets sockets, boolean soon) {
        if (soon) {
            sockets.closeSoon();
        } else {
            sockets.close();
        }
    }

    private void remove(OpenListener was, Duration patience) {
        Listening listening = was.listening();
        listening.remove();
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

    /**
     * As {@link Balancer#refuseNew}.
     *
     * @return done when the sockets are closed
     */
    List<ChannelFuture> refuse() {
        return sockets().flatMap(each -> each.refuse().stream()).toList();
    }

    /** As {@link Balancer#pauseListener}. */
    boolean pause(String name) {
        OpenListener now = open.get(name);
        if (now == null) {
            return false;
        }
        if (isOpen(now)) {
            now.listening().pause(Instant.now());
            for (Sockets sockets : now.sockets()) {
                if (now.listening().takesConnections()) {
                    var _ = sockets.refuse();
                }
                closed(name, sockets);
            }
        }
        return true;
    }

    /** As {@link Balancer#resumeListener}. */
    Optional<Boolean> resume(String name) throws BindFailed {
        OpenListener now = open.get(name);
        if (now == null || isOpen(now)) {
            return now == null ? Optional.empty() : Optional.of(false);
        }
        List<Sockets> sockets =
                now.listening().takesConnections() ? again(now.sockets()) : now.sockets();
        Map<String, OpenListener> next = new LinkedHashMap<>(open);
        next.put(name, new OpenListener(now.config(), now.listening(), sockets));
        open = next;
        now.listening().resume();
        sockets.forEach(each -> opened(name, each));
        return Optional.of(true);
    }

    /** All of them, or none. */
    private static List<Sockets> again(List<Sockets> closed) throws BindFailed {
        List<Sockets> fresh = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Sockets each : closed) {
            try {
                Sockets again = each.again();
                fresh.add(again);
                again.appear();
            } catch (BindFailed failed) {
                problems.addAll(failed.problems());
            }
        }
        if (!problems.isEmpty()) {
            fresh.forEach(Sockets::close);
            throw new BindFailed(problems);
        }
        return fresh;
    }

    /** Those that are paused, and since when. */
    Map<String, Instant> paused() {
        Map<String, Instant> paused = new LinkedHashMap<>();
        open.forEach(
                (name, each) ->
                        each.listening().paused().ifPresent(since -> paused.put(name, since)));
        return paused;
    }

    /** How many connections and sessions a listener has; any thread. */
    int connected(String name) {
        OpenListener now = open.get(name);
        return now == null ? 0 : now.listening().connected();
    }

    List<String> names() {
        return List.copyOf(open.keySet());
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
            each.sockets().forEach(Sockets::close);
            if (isOpen(each)) {
                each.sockets().forEach(sockets -> closed(each.config().name(), sockets));
            }
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
        open.forEach((name, listener) -> accepting.put(name, trouble(listener)));
        return accepting;
    }

    private static Optional<String> trouble(OpenListener listener) {
        return isOpen(listener)
                ? listener.sockets().stream()
                        .flatMap(sockets -> sockets.trouble().stream())
                        .findFirst()
                : Optional.of("it is paused by command");
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
                                        each.listening().paused(),
                                        each.listening().connected(),
                                        Math.min(most(each.config()), connections.most()),
                                        each.listening().totals(),
                                        each.listening().mirroredTotals()))
                .toList();
    }
}
