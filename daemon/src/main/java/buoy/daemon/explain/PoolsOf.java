package buoy.daemon.explain;

import buoy.config.model.Config;
import buoy.config.model.Listener.Action;
import buoy.config.model.Pool;
import buoy.config.model.Sticky;
import buoy.daemon.explain.Explanation.PoolPart;
import buoy.daemon.explain.Explanation.ServerPart;
import buoy.daemon.explain.LivePools.LivePool;
import buoy.lb.pool.Forecast;
import buoy.lb.pool.Forecast.Candidate;
import buoy.lb.pool.Forecast.Told;
import buoy.lb.pool.Work;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pools that an action leads to, and what their servers are at this moment, if known. */
final class PoolsOf {
    private final Config config;
    private final Optional<LivePools> live;

    PoolsOf(Config config, Optional<LivePools> live) {
        this.config = config;
        this.live = live;
    }

    /** Of one pool. */
    List<PoolPart> of(String pool, Work work) {
        return withFallbacks(pool, "the pool", work);
    }

    List<PoolPart> of(Action action, Work work) {
        return switch (action) {
            case Action.ToPool(var name) -> of(name, work);
            case Action.Split(var shares) -> {
                int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
                yield shares.entrySet().stream()
                        .filter(share -> share.getValue() > 0)
                        .flatMap(
                                share ->
                                        withFallbacks(
                                                share.getKey(),
                                                "%d of %d".formatted(share.getValue(), sum),
                                                work)
                                                .stream())
                        .toList();
            }
            case Action.Respond _, Action.Redirect _, Action.RedirectToHttps _ -> List.of();
        };
    }

    private List<PoolPart> withFallbacks(String first, String role, Work work) {
        Set<String> names = new LinkedHashSet<>();
        Optional<String> next = Optional.of(first);
        while (next.isPresent() && names.add(next.get())) {
            next = Optional.ofNullable(config.pools().get(next.get())).flatMap(Pool::fallback);
        }
        return names.stream()
                .map(config.pools()::get)
                .map(pool -> part(pool, pool.name().equals(first) ? role : "fallback", work))
                .toList();
    }

    private PoolPart part(Pool pool, String role, Work work) {
        Optional<LivePool> now = live.map(all -> all.pools().get(pool.name()));
        List<String> said = new ArrayList<>();
        if (live.isPresent() && now.isEmpty()) {
            said.add("the running buoy has no such pool");
        }
        now.map(each -> each.said().get("paused-since"))
                .ifPresent(since -> said.add("paused since " + since + ": who comes now waits"));
        now.map(each -> each.said().get("served-by"))
                .ifPresent(other -> said.add("no server is up: pool " + other + " serves"));
        return new PoolPart(
                pool.name(),
                role,
                how(pool),
                said,
                now.map(each -> choice(pool, each, work)),
                pool.servers().stream()
                        .map(server -> part(server, now.map(each -> each.servers())))
                        .toList());
    }

    private static String choice(Pool pool, LivePool now, Work work) {
        List<Pool.Server> may =
                pool.servers().stream()
                        .filter(each -> against(state(now, each)).isEmpty())
                        .toList();
        List<Pool.Server> usual = may.stream().filter(each -> !each.backup()).toList();
        List<Candidate> eligible =
                (usual.isEmpty() ? may : usual)
                        .stream().map(each -> candidate(each.name(), state(now, each))).toList();
        String unless =
                (pool.sticky().isPresent() ? ", unless it is kept to another (sticky)" : "")
                        + (pool.slowStart().isZero()
                                ? ""
                                : ", unless a server's weight still grows (slow-start)");
        return switch (Forecast.of(pool.balance(), eligible, work)) {
            case Told.Chosen(var server, var why) ->
                    "now to %s: %s%s".formatted(server, why, eligible.size() > 1 ? unless : "");
            case Told.Open(var why) -> "to which cannot be told: " + why;
        };
    }

    private static Map<String, String> state(LivePool now, Pool.Server server) {
        return now.servers().getOrDefault(server.name(), Map.of());
    }

    private static Candidate candidate(String name, Map<String, String> now) {
        return new Candidate(
                name,
                Math.max(1, number(now, "weight", 1) * number(now, "granted", 100)),
                number(now, "active", 0));
    }

    private static int number(Map<String, String> now, String name, int otherwise) {
        String text = now.getOrDefault(name, "");
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : otherwise;
    }

    private static String how(Pool pool) {
        return pool.balance().word()
                + pool.sticky()
                        .map(
                                sticky ->
                                        switch (sticky) {
                                            case Sticky.OwnCookie cookie ->
                                                    ", first as its cookie "
                                                            + cookie.name()
                                                            + " says";
                                            case Sticky.AppCookie cookie ->
                                                    ", first as its cookie "
                                                            + cookie.name()
                                                            + " says";
                                            case Sticky.Source _ -> ", first where its address was";
                                        })
                        .orElse("");
    }

    private static ServerPart part(
            Pool.Server server, Optional<Map<String, Map<String, String>>> all) {
        String backup = server.backup() ? "backup: while no other may take it" : "";
        if (all.isEmpty()) {
            return new ServerPart(
                    server.name(), server.address().toString(), Optional.empty(), backup);
        }
        Map<String, String> now = all.get().get(server.name());
        if (now == null) {
            return new ServerPart(
                    server.name(),
                    server.address().toString(),
                    Optional.of(false),
                    "the running buoy has no such server");
        }
        Optional<String> against = against(now);
        return new ServerPart(
                server.name(),
                server.address().toString(),
                Optional.of(against.isEmpty()),
                against.orElse(backup.isEmpty() ? now.getOrDefault("why", "") : backup));
    }

    /** What keeps new work from it, as its status has it. */
    private static Optional<String> against(Map<String, String> now) {
        String duty = now.getOrDefault("duty", "ready");
        if (!duty.equals("ready")) {
            return Optional.of("ordered: " + duty);
        }
        String state = now.getOrDefault("state", "unknown");
        if (!state.equals("up")) {
            return Optional.of(state + ": " + now.getOrDefault("why", ""));
        }
        if (now.containsKey("ejected")) {
            return Optional.of("passed by for a while: " + now.get("ejected"));
        }
        if (now.getOrDefault("weight", "1").equals("0")) {
            return Optional.of("weight 0");
        }
        if (now.getOrDefault("granted", "100").equals("0")) {
            return Optional.of("its agent wants no work");
        }
        String most = now.get("max-connections");
        return most != null
                        && Long.parseLong(now.getOrDefault("active", "0")) >= Long.parseLong(most)
                ? Optional.of("full: " + most + " under way")
                : Optional.empty();
    }
}
