package buoy.lb.relay;

import buoy.config.model.Listener;
import buoy.lb.listen.Client;
import buoy.lb.listen.Front;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.SocketChannel;

/** {@code protocol: tcp}: every connection is a session, from its first byte. */
public final class TcpFront implements Front {
    private final Listener.Tcp config;
    private final Pool pool;

    public TcpFront(Listener.Tcp config, Pool pool) {
        this.config = config;
        this.pool = pool;
    }

    @Override
    public Client accepted(Worker worker, Listening listening, SocketChannel channel) {
        worker.shareReads(channel);
        return Session.open(
                worker,
                listening,
                pool,
                channel,
                config.idle(),
                null,
                (client, _) -> {
                    var _ = client.close();
                });
    }
}
