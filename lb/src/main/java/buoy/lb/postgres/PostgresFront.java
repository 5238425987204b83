package buoy.lb.postgres;

import buoy.config.model.Listener;
import buoy.lb.listen.Front;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Live;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.SocketChannel;

/**
 * {@code protocol: postgres}: a session for each client that begins as a PostgreSQL client does.
 */
public final class PostgresFront implements Front {
    private final Listener.Postgres config;
    private final Pool pool;

    public PostgresFront(Listener.Postgres config, Pool pool) {
        this.config = config;
        this.pool = pool;
    }

    @Override
    public Live accepted(Worker worker, Listening listening, SocketChannel channel) {
        worker.shareReads(channel);
        Greeting greeting = new Greeting(worker, listening, pool, channel, config.idle());
        greeting.begin();
        return greeting;
    }
}
