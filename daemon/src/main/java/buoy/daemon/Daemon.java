package buoy.daemon;

import buoy.config.Outline;
import buoy.config.Problem;
import buoy.config.model.Config;
import buoy.daemon.admin.AdminLock;
import buoy.daemon.admin.Door;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.heap.Eden;
import buoy.daemon.history.History;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.page.Live;
import buoy.daemon.state.OrderKeeper;
import buoy.daemon.state.OrdersFile;
import buoy.daemon.status.Status;
import buoy.daemon.status.StatusJson;
import buoy.lb.BindFailed;
import buoy.lb.Flows;
import buoy.lb.SessionFilter;
import buoy.lb.SessionList;
import buoy.lb.pool.Duty;
import buoy.vrrp.KernelRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running Buoy and what may happen to it. What operators want may be asked for by any thread; it
 * is done one after the other on the control thread, a stop aside, and what anyone may see of it is
 * published as an immutable whole ({@link Running}).
 */
final class Daemon implements Api.Commands {
    private static final String STOPPING = "this buoy is stopping";

    /** `buoy reload` prints all of them. */
    private static final int MOST_CHANGES_LOGGED = 50;

    private static final Duration WATCH_EVERY = Duration.ofMillis(250);

    private final Parts parts;
    private final Log log;

    /** What the process was started with, and keeps where a reload cannot change it. */
    private final Config started;

    private final AtomicReference<Running> running;
    private final OrderKeeper keeper;
    private final RouterCommands routerCommands;
    private final ListenerCommands listenerCommands;
    private final PoolCommands poolCommands;
    private final ServerCommands serverCommands;
    private final SessionCommands sessionCommands;
    private final Ending ending;
    private final ExecutorService control = newThread("buoy-control");

    /** For what waits for sessions. */
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

    private final ScheduledExecutorService watching = newThread("buoy-watch");

    /** Set once, before any reload. */
    private @Nullable StatsDoor stats;

    /** Set once. */
    private volatile @Nullable AdminLock lock;

    Daemon(Parts parts, OrderKeeper keeper, LoadedConfig configuration) {
        this.parts = parts;
        this.keeper = keeper;
        this.log = parts.log();
        this.started = configuration.config();
        this.running = new AtomicReference<>(Running.starting(configuration));
        this.routerCommands =
                new RouterCommands(parts.routers(), parts.handover(), this::patience, keeper, log);
        this.listenerCommands = new ListenerCommands(parts.balancer(), keeper, log);
        this.poolCommands = new PoolCommands(parts.balancer(), keeper, log);
        this.serverCommands = new ServerCommands(parts.balancer(), keeper, log);
        this.sessionCommands = new SessionCommands(parts.balancer(), log);
        this.ending = new Ending(parts, control, this::endBegins);
    }

    /**
     * Another process may take the place of this one from now on.
     *
     * @param held the lock of the admin socket
     */
    void mayBeSucceeded(AdminLock held) {
        lock = held;
    }

    @Override
    public CompletionStage<CommandOutcome> upgrade() {
        CompletableFuture<CommandOutcome> told = new CompletableFuture<>();
        var _ =
                inTurn(() -> upgradeNow(told), new CommandOutcome.Refused(STOPPING))
                        .thenAccept(told::complete);
        return told;
    }

    private CommandOutcome upgradeNow(CompletableFuture<CommandOutcome> told) {
        AdminLock held = lock;
        StatsDoor door = stats;
        return held == null || door == null
                ? new CommandOutcome.Refused("this buoy is starting")
                : new Succession(parts, ending, started.admin().socket(), held, told::complete)
                        .begin(door);
    }

    private static ScheduledExecutorService newThread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    }

    /** Operators may come in; the watch over the workers begins. */
    void opened(Door admin, StatsDoor statsDoor, Live live, History history) {
        stats = statsDoor;
        ending.closeAtTheEnd(parts.orders());
        ending.closeAtTheEnd(parts.peers());
        ending.closeAtTheEnd(parts.trackers());
        ending.closeAtTheEnd(parts.notifier());
        ending.closeAtTheEnd(parts.events());
        ending.closeAtTheEnd(history);
        ending.closeAtTheEnd(live);
        ending.closeAtTheEnd(admin);
        ending.closeAtTheEnd(statsDoor);
        ending.closeAtTheEnd(
                CertificateWatch.start(() -> running.get().configuration().tls(), log));
        running.updateAndGet(now -> now.in(Status.Phase.RUNNING));
        var _ =
                watching.scheduleWithFixedDelay(
                        this::watch,
                        WATCH_EVERY.toMillis(),
                        WATCH_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void watch() {
        try {
            parts.watch().look();
            if (parts.watch().hung().isEmpty()) {
                parts.serviceManager().alive();
            }
            parts.trackers().look();
            parts.eden().look();
        } catch (RuntimeException | Error bug) {
            // The next look must come, whatever befell this one.
            log.error("worker", "a bug in the watch over the workers", bug);
        }
    }

    /** Waits for the end of everything and tells how it was. */
    ExitCode await() {
        return parts.end().join();
    }

    /** The picture of this moment. Waits a second at most, for the VRRP thread. */
    Status status() {
        Running now = running.get();
        return StatusPicture.take(parts, now, Instant.now());
    }

    /** What has gone through the balancer. Waits while it is reloaded. */
    Flows flows() {
        return parts.balancer().flows();
    }

    /** Whether those who log in at the stats address may change something. */
    boolean actions() {
        return running.get().configuration().config().stats().actions();
    }

    @Override
    public Optional<String> deadBecause() {
        return parts.watch().hung().values().stream().findFirst();
    }

    @Override
    public CompletionStage<ReloadOutcome> reload() {
        return inTurn(this::reloadNow, new ReloadOutcome.Refused(STOPPING));
    }

    @Override
    public CompletionStage<CommandOutcome> resign(String router) {
        return inTurn(() -> routerCommands.resign(router), new CommandOutcome.Refused(STOPPING));
    }

    @Override
    public CompletionStage<CommandOutcome> resume(String router) {
        return inTurn(() -> routerCommands.resume(router), new CommandOutcome.Refused(STOPPING));
    }

    @Override
    public CompletionStage<CommandOutcome> pauseListener(String listener) {
        return inTurn(() -> listenerCommands.pause(listener), new CommandOutcome.Refused(STOPPING));
    }

    @Override
    public CompletionStage<CommandOutcome> resumeListener(String listener) {
        return inTurn(
                () -> listenerCommands.resume(listener), new CommandOutcome.Refused(STOPPING));
    }

    /** Not in turn: it may take as long as sessions do. */
    @Override
    public CompletionStage<CommandOutcome> pausePool(String pool) {
        return CompletableFuture.supplyAsync(() -> poolCommands.pause(pool), waiting);
    }

    @Override
    public CompletionStage<CommandOutcome> resumePool(String pool) {
        return CompletableFuture.supplyAsync(() -> poolCommands.resume(pool), waiting);
    }

    @Override
    public CompletionStage<CommandOutcome> duty(String servers, Duty duty) {
        return inTurn(
                () -> serverCommands.duty(servers, duty), new CommandOutcome.Refused(STOPPING));
    }

    @Override
    public CompletionStage<CommandOutcome> weight(String servers, String weight) {
        return inTurn(
                () -> serverCommands.weight(servers, weight), new CommandOutcome.Refused(STOPPING));
    }

    /** Not in turn: a reload may wait for a hung worker, and this tells which one it is. */
    @Override
    public CompletionStage<Optional<SessionList>> sessions(SessionFilter filter, int most) {
        return CompletableFuture.supplyAsync(() -> sessionCommands.list(filter, most), waiting);
    }

    @Override
    public CompletionStage<CommandOutcome> killSession(String id) {
        return CompletableFuture.supplyAsync(() -> sessionCommands.kill(id), waiting);
    }

    private <T> CompletionStage<T> inTurn(Supplier<T> command, T stopping) {
        if (ending.begun()) {
            return CompletableFuture.completedFuture(stopping);
        }
        try {
            // An upgrade may have been before it in the queue.
            return CompletableFuture.supplyAsync(
                    () -> ending.begun() ? stopping : command.get(), control);
        } catch (RejectedExecutionException _) {
            return CompletableFuture.completedFuture(stopping);
        }
    }

    private ReloadOutcome reloadNow() {
        parts.serviceManager().reloading();
        ReloadOutcome outcome = readAgain(this::change);
        running.updateAndGet(before -> before.after(outcome, Instant.now()));
        say(outcome);
        parts.serviceManager().ready(running.get().configuration().hash());
        return outcome;
    }

    /** First whatever can be refused, then what cannot: so all of it happens or nothing. */
    private ReloadOutcome change(LoadedConfig next) {
        Config config = next.config();
        StatsDoor door = Objects.requireNonNull(stats);
        try {
            parts.routers().prepare(config.routers().values());
            door.prepare(config.stats());
            try {
                parts.balancer().apply(config, Wiring.secured(next, parts.challenges()));
            } catch (BindFailed refused) {
                door.rollback(config.stats());
                return new ReloadOutcome.Refused(String.valueOf(refused.getMessage()));
            }
        } catch (KernelRefused | DoorRefused refused) {
            return new ReloadOutcome.Refused(String.valueOf(refused.getMessage()));
        }
        door.commit(config.stats());
        parts.notifier().apply(config.routers().values());
        parts.trackers().apply(config.routers().values());
        parts.orders().apply(next.tls().ordered());
        parts.routers().apply(config.routers().values());
        log.apply(config.log());
        // One that moves its admin socket does so at the next start alone, and then looks there.
        keeper.reloaded(
                new OrdersFile(config.process().stateDirectory(), started.admin().socket()));
        ReloadOutcome applied = comparedWithNow(next);
        running.updateAndGet(now -> now.with(next, RestartNotes.between(started, config)));
        return applied;
    }

    private ReloadOutcome comparedWithNow(LoadedConfig next) {
        Outline now = running.get().configuration().outline();
        List<String> warnings = new ArrayList<>(lines(next.warnings()));
        warnings.addAll(RestartNotes.between(started, next.config()));
        return new ReloadOutcome.Applied(
                next.hash(),
                now.changesTo(next.outline()).stream().map(Object::toString).toList(),
                warnings);
    }

    @Override
    public CompletionStage<ReloadOutcome> preview() {
        return inTurn(() -> readAgain(this::comparedWithNow), new ReloadOutcome.Refused(STOPPING));
    }

    /**
     * @param good what is to become of it if it is
     */
    private ReloadOutcome readAgain(Function<LoadedConfig, ReloadOutcome> good) {
        LoadedConfig now = running.get().configuration();
        try (Eden.Room _ = parts.eden().makeRoom()) {
            return switch (LoadedConfig.read(now.file(), Instant.now(), now.tls())) {
                case LoadedConfig.Outcome.Bad(var problems) ->
                        new ReloadOutcome.Rejected(lines(problems));
                case LoadedConfig.Outcome.Good(var next) -> good.apply(next);
            };
        }
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private void say(ReloadOutcome outcome) {
        String file = running.get().configuration().file().toString();
        Fields fields =
                Fields.event(EventKind.RELOAD).and("file", file).and("result", outcome.word());
        switch (outcome) {
            case ReloadOutcome.Applied(var hash, var changes, var warnings) -> {
                log.info(
                        "reload",
                        "%s: applied (%s), keys that changed: %d"
                                .formatted(file, hash, changes.size()),
                        fields.and("changes", changes.size()));
                changes.stream()
                        .limit(MOST_CHANGES_LOGGED)
                        .forEach(line -> log.info("reload", line));
                warnings.forEach(line -> log.warn("reload", line));
            }
            case ReloadOutcome.Rejected(var problems) -> {
                log.error(
                        "reload",
                        "%s: rejected, what ran goes on: %d problems"
                                .formatted(file, problems.size()),
                        fields);
                problems.forEach(line -> log.error("reload", line));
            }
            case ReloadOutcome.Refused(var why) ->
                    log.error(
                            "reload",
                            "%s: refused, what ran goes on: %s".formatted(file, why),
                            fields);
        }
    }

    @Override
    public void stop() {
        ending.ask();
    }

    private Duration endBegins() {
        running.updateAndGet(now -> now.in(Status.Phase.STOPPING));
        watching.shutdownNow();
        // Before routers resign for the end: that is no order.
        keeper.close();
        return patience();
    }

    private Duration patience() {
        return running.get().configuration().config().process().drain();
    }

    /** The whole state as one line of JSON in the log. */
    void logState() {
        // As NGINX does for this signal, so that its logrotate files serve.
        parts.balancer().reopenLogs();
        log.reopen();
        log.info("state", StatusJson.line(status()));
    }
}
