package buoy.lb.http;

import buoy.lb.http.access.Entry;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Live;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Tally;
import org.jspecify.annotations.Nullable;

/** What a WebSocket counts for from its handshake on: the accounts of the exchange it began as. */
final class TunnelAccounts {
    private final Workshop shop;
    private final Server server;
    private final Tally listenerTally;
    private final Tally serverTally;
    private final @Nullable Entry entry;
    private final @Nullable AccessLines lines;

    /**
     * @param entry of the exchange, if it is logged
     * @param lines where it goes
     */
    TunnelAccounts(
            Workshop shop,
            Listening listening,
            Server server,
            @Nullable Entry entry,
            @Nullable AccessLines lines) {
        this.shop = shop;
        this.server = server;
        this.listenerTally = listening.tally(shop.worker);
        this.serverTally = server.tally(shop.worker);
        this.entry = entry;
        this.lines = lines;
    }

    Server server() {
        return server;
    }

    Tally listenerTally() {
        return listenerTally;
    }

    Tally serverTally() {
        return serverTally;
    }

    void fromClient(int bytes) {
        listenerTally.fromClient(bytes);
        serverTally.fromClient(bytes);
    }

    void toClient(int bytes) {
        listenerTally.toClient(bytes);
        serverTally.toClient(bytes);
    }

    void begin(Live tunnel) {
        server.roster(shop.worker).add(tunnel);
    }

    /**
     * @param fromClient bytes since the handshake, as {@code toClient}
     */
    void finished(Live tunnel, long fromClient, long toClient) {
        end(tunnel, null, fromClient, toClient);
        listenerTally.finished();
        serverTally.finished();
    }

    void failed(Live tunnel, Reason reason, long fromClient, long toClient) {
        end(tunnel, reason, fromClient, toClient);
        listenerTally.failed(reason);
        server.failed(shop.worker, reason);
    }

    private void end(Live tunnel, @Nullable Reason reason, long fromClient, long toClient) {
        server.roster(shop.worker).remove(tunnel);
        server.end();
        if (entry == null || lines == null) {
            return;
        }
        if (reason != null) {
            entry.failed(reason);
        }
        entry.received(fromClient);
        entry.toClient(toClient);
        entry.end(System.nanoTime());
        lines.write(shop, entry);
    }
}
