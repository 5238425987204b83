package buoy.lb.http;

import buoy.config.model.Listener;
import buoy.config.model.Listener.Match;
import buoy.config.model.RateLimit;
import buoy.lb.guard.ClientKeys;
import buoy.lb.guard.Rates;
import buoy.lb.http.head.Asker;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHashes;
import buoy.lb.http.head.RequestHead;
import buoy.lb.select.Selector;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How often requests may come to a listener: its own limit, and those of its routes. */
final class Metering {
    static final Metering NONE = new Metering(Map.of(), null, List.of());

    /** Whose limit it is; empty is the listener's. */
    private record Place(Optional<Match> route, RateLimit limit) {}

    /**
     * One limit.
     *
     * @param field what tells requests apart, if it is a field
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing, and never written to
    private record Meter(RateLimit.Key key, byte[] field, Rates rates) {
        long early(int route, RequestHead request, ClientFacts client, long now) {
            return switch (key) {
                case RateLimit.Key.ClientAddress() ->
                        rates.ask(ClientKeys.of(Asker.of(request, client)), now);
                case RateLimit.Key.Header _ -> {
                    long hash = RequestHashes.field(request, field);
                    yield hash == Selector.NO_KEY ? 0 : rates.ask(ClientKeys.ofHash(hash), now);
                }
                case RateLimit.Key.Route() -> rates.ask(ClientKeys.ofHash(route), now);
            };
        }
    }

    private final Map<Place, Rates> rates;
    private final @Nullable Meter all;
    private final List<Optional<Meter>> routes;

    private Metering(Map<Place, Rates> rates, @Nullable Meter all, List<Optional<Meter>> routes) {
        this.rates = rates;
        this.all = all;
        this.routes = routes;
    }

    /**
     * As configured.
     *
     * @param before what was counted goes on under limits that stay as they are
     */
    static Metering of(Listener.Http listener, Metering before) {
        Map<Place, Rates> rates = new HashMap<>();
        Meter all =
                listener.limits()
                        .rate()
                        .map(limit -> meter(new Place(Optional.empty(), limit), rates, before))
                        .orElse(null);
        List<Optional<Meter>> routes =
                listener.routes().stream()
                        .map(
                                route ->
                                        route.guard()
                                                .rate()
                                                .map(
                                                        limit ->
                                                                meter(
                                                                        new Place(
                                                                                Optional.of(
                                                                                        route
                                                                                                .match()),
                                                                                limit),
                                                                        rates,
                                                                        before)))
                        .toList();
        return rates.isEmpty() ? NONE : new Metering(rates, all, routes);
    }

    private static Meter meter(Place place, Map<Place, Rates> rates, Metering before) {
        RateLimit limit = place.limit;
        Rates counted = before.rates.get(place);
        if (counted == null) {
            counted = new Rates(limit, System.nanoTime());
        }
        rates.put(place, counted);
        byte[] field =
                limit.key() instanceof RateLimit.Key.Header(String name)
                        ? name.getBytes(StandardCharsets.US_ASCII)
                        : new byte[0];
        return new Meter(limit.key(), field, counted);
    }

    /** How many nanoseconds a request comes too early: 0 if it may come. */
    long early(int route, RequestHead request, ClientFacts client) {
        if (rates.isEmpty()) {
            return 0;
        }
        long now = System.nanoTime();
        long early = all == null ? 0 : all.early(route, request, client, now);
        Optional<Meter> own = routes.get(route);
        return early > 0 || own.isEmpty() ? early : own.get().early(route, request, client, now);
    }
}
