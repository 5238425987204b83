package buoy.daemon.state;

import buoy.config.model.Config;
import buoy.config.model.Pool;
import buoy.lb.PoolsKnown;
import buoy.lb.PoolsKnown.PoolKnown;
import buoy.lb.PoolsKnown.ServerKnown;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Server.Orders;
import buoy.lb.pool.ServerHealth;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What operators have ordered by command and the configuration does not say.
 *
 * @param servers those with orders
 * @param listeners those that are paused, and since when
 * @param paused pools, and since when
 * @param resigned routers, and since when
 */
public record StandingOrders(
        Map<String, Instant> listeners,
        Map<ServerName, Orders> servers,
        Map<String, Instant> paused,
        Map<String, Instant> resigned) {
    public static final StandingOrders NONE =
            new StandingOrders(Map.of(), Map.of(), Map.of(), Map.of());

    public StandingOrders {
        listeners = copy(listeners);
        servers = copy(servers);
        paused = copy(paused);
        resigned = copy(resigned);
    }

    /** In the order they came in: that of the configuration. */
    private static <K, V> Map<K, V> copy(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** A server of a pool. */
    public record ServerName(String pool, String server) {
        @Override
        public String toString() {
            return pool + "/" + server;
        }
    }

    /** What is in force now. */
    public static StandingOrders of(
            Map<String, Instant> listeners, PoolsKnown pools, Map<String, Instant> resigned) {
        Map<ServerName, Orders> servers = new LinkedHashMap<>();
        Map<String, Instant> paused = new LinkedHashMap<>();
        for (PoolKnown pool : pools.pools()) {
            pool.paused().ifPresent(since -> paused.put(pool.name(), since));
            for (ServerKnown server : pool.servers()) {
                Orders orders = server.orders();
                if (orders.duty() != Duty.READY || orders.weight().isPresent()) {
                    servers.put(new ServerName(pool.name(), server.name()), orders);
                }
            }
        }
        return new StandingOrders(listeners, servers, paused, resigned);
    }

    /** For a balancer that is to begin with them. Nothing is known of health. */
    public PoolsKnown known() {
        Map<String, List<ServerKnown>> byPool = new LinkedHashMap<>();
        paused.keySet().forEach(pool -> byPool.put(pool, new ArrayList<>()));
        servers.forEach(
                (name, orders) ->
                        byPool.computeIfAbsent(name.pool, _ -> new ArrayList<>())
                                .add(
                                        new ServerKnown(
                                                name.server,
                                                "",
                                                new ServerHealth(
                                                        ServerHealth.State.UNKNOWN,
                                                        orders.since(),
                                                        ""),
                                                orders)));
        List<PoolKnown> pools = new ArrayList<>();
        byPool.forEach(
                (pool, those) ->
                        pools.add(
                                new PoolKnown(
                                        pool,
                                        Optional.ofNullable(paused.get(pool)),
                                        those,
                                        List.of())));
        return new PoolsKnown(pools);
    }

    /** Those about what is configured. */
    public StandingOrders within(Config config) {
        return where(
                config.listeners()::containsKey,
                configured(config),
                config.pools()::containsKey,
                config.routers()::containsKey);
    }

    /** Those about what is not configured any more. */
    public StandingOrders beyond(Config config) {
        return where(
                listener -> !config.listeners().containsKey(listener),
                configured(config).negate(),
                pool -> !config.pools().containsKey(pool),
                router -> !config.routers().containsKey(router));
    }

    private static Predicate<ServerName> configured(Config config) {
        Set<ServerName> all = new LinkedHashSet<>();
        for (Pool pool : config.pools().values()) {
            pool.servers().forEach(server -> all.add(new ServerName(pool.name(), server.name())));
        }
        return all::contains;
    }

    private StandingOrders where(
            Predicate<String> listener,
            Predicate<ServerName> server,
            Predicate<String> pool,
            Predicate<String> router) {
        return new StandingOrders(
                those(listeners, listener),
                those(servers, server),
                those(paused, pool),
                those(resigned, router));
    }

    private static <K, V> Map<K, V> those(Map<K, V> all, Predicate<K> which) {
        Map<K, V> those = new LinkedHashMap<>(all);
        those.keySet().removeIf(which.negate());
        return those;
    }

    boolean isNothing() {
        return equals(NONE);
    }

    /** Each in a few words, such as {@code server app/app1: maintenance since ...}. */
    public List<String> inWords() {
        List<String> all = new ArrayList<>();
        listeners.forEach(
                (listener, since) ->
                        all.add("listener %s: paused%s".formatted(listener, since(since))));
        servers.forEach((name, orders) -> all.add("server %s: %s".formatted(name, words(orders))));
        paused.forEach((pool, since) -> all.add("pool %s: paused%s".formatted(pool, since(since))));
        resigned.forEach(
                (router, since) ->
                        all.add("router %s: resigned%s".formatted(router, since(since))));
        return all;
    }

    private static String words(Orders orders) {
        List<String> words = new ArrayList<>();
        switch (orders.duty()) {
            case READY -> {}
            case DRAIN -> words.add("drain" + since(orders.since()));
            case MAINTENANCE -> words.add("maintenance" + since(orders.since()));
        }
        orders.weight().ifPresent(weight -> words.add("weight " + weight));
        return String.join(", ", words);
    }

    private static String since(Instant moment) {
        return " since " + moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
