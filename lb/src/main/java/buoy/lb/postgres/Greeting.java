package buoy.lb.postgres;

import buoy.lb.listen.Listening;
import buoy.lb.pool.Live;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.relay.Session;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client that has not said what it wants; then its session. */
final class Greeting extends FirstMessage implements Live {
    private final Listening listening;
    private final Pool pool;
    private final Duration idle;
    private @Nullable Session session;

    Greeting(Worker worker, Listening listening, Pool pool, SocketChannel client, Duration idle) {
        super(worker, client);
        this.listening = listening;
        this.pool = pool;
        this.idle = idle;
    }

    @Override
    void arrived(Startup message, ByteBuf bytes) {
        switch (message) {
            case Startup.Hello _, Startup.WantsTls _, Startup.WantsGss _, Startup.DirectTls _ ->
                    session =
                            Session.open(
                                    worker,
                                    listening,
                                    pool,
                                    client,
                                    idle,
                                    bytes,
                                    (_, reason) ->
                                            TurnedAway.answer(worker, client, message, reason));
            case Startup.WantsCancel(int length) ->
                    Cancel.forward(worker, listening, pool, client, bytes, length);
            case Startup.NotPostgres _, Startup.NeedMore _ -> {
                bytes.release();
                missing(Reason.BAD_STARTUP);
            }
        }
    }

    @Override
    void missing(Reason reason) {
        listening.tally(worker).failed(reason);
        var _ = client.close();
    }

    @Override
    public void cut(Reason reason) {
        Session begun = session;
        if (begun != null) {
            begun.cut(reason);
        } else {
            giveUp(reason);
        }
    }
}
