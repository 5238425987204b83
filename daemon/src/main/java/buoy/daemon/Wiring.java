package buoy.daemon;

import buoy.config.model.Config;
import buoy.daemon.acme.Orders;
import buoy.daemon.admin.Door;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.command.HealthPrograms;
import buoy.daemon.command.Runner;
import buoy.daemon.events.Events;
import buoy.daemon.heap.Eden;
import buoy.daemon.history.History;
import buoy.daemon.lan.Firewall;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.notify.Notifier;
import buoy.daemon.page.Live;
import buoy.daemon.page.PaceMaker;
import buoy.daemon.page.Picture;
import buoy.daemon.peer.Peers;
import buoy.daemon.state.OrderKeeper;
import buoy.daemon.state.OrdersFile;
import buoy.daemon.state.StandingOrders;
import buoy.daemon.status.Status;
import buoy.daemon.track.Trackers;
import buoy.daemon.track.WorkerWatch;
import buoy.lb.Balancer;
import buoy.lb.BindFailed;
import buoy.lb.Inherited;
import buoy.lb.Secured;
import buoy.lb.listen.Securing;
import buoy.lb.worker.TransportUnavailable;
import buoy.linux.Kernel;
import buoy.tls.Challenges;
import buoy.vrrp.HandedOver;
import buoy.vrrp.KernelRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Puts the parts of a running Buoy together: plain constructors, read from top to bottom. */
final class Wiring {
    private Wiring() {}

    /**
     * Starts everything. The addresses are spoken for last, when all else is proven to work.
     *
     * @param kernel for the routers, if there are any
     * @param before what the process before this one passed on: it goes when all is ready, and who
     *     came there meanwhile waits
     * @throws StartRefused with the reason in words; nothing runs then
     */
    static Daemon start(
            LoadedConfig loaded,
            Kernel system,
            VirtualRouters.Kernel kernel,
            Firewall firewall,
            Log log,
            ServiceManager serviceManager,
            String host,
            Instant startedAt,
            TakenOver before)
            throws StartRefused {
        Config config = loaded.config();
        CompletableFuture<ExitCode> end = new CompletableFuture<>();
        Events events = Events.start(startedAt, () -> readerCut(log));
        History history = new History();
        log.tell(
                (kind, message, fields) -> {
                    events.said(kind, message, fields);
                    history.said(kind, message, fields);
                });
        Runner runner = new Runner(system);
        Notifier notifier = new Notifier(runner, log);
        Moves moves = new Moves();
        Incumbency incumbency = new Incumbency();
        Challenges challenges = new Challenges();
        VrrpLog said = new VrrpLog(log, notifier, () -> end.complete(ExitCode.REFUSED));
        VirtualRouters routers =
                new VirtualRouters(
                        kernel,
                        firewall,
                        event -> {
                            said.on(event);
                            moves.on(event);
                            incumbency.on(event);
                        },
                        log);
        OrdersFile place = OrdersFile.of(config);
        OrdersFile.Kept kept = place.read();
        Balancer balancer;
        try {
            balancer =
                    Balancer.start(
                            config,
                            secured(loaded, challenges),
                            challenges,
                            new HealthPrograms(runner),
                            before.isSomething()
                                    ? before.listeners()
                                    : Inherited.knowing(
                                            kept.orders().known(), kept.orders().listeners()),
                            new BalancerLog(log, routers::poolHealth));
        } catch (TransportUnavailable | BindFailed refused) {
            throw new StartRefused(refused);
        }
        moves.begin(balancer, routers);
        DoorLoop doorLoop = new DoorLoop();
        try {
            WorkerWatch watch = new WorkerWatch(balancer::workers, routers::learn, log);
            Trackers trackers =
                    new Trackers(
                            system, runner, balancer::accepting, watch::hung, routers::learn, log);
            Orders orders = new Orders(challenges, () -> incumbency.of(routers.configured()), log);
            orders.apply(loaded.tls().ordered());
            if (before.isSomething()) {
                routers.willTakeOver();
            }
            routers.prepare(config.routers().values());
            Peers peers =
                    config.peer().map(each -> Peers.of(each, host, orders, log)).orElse(Peers.NONE);
            Parts parts =
                    new Parts(
                            log,
                            serviceManager,
                            balancer,
                            routers,
                            new Handover(balancer, routers, firewall, log),
                            watch,
                            trackers,
                            challenges,
                            orders,
                            peers,
                            notifier,
                            doorLoop,
                            events,
                            Eden.ofThisProcess(),
                            end,
                            host,
                            startedAt);
            OrderKeeper keeper =
                    new OrderKeeper(
                            place,
                            kept,
                            balancer::pausedListeners,
                            balancer::ordered,
                            routers::resigned,
                            log);
            Daemon daemon = new Daemon(parts, keeper, loaded);
            Executor asked = Executors.newVirtualThreadPerTaskExecutor();
            PaceMaker pace = new PaceMaker();
            Live live =
                    new Live(
                            () -> {
                                Status status = daemon.status();
                                return new Picture(
                                        status,
                                        events.latest(),
                                        daemon.actions(),
                                        history.past(),
                                        pace.of(status.balancer(), System.nanoTime()));
                            },
                            asked,
                            () -> readerCut(log));
            Api api = new Api(daemon::status, daemon, events, live, history::past, asked);
            before.awaitChecks(balancer);
            StatsDoor stats =
                    new StatsDoor(
                            doorLoop,
                            config.stats(),
                            api.stats(log),
                            log,
                            before.stats(config.stats().bind()));
            Door admin = Door.unix(doorLoop, config.admin().socket(), api.admin());
            notifier.apply(config.routers().values());
            Optional<HandedOver> left = before.awaitGo(config.routers().values());
            admin.appear();
            stats.begin();
            balancer.begin();
            if (left.isPresent()) {
                // Last of all that may fail: peers have heard nothing for this long.
                routers.takeOver(config.routers().values(), left.get());
                before.taken(config.admin().socket(), log);
                trackers.goOnFrom(left.get().facts());
            }
            daemon.opened(admin, stats, live, history);
            history.begin(daemon::flows, asked);
            trackers.apply(config.routers().values());
            if (left.isEmpty()) {
                Map<String, Instant> resigned = kept.orders().within(config).resigned();
                OrderKeeper.say(
                        kept,
                        StandingOrders.of(balancer.pausedListeners(), balancer.ordered(), resigned),
                        config,
                        log);
                routers.resigned(resigned.keySet());
                routers.apply(config.routers().values());
            }
            before.whenItIsOver(
                    () -> {
                        // What cannot be read stays to be looked at, until there is a new order.
                        if (before.isSomething() || kept.problems().isEmpty()) {
                            var _ = keeper.keep();
                        }
                        peers.begin();
                        orders.begin(peers);
                    });
            return daemon;
        } catch (KernelRefused | DoorRefused | BindFailed refused) {
            end(before, routers, doorLoop, balancer);
            throw new StartRefused(refused);
        } catch (StartRefused refused) {
            end(before, routers, doorLoop, balancer);
            throw refused;
        }
    }

    private static void end(
            TakenOver before, VirtualRouters routers, DoorLoop doorLoop, Balancer balancer) {
        // The process before this one speaks for what there is, or will again.
        if (!before.isSomething()) {
            stopSpeaking(routers);
        }
        doorLoop.close();
        balancer.close();
    }

    private static void readerCut(Log log) {
        log.warn(
                "events",
                "a reader took nothing for a minute and was cut: slow-reader",
                Fields.event(EventKind.READER_CUT).and("reason", "slow-reader"));
    }

    /** It has no routers yet, so there is nothing to wait for. */
    private static void stopSpeaking(VirtualRouters routers) {
        try {
            var _ = routers.stop(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What speaks TLS. */
    static Secured secured(LoadedConfig loaded, Challenges challenges) {
        Map<String, Securing> listeners = new LinkedHashMap<>();
        loaded.tls()
                .listeners()
                .forEach(
                        (name, tls) ->
                                listeners.put(name, pipeline -> tls.install(pipeline, challenges)));
        return new Secured(listeners, loaded.tls().pools());
    }
}
