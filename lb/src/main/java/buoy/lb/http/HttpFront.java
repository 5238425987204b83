package buoy.lb.http;

import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import buoy.lb.http.route.RouteTable;
import buoy.lb.listen.Client;
import buoy.lb.listen.Front;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Worker;

import io.netty.channel.socket.SocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** {@code protocol: http}: one configuration of a listener, compiled. */
final class HttpFront implements Front {
    /** What a route does, its pool resolved. */
    sealed interface Target {
        record ToPool(Pool pool) implements Target {}

        record RedirectToHttps() implements Target {}
    }

    private final Http http;
    private final Listener.Http config;
    private final RouteTable table;
    private final List<Target> targets;
    private final AtomicReferenceArray<ArrayDeque<RequestHead>> spareHeads;
    final long idleNanos;
    final long headersNanos;
    final long bodyNanos;

    HttpFront(Http http, int workers, Listener.Http config, Map<String, Pool> pools) {
        this.http = http;
        this.config = config;
        this.table = new RouteTable(config.routes().stream().map(Listener.Route::match).toList());
        this.targets =
                config.routes().stream().map(route -> target(route.action(), pools)).toList();
        this.spareHeads = new AtomicReferenceArray<>(workers);
        this.idleNanos = config.timeouts().idle().toNanos();
        this.headersNanos = config.timeouts().headers().toNanos();
        this.bodyNanos = config.timeouts().body().toNanos();
    }

    private static Target target(Action action, Map<String, Pool> pools) {
        return switch (action) {
            case Action.ToPool(var name) -> {
                Pool pool = pools.get(name);
                if (pool == null) {
                    throw new IllegalArgumentException("no pool " + name);
                }
                yield new Target.ToPool(pool);
            }
            case Action.RedirectToHttps() -> new Target.RedirectToHttps();
        };
    }

    @Override
    public Client accepted(Worker worker, Listening listening, SocketChannel channel) {
        ClientConnection client =
                new ClientConnection(
                        http.workshop(worker),
                        listening,
                        this,
                        channel,
                        facts(channel, listening.secure()));
        channel.pipeline().addLast(client);
        client.start();
        return client;
    }

    private ClientFacts facts(SocketChannel channel, boolean secure) {
        // A client that is gone already has no address; its connection is closed right after.
        InetSocketAddress peer = channel.remoteAddress();
        InetSocketAddress own = channel.localAddress();
        InetAddress client = peer == null ? InetAddress.getLoopbackAddress() : peer.getAddress();
        return new ClientFacts(
                client,
                own == null ? new InetSocketAddress(client, 0) : own,
                secure,
                config.trustedProxies());
    }

    /** Heads of this listener's size that nobody uses now. */
    ArrayDeque<RequestHead> spareHeads(Worker worker) {
        ArrayDeque<RequestHead> spare = spareHeads.getPlain(worker.index());
        if (spare == null) {
            spare = new ArrayDeque<>();
            spareHeads.setPlain(worker.index(), spare);
        }
        return spare;
    }

    Listener.HttpLimits limits() {
        return config.limits();
    }

    Listener.HttpTimeouts timeouts() {
        return config.timeouts();
    }

    /** The number of the route, or one of {@link RouteTable}'s negative answers. */
    int route(RequestHead head, ClientFacts client, RouteTable.Scratch scratch) {
        return table.find(head, client, scratch);
    }

    Target target(int route) {
        return targets.get(route);
    }
}
