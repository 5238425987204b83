package buoy.lb.http;

import buoy.lb.pool.Busy;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.relay.Relay;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket between two connections of HTTP/1.1, after its handshake: a relay. */
final class Tunnel implements Relay.Ended, Busy {
    private final TunnelAccounts accounts;
    private final Relay relay;

    /** Joins the two channels, which have no handlers of ours left. */
    Tunnel(
            Worker worker,
            TunnelAccounts accounts,
            Duration silence,
            DuplexChannel client,
            DuplexChannel upstream) {
        this.accounts = accounts;
        this.relay =
                new Relay(
                        worker,
                        client,
                        upstream,
                        accounts.listenerTally(),
                        accounts.serverTally(),
                        silence,
                        Reason.TUNNEL_TIMEOUT,
                        this);
    }

    /**
     * @param early what the client sent behind its handshake; taken over
     * @param ended the client will send no more
     */
    void start(@Nullable ByteBuf early, boolean ended) {
        accounts.begin(this);
        relay.start(early, ended);
    }

    @Override
    public void finished() {
        accounts.finished(this, relay.fromClient(), relay.toClient());
    }

    @Override
    public void failed(Reason reason) {
        accounts.failed(this, reason, relay.fromClient(), relay.toClient());
    }

    @Override
    public Doing doing() {
        return Doing.of(Doing.State.TUNNEL, accounts.server())
                .plus(relay.fromClient(), relay.toClient());
    }

    @Override
    public void cut(Reason reason) {
        relay.cut(reason);
    }
}
