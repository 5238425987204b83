package buoy.daemon;

import buoy.daemon.events.Events;
import buoy.daemon.history.Past;
import buoy.daemon.page.Live;
import buoy.daemon.page.Picture;
import buoy.daemon.status.Samples;
import buoy.daemon.status.Status;
import buoy.lb.SessionFilter;
import buoy.lb.SessionList;
import buoy.lb.pool.Duty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Does whatever it is asked, which is to write it down. */
final class WillingCommands implements Api.Commands {
    final Queue<String> done = new ConcurrentLinkedQueue<>();

    /** What there is to tell of them. */
    Optional<SessionList> sessions = Optional.of(new SessionList(List.of(), 0, List.of()));

    Api api() {
        return api(Runnable::run);
    }

    /**
     * @param executor one with threads of its own where somebody reads the page as it changes
     */
    Api api(Executor executor) {
        return api(executor, Samples::good);
    }

    Api api(Executor executor, Supplier<Status> status) {
        return new Api(
                status,
                this,
                Events.start(Instant.EPOCH, () -> {}),
                new Live(
                        () -> new Picture(Samples.good(), List.of(), true, Past.NONE),
                        executor,
                        () -> {}),
                () -> Past.NONE,
                executor);
    }

    private CompletionStage<CommandOutcome> done(String what) {
        done.add(what);
        return CompletableFuture.completedFuture(new CommandOutcome.Done(what));
    }

    @Override
    public CompletionStage<ReloadOutcome> reload() {
        done.add("reload");
        return preview();
    }

    @Override
    public CompletionStage<CommandOutcome> upgrade() {
        return done("upgrade");
    }

    @Override
    public CompletionStage<ReloadOutcome> preview() {
        return CompletableFuture.completedFuture(
                new ReloadOutcome.Applied("hash", List.of(), List.of()));
    }

    @Override
    public CompletionStage<CommandOutcome> pauseListener(String listener) {
        return done("pause listener " + listener);
    }

    @Override
    public CompletionStage<CommandOutcome> resumeListener(String listener) {
        return done("resume listener " + listener);
    }

    @Override
    public CompletionStage<CommandOutcome> pausePool(String pool) {
        return done("pause " + pool);
    }

    @Override
    public CompletionStage<CommandOutcome> resumePool(String pool) {
        return done("resume " + pool);
    }

    @Override
    public CompletionStage<CommandOutcome> resign(String router) {
        return done("resign " + router);
    }

    @Override
    public CompletionStage<CommandOutcome> resume(String router) {
        return done("resume " + router);
    }

    @Override
    public CompletionStage<CommandOutcome> duty(String server, Duty duty) {
        return done(server + " " + duty);
    }

    @Override
    public CompletionStage<CommandOutcome> weight(String server, String weight) {
        return done(server + " weight " + weight);
    }

    @Override
    public CompletionStage<Optional<SessionList>> sessions(SessionFilter filter, int most) {
        done.add("sessions %s %d".formatted(filter, most));
        return CompletableFuture.completedFuture(sessions);
    }

    @Override
    public CompletionStage<CommandOutcome> killSession(String id) {
        return done("kill " + id);
    }

    @Override
    public void stop() {
        done.add("stop");
    }

    @Override
    public Optional<String> deadBecause() {
        return Optional.empty();
    }
}
