package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.ServerAddress.Named;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.Whereabouts;
import buoy.lb.resolve.Known;
import buoy.lb.resolve.Names;
import buoy.lb.resolve.News;
import buoy.lb.worker.Workers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The servers that have a name for an address: whoever knows the name's address tells them. A name
 * is looked up once, however many servers have it.
 */
final class ServerNames implements AutoCloseable {
    private final Workers workers;
    private final BalancerObserver observer;
    private final Names names = new Names(this::news);

    /** By name. */
    private Map<String, List<Holder>> holders = Map.of();

    /** A server with a name. */
    record Holder(Pool pool, PoolWatch watch, Server server, Named address) {
        Optional<Location> at(InetAddress found) {
            return Optional.of(new Endpoint(found, address.port()));
        }
    }

    ServerNames(Workers workers, BalancerObserver observer) {
        this.workers = workers;
        this.observer = observer;
    }

    /**
     * These are the servers with names from now on. Those whose name is known are found at once.
     *
     * @param nameServers best first; none means the host's own
     */
    synchronized void keep(List<Holder> servers, List<Endpoint> nameServers) {
        Map<String, List<Holder>> next = new TreeMap<>();
        for (Holder holder : servers) {
            next.computeIfAbsent(holder.address().name(), _ -> new ArrayList<>()).add(holder);
            if (holder.server().whereabouts().at().isEmpty()) {
                names.known(holder.address().name()).ifPresent(known -> tell(holder, known));
            }
        }
        holders = next;
        names.follow(
                next.keySet(),
                nameServers.stream()
                        .map(each -> new InetSocketAddress(each.address(), each.port()))
                        .toList());
    }

    private synchronized void news(String name, Known known, News news) {
        List<Holder> told = holders.getOrDefault(name, List.of());
        if (told.isEmpty()) {
            return; // It left the configuration meanwhile.
        }
        switch (news) {
            case News.Moved(var from, var to) ->
                    observer.event(new BalancerEvent.NameMoved(name, from, to));
            case News.Failing(var why) ->
                    observer.event(new BalancerEvent.NameFailing(name, why, known.address()));
            case News.StillFailing _ -> {
                // It was told that they fail; status says why.
            }
            case News.Confirmed() -> observer.event(new BalancerEvent.NameConfirmed(name));
        }
        told.forEach(holder -> tell(holder, known));
    }

    private void tell(Holder holder, Known known) {
        Server server = holder.server();
        Optional<Location> before = server.whereabouts().at();
        Optional<Location> at = known.address().flatMap(holder::at);
        holder.pool()
                .locate(server, new Whereabouts(at, known.trouble()))
                .ifPresent(
                        change ->
                                holder.watch()
                                        .changed(
                                                holder.pool(),
                                                server,
                                                change.before(),
                                                change.now()));
        if (before.isPresent() && !before.equals(at)) {
            workers.runOnEach(worker -> server.roster(worker).moved());
        }
    }

    @Override
    public void close() {
        names.close();
    }
}
