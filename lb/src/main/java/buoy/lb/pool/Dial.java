package buoy.lb.pool;

import buoy.lb.worker.Worker;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server that takes a connection: picks one, connects, and picks another if that fails,
 * which the client never sees. One attempt at a time, all on one worker.
 */
public final class Dial {
    /** Told exactly once, unless the dial is abandoned. */
    public interface Answer {
        /**
         * A connection stands; nothing was read from it, its pipeline is empty. The work has begun
         * on the server ({@link Server#begin}); whoever is told ends it.
         */
        void connected(Server server, SocketChannel channel);

        /**
         * No connection. Nothing has begun.
         *
         * @param last the server tried last; null if none was up
         */
        void failed(Reason reason, @Nullable Server last);
    }

    private final Worker worker;
    private final Pool pool;
    private final Answer answer;
    private List<Server> tried = List.of();
    private @Nullable ChannelFuture attempt;
    private boolean abandoned;

    private Dial(Worker worker, Pool pool, Answer answer) {
        this.worker = worker;
        this.pool = pool;
        this.answer = answer;
    }

    /** Starts with the pool's pick. The answer may come before this returns. */
    public static Dial start(Worker worker, Pool pool, Answer answer) {
        Dial dial = new Dial(worker, pool, answer);
        Server server = pool.pick(worker, List.of());
        if (server == null) {
            answer.failed(Reason.NO_SERVER_UP, null);
        } else {
            dial.attempt(server);
        }
        return dial;
    }

    /** Starts with a server that was picked already. */
    public static Dial start(Worker worker, Pool pool, Server first, Answer answer) {
        Dial dial = new Dial(worker, pool, answer);
        dial.attempt(first);
        return dial;
    }

    /** The client is gone: an attempt under way is closed, and nobody is told. */
    public void abandon() {
        abandoned = true;
        ChannelFuture under = attempt;
        if (under != null) {
            var _ = under.channel().close();
        }
    }

    private void attempt(Server server) {
        server.begin();
        ChannelFuture connecting =
                worker.connect(server.address(), pool.config().timeouts().connect());
        attempt = connecting;
        connecting.addListener(
                (ChannelFuture done) -> {
                    attempt = null;
                    if (!done.isSuccess()) {
                        server.end();
                        refused(server, ConnectFailure.reason(done.cause()));
                    } else if (abandoned) {
                        server.end();
                        var _ = done.channel().close();
                    } else {
                        server.accepted();
                        answer.connected(server, (SocketChannel) done.channel());
                    }
                });
    }

    private void refused(Server server, Reason reason) {
        if (abandoned) {
            return;
        }
        server.refused(worker);
        server.tally(worker).failed(reason);
        if (tried.isEmpty()) {
            tried = new ArrayList<>(4);
        }
        tried.add(server);
        if (tried.size() > pool.config().retries().count()) {
            answer.failed(reason, server);
            return;
        }
        Server next = pool.pick(worker, tried);
        if (next == null) {
            answer.failed(reason, server);
        } else if (!pool.mayRetry(worker)) {
            answer.failed(Reason.RETRY_BUDGET, server);
        } else {
            next.tally(worker).retried();
            attempt(next);
        }
    }
}
