package buoy.daemon;

import buoy.config.model.AddressText;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.BalancerEvent;
import buoy.lb.BalancerObserver;
import buoy.lb.pool.ServerHealth;
import java.util.Locale;
import java.util.function.ObjIntConsumer;

/** Says in the log what the balancer did and why, and passes pool health on to VRRP. */
final class BalancerLog implements BalancerObserver {
    private final Log log;
    private final ObjIntConsumer<String> poolHealth;

    BalancerLog(Log log, ObjIntConsumer<String> poolHealth) {
        this.log = log;
        this.poolHealth = poolHealth;
    }

    @Override
    public void poolChanged(String pool, int serversUp) {
        poolHealth.accept(pool, serversUp);
        Fields fields = aboutPool(pool).and("servers-up", serversUp);
        if (serversUp == 0) {
            log.error("pool", pool + ": no server is up", fields);
        } else {
            log.info("pool", pool + ": servers up: " + serversUp, fields);
        }
    }

    @Override
    public void event(BalancerEvent event) {
        switch (event) {
            case BalancerEvent.ServerChanged(var pool, var server, var from, var now) -> {
                ServerHealth.State to = now.state();
                String why = now.why();
                String message =
                        "%s/%s: %s -> %s: %s".formatted(pool, server, word(from), word(to), why);
                Fields fields =
                        Fields.event(EventKind.SERVER)
                                .and("pool", pool)
                                .and("server", server)
                                .and("from", word(from))
                                .and("to", word(to))
                                .and("why", why)
                                .and("other-role", now.otherRole());
                if (to == ServerHealth.State.DOWN && !now.otherRole()) {
                    log.warn("server", message, fields);
                } else {
                    log.info("server", message, fields);
                }
            }
            case BalancerEvent.ServerEjected(var pool, var server, var why) ->
                    log.warn(
                            "server",
                            "%s/%s: ejected: %s".formatted(pool, server, why),
                            Fields.event(EventKind.SERVER)
                                    .and("pool", pool)
                                    .and("server", server)
                                    .and("why", why));
            case BalancerEvent.ServerReadmitted(var pool, var server) ->
                    log.info(
                            "server",
                            "%s/%s: takes work again".formatted(pool, server),
                            Fields.event(EventKind.SERVER).and("pool", pool).and("server", server));
            case BalancerEvent.NameMoved(var name, var from, var to) ->
                    log.info(
                            "name",
                            "%s: %s%s"
                                    .formatted(
                                            name,
                                            from.map(it -> AddressText.of(it) + " -> ").orElse(""),
                                            AddressText.of(to)),
                            from.map(it -> aboutName(name).and("from", AddressText.of(it)))
                                    .orElseGet(() -> aboutName(name))
                                    .and("to", AddressText.of(to)));
            case BalancerEvent.NameFailing(var name, var why, var kept) ->
                    log.warn(
                            "name",
                            "%s: not resolved: %s%s"
                                    .formatted(
                                            name,
                                            why,
                                            kept.map(
                                                            it ->
                                                                    " (stays at %s)"
                                                                            .formatted(
                                                                                    AddressText.of(
                                                                                            it)))
                                                    .orElse("")),
                            aboutName(name).and("why", why));
            case BalancerEvent.NameConfirmed(var name) ->
                    log.info("name", name + ": resolved again", aboutName(name));
            case BalancerEvent.PoolTroubled(var pool, var troubles) when troubles.isEmpty() ->
                    log.info("pool", pool + ": its trouble is over", aboutPool(pool));
            case BalancerEvent.PoolTroubled(var pool, var troubles) ->
                    troubles.forEach(
                            trouble ->
                                    log.error(
                                            "pool",
                                            pool + ": " + trouble,
                                            aboutPool(pool).and("trouble", trouble)));
            case BalancerEvent.ListenerOpened(var listener, var address) ->
                    log.info(
                            "listener",
                            "%s: accepts connections on %s".formatted(listener, address),
                            about(listener, address, true));
            case BalancerEvent.ListenerClosed(var listener, var address) ->
                    log.info(
                            "listener",
                            "%s: accepts no more connections on %s".formatted(listener, address),
                            about(listener, address, false));
            case BalancerEvent.AccessLogTroubled(var to, var why) ->
                    log.error(
                            "access-log",
                            "%s: cannot be written, lines are lost: %s".formatted(to, why),
                            aboutAccessLog(to).and("why", why));
            case BalancerEvent.AccessLogRecovered(var to) ->
                    log.info("access-log", to + ": can be written again", aboutAccessLog(to));
            case BalancerEvent.AccessLinesLost(var to, var lines) ->
                    log.warn(
                            "access-log",
                            "%s: %d lines lost".formatted(to, lines),
                            aboutAccessLog(to).and("lost", lines));
            case BalancerEvent.RestartNeeded(var key) ->
                    log.warn(
                            "configuration",
                            key + ": changed, but takes effect at the next start alone",
                            Fields.of("key", key));
        }
    }

    private static Fields aboutPool(String pool) {
        return Fields.event(EventKind.POOL).and("pool", pool);
    }

    private static Fields aboutName(String name) {
        return Fields.event(EventKind.NAME).and("name", name);
    }

    private static Fields aboutAccessLog(String to) {
        return Fields.event(EventKind.ACCESS_LOG).and("to", to);
    }

    private static Fields about(String listener, Object address, boolean open) {
        return Fields.event(EventKind.LISTENER)
                .and("listener", listener)
                .and("address", address.toString())
                .and("open", open);
    }

    private static String word(ServerHealth.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
