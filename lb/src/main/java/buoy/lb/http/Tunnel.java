package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Live;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.relay.Relay;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket after its handshake: a relay, and the accounts of the exchange it began as. */
final class Tunnel implements Relay.Ended, Live {
    private final Workshop shop;
    private final Worker worker;
    private final Listening listening;
    private final Server server;
    private final Duration silence;
    private final @Nullable Entry entry;
    private final @Nullable AccessLines lines;
    private @Nullable Relay relay;

    /**
     * @param entry of the exchange, if it is logged
     * @param lines where it goes
     */
    Tunnel(
            Workshop shop,
            Listening listening,
            Server server,
            Duration silence,
            @Nullable Entry entry,
            @Nullable AccessLines lines) {
        this.shop = shop;
        this.worker = shop.worker;
        this.entry = entry;
        this.lines = lines;
        this.listening = listening;
        this.server = server;
        this.silence = silence;
    }

    /**
     * Joins the two channels, which have no handlers of ours left.
     *
     * @param early what the client sent behind its handshake; taken over
     */
    void open(
            DuplexChannel client, DuplexChannel upstream, @Nullable ByteBuf early, boolean ended) {
        server.roster(worker).add(this);
        Relay joined =
                new Relay(
                        worker,
                        client,
                        upstream,
                        listening.tally(worker),
                        server.tally(worker),
                        silence,
                        Reason.TUNNEL_TIMEOUT,
                        this);
        relay = joined;
        joined.start(early, ended);
    }

    @Override
    public void finished() {
        leave();
        log(null);
        listening.tally(worker).finished();
        server.tally(worker).finished();
    }

    @Override
    public void failed(Reason reason) {
        leave();
        log(reason);
        listening.tally(worker).failed(reason);
        server.failed(worker, reason);
    }

    private void log(@Nullable Reason reason) {
        Relay joined = relay;
        if (entry == null || lines == null || joined == null) {
            return;
        }
        if (reason != null) {
            entry.failed(reason);
        }
        entry.received(joined.fromClient());
        entry.toClient(joined.toClient());
        entry.end(System.nanoTime());
        lines.write(shop, entry);
    }

    private void leave() {
        server.roster(worker).remove(this);
        server.end();
    }

    @Override
    public void cut(Reason reason) {
        Relay joined = relay;
        if (joined != null) {
            joined.cut(reason);
        }
    }
}
