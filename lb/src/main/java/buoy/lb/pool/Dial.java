package buoy.lb.pool;

import buoy.config.model.Pool.Retries;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.Pool.Timeouts;
import buoy.lb.proxy.Ends;
import buoy.lb.proxy.ProxyHeader;
import buoy.lb.worker.From;
import buoy.lb.worker.Worker;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server that takes a connection: picks one, connects, opens, and picks another if that
 * fails, which the client never sees. While none takes it, it waits for as long as the pool's
 * {@code hold} allows. One attempt at a time, all on one worker.
 *
 * <pre>
 *            pick                 connected
 *   seeking -----> attempting --------------> told
 *      ^  |            |
 *      |  | none       | failed, or the server went down meanwhile
 *      |  v            v
 *      | waiting   seeking, without those tried
 *      +----+ a change of health, or a moment later where servers are up and refuse;
 *             room on a server, where all are full
 * </pre>
 */
public final class Dial implements Busy, WaitingRoom.Guest, Line.Guest {
    /** Told exactly once, unless the dial is abandoned. */
    public interface Answer {
        /**
         * A connection stands and is opened; nothing else is in its pipeline. The work has begun on
         * the server ({@link Server#begin}); whoever is told ends it.
         */
        void connected(Server server, DuplexChannel channel);

        /**
         * Whether what was connected has more to do until the server has no more work with it than
         * with others, and {@link Dial#ready} is called then. Others who wait leave it time for
         * that, if not much.
         */
        default boolean saysReady() {
            return false;
        }

        /**
         * Another server was found, maybe after a wait, and the work has begun on it: goes on with
         * a connection to it that is there already, and is told no more.
         *
         * @return false if there is none, and one has to be made
         */
        default boolean reuses(Server server) {
            return false;
        }

        /** An attempt came to nothing. Another may follow, at once or after a wait. */
        default void unreached(Server server) {}

        /**
         * No connection. Nothing has begun.
         *
         * @param last the server tried last; null if none was up
         */
        void failed(Reason reason, @Nullable Server last);
    }

    /** Between attempts of one that waits while servers are up and refuse it; doubled each time. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /**
     * So long others wait for one that has its turn to be ready. A server may be dead without a
     * word, a client far away, or asking a person for a password.
     */
    private static final Duration LONGEST_TURN = Duration.ofMillis(250);

    private final Worker worker;
    private final Pool pool;
    private final Work work;
    private final Opening opening;
    private final Answer answer;
    private List<Server> tried = List.of();
    private @Nullable Channel attempt;

    /** Whose that is, as long as there is one. */
    private @Nullable Server attempted;

    private @Nullable Future<?> timer;
    private Duration pause = FIRST_PAUSE;
    private boolean waiting;
    private boolean asking;
    private boolean turn;
    private @Nullable Future<?> turnsEnd;
    private long waitingSince;

    /** Of the pool's hold, before {@link #waitingSince}. */
    private long heldNanos;

    private @Nullable Stand stand;

    /** Of the pool's queue, before it stood where it stands: one patience for all attempts. */
    private long queuedNanos;

    private boolean redirected;
    private boolean moved;
    private boolean abandoned;
    private boolean hasAttempted;
    private long attemptedAt;

    /** Zero while the server of the attempt has not answered. */
    private long answeredAt;

    private int retries;

    /** Where it stands in line. */
    private record Stand(Pool of, Line.Place place, long since) {}

    /**
     * @param work what is to be placed
     * @param opening what a connection needs before it is of use
     */
    public Dial(Worker worker, Pool pool, Work work, Opening opening, Answer answer) {
        this.worker = worker;
        this.pool = pool;
        this.work = work;
        this.opening = opening;
        this.answer = answer;
    }

    /** Starts with the pool's pick. The answer may come before this returns. */
    public void start() {
        seek();
    }

    /** Starts with a server that was picked already: the work has begun on it. */
    public void start(Server first) {
        attempt(pool.serving(), first);
    }

    /**
     * Starts with another server than those tried: the work has begun on it.
     *
     * @param before those tried, which count as tries
     */
    public void start(Server another, List<Server> before) {
        tried = before;
        start(another);
    }

    /** The client is gone: what is under way ends, and nobody is told. */
    public void abandon() {
        abandoned = true;
        stopWaiting();
        ready();
        closeAttempt();
    }

    /** Whether a server was to be connected to. */
    public boolean attempted() {
        return hasAttempted;
    }

    @Override
    public Doing doing() {
        Server under = attempted;
        if (attempt != null && under != null) {
            return Doing.of(Doing.State.CONNECTING, under);
        }
        return Doing.of(stand != null ? Doing.State.QUEUED : Doing.State.HELD, pool);
    }

    /** When the last attempt began, in {@link System#nanoTime}'s terms. */
    public long attemptedAt() {
        return attemptedAt;
    }

    /** When the server that was found had answered, in {@link System#nanoTime}'s terms. */
    public long answeredAt() {
        return answeredAt;
    }

    private void answered() {
        if (answeredAt == 0) {
            answeredAt = System.nanoTime();
            stopWaiting();
        }
    }

    /** How often another server was tried. */
    public int retries() {
        return retries;
    }

    private void seek() {
        Pool from = pool.serving();
        Server server = from.pick(worker, work, tried);
        if (server == null) {
            unpicked(from, Reason.NO_SERVER_UP, null);
        } else {
            place(from, server);
        }
    }

    private void place(Pool from, Server server) {
        if (answer.reuses(server)) {
            stopWaiting();
            ready();
        } else {
            attempt(from, server);
        }
    }

    private void attempt(Pool from, Server server) {
        stopTimer();
        redirected = false;
        moved = false;
        server.roster(worker).add(this);
        Timeouts timeouts = from.config().timeouts();
        long began = System.nanoTime();
        hasAttempted = true;
        attemptedAt = began;
        answeredAt = 0;
        SocketAddress to = server.address();
        From own = server.from(work.ends());
        ChannelFuture connecting = worker.connect(to, own, timeouts.connect(), timeouts.tcp());
        attempt = connecting.channel();
        attempted = server;
        connecting.addListener(
                (ChannelFuture done) -> {
                    DuplexChannel channel = (DuplexChannel) done.channel();
                    if (!done.isSuccess()) {
                        boolean blameless = own != null && own.isBorrowed(to);
                        failed(
                                from,
                                server,
                                channel,
                                ConnectFailure.reason(done.cause()),
                                blameless);
                        return;
                    }
                    server.sendProxy()
                            .ifPresent(version -> introduce(channel, version, work.ends()));
                    Duration left = timeouts.connect().minusNanos(System.nanoTime() - began);
                    opening.open(
                            new Opening.Fresh(worker, server, channel, left, timeouts.response()),
                            new Opening.Opened() {
                                @Override
                                public void opened() {
                                    Dial.this.answered();
                                    succeeded(from, server, channel, answeredAt - began);
                                }

                                @Override
                                public void failed(Reason reason) {
                                    Dial.this.failed(from, server, channel, reason, false);
                                }

                                @Override
                                public void ended(Reason reason) {
                                    Dial.this.failed(from, server, channel, reason, true);
                                }

                                @Override
                                public void answered() {
                                    Dial.this.answered();
                                }
                            });
                });
    }

    /** Before anything else, TLS too. */
    public static void introduce(DuplexChannel channel, SendProxy version, @Nullable Ends whose) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(ProxyHeader.write(version, whose)));
    }

    private void succeeded(Pool from, Server server, DuplexChannel channel, long nanos) {
        if (abandoned || redirected || moved) {
            failed(from, server, channel, Reason.SERVER_DOWN, false);
            return;
        }
        attempt = null;
        server.roster(worker).remove(this);
        server.accepted();
        server.tally(worker).connected(nanos);
        answer.connected(server, channel);
        if (!answer.saysReady()) {
            ready();
        }
    }

    /** The server has done what it has to do for it first. */
    public void ready() {
        if (turn) {
            turn = false;
            Future<?> end = turnsEnd;
            if (end != null) {
                end.cancel(false);
                turnsEnd = null;
            }
            pool.room().over(worker);
        }
    }

    /**
     * @param blameless whether it may be the client's doing: its address that has no way to the
     *     server, or what it said
     */
    private void failed(
            Pool from, Server server, DuplexChannel channel, Reason reason, boolean blameless) {
        attempt = null;
        server.roster(worker).remove(this);
        var _ = channel.close();
        if (moved && !abandoned && !redirected) {
            attempt(from, server);
            return;
        }
        server.end();
        if (abandoned) {
            return;
        }
        answer.unreached(server);
        if (redirected) {
            server.failed(worker, Reason.SERVER_DOWN);
            tryAnother(from, server, Reason.SERVER_DOWN);
            return;
        }
        if (blameless) {
            server.tally(worker).failed(reason);
        } else {
            server.refused(worker);
            server.failed(worker, reason);
        }
        tryAnother(from, server, reason);
    }

    private void tryAnother(Pool from, Server server, Reason reason) {
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        tried.add(server);
        Retries retries = from.config().retries();
        if (!retries.when().connect() || tried.size() > retries.count()) {
            unserved(reason, server);
            return;
        }
        Pool next = pool.serving();
        Server another = next.pick(worker, work, tried);
        if (another == null) {
            unpicked(next, reason, server);
        } else if (!waiting && !next.mayRetry(worker)) {
            another.end();
            unserved(Reason.RETRY_BUDGET, server);
        } else {
            another.tally(worker).retried();
            this.retries++;
            place(next, another);
        }
    }

    /** None was picked: because those left are full, or for this reason. */
    private void unpicked(Pool from, Reason reason, @Nullable Server last) {
        if (from.takesWorkBeside(tried)) {
            standInLine(from, last);
        } else {
            unserved(reason, last);
        }
    }

    // ---- waiting for a server with room ----

    private void standInLine(Pool from, @Nullable Server last) {
        stopWaiting();
        long left = from.config().hold().queue().toNanos() - queuedNanos;
        if (left <= 0) {
            failed(Reason.QUEUE_TIMEOUT, last);
            return;
        }
        Line.Place place = from.line().enter(this, from.config().hold().most());
        if (place == null) {
            failed(Reason.QUEUE_FULL, last);
            return;
        }
        stand = new Stand(from, place, System.nanoTime());
        ready();
        timer = worker.loop().schedule(this::tooLong, left, TimeUnit.NANOSECONDS);
        if (from.avoidsOne()) {
            // No end of work tells when that one counts again.
            var _ =
                    worker.loop()
                            .schedule(
                                    from::roomForSomebody,
                                    Server.AVOIDED_NANOS,
                                    TimeUnit.NANOSECONDS);
        }
        from.roomForSomebody();
    }

    private void tooLong() {
        Stand at = stand;
        leaveLine();
        if (at != null && pool.serving() != at.of) {
            tried = List.of();
            seek();
        } else {
            answer.failed(Reason.QUEUE_TIMEOUT, null);
        }
    }

    private void leaveLine() {
        Stand at = stand;
        if (at != null) {
            stand = null;
            stopTimer();
            queuedNanos += System.nanoTime() - at.since;
            at.of.line().leave(at.place);
        }
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public boolean look() {
        Stand at = stand;
        if (at == null) {
            return false;
        }
        tried = List.of();
        if (pool.serving() != at.of || !at.of.takesWork()) {
            // So it may be for those behind it.
            leaveLine();
            at.of.line().next();
            seek();
            return true;
        }
        Server server = at.of.pickInTurn(worker, work, tried, System.nanoTime());
        if (server == null) {
            at.of.line().back(at.place);
            at.of.roomForSomebody();
        } else {
            leaveLine();
            at.of.roomForSomebody();
            place(at.of, server);
        }
        return true;
    }

    // ---- waiting for a server that takes it ----

    /** No server takes it now: waits if that is allowed, else says why not. */
    private void unserved(Reason reason, @Nullable Server last) {
        if (!waiting && pool.patience().isPositive()) {
            if (!pool.room().enter(worker, this, pool.config().hold().most())) {
                failed(Reason.QUEUE_FULL, last);
                return;
            }
            waiting = true;
            waitingSince = System.nanoTime();
        }
        long left = patienceLeft();
        if (!waiting || left <= 0) {
            boolean waited = waiting;
            stopWaiting();
            failed(waited && reason == Reason.NO_SERVER_UP ? Reason.HOLD_TIMEOUT : reason, last);
            return;
        }
        long next = left;
        if (last != null) {
            next = Math.min(left, pause.toNanos());
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
        wakeIn(next);
        ready();
    }

    private void failed(Reason reason, @Nullable Server last) {
        ready();
        answer.failed(reason, last);
    }

    private long patienceLeft() {
        long held = waiting ? heldNanos + System.nanoTime() - waitingSince : heldNanos;
        return pool.patience().toNanos() - held;
    }

    private void wakeIn(long nanos) {
        stopTimer();
        timer = worker.loop().schedule(this::wake, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void wake() {
        if (attempt != null || turn) {
            return;
        }
        asking = true;
        pool.room().ask(worker, this);
        if (asking) {
            long left = patienceLeft();
            if (left > 0) {
                wakeIn(left);
            } else {
                lookAtLast();
            }
        }
    }

    @Override
    public void turn() {
        asking = false;
        turn = true;
        turnsEnd =
                worker.loop().schedule(this::ready, LONGEST_TURN.toNanos(), TimeUnit.NANOSECONDS);
        tried = List.of();
        seek();
    }

    /** Its turn would come too late: it looks without one, and fails only if that is in vain. */
    private void lookAtLast() {
        asking = false;
        pool.room().askNoMore(worker, this);
        tried = List.of();
        seek();
    }

    private void stopWaiting() {
        stopTimer();
        leaveLine();
        if (waiting) {
            waiting = false;
            asking = false;
            heldNanos += System.nanoTime() - waitingSince;
            pool.room().leave(worker, this);
        }
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    // ---- a server that goes down while it is being connected to ----

    @Override
    public void drain() {
        cut(Reason.SERVER_DOWN);
    }

    /** Only the attempt ends; the search goes on elsewhere. */
    @Override
    public void cut(Reason reason) {
        redirected = true;
        closeAttempt();
    }

    /** The same server, where it is now. */
    @Override
    public void moved() {
        moved = true;
        closeAttempt();
    }

    private void closeAttempt() {
        Channel under = attempt;
        if (under != null) {
            var _ = under.close();
        }
    }
}
