package buoy.lb.pool;

import buoy.config.model.Pool.Balance;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool's {@code balance} over the servers that may take work now.
 *
 * @param key what of a piece of work decides; null where nothing does
 */
record Choice(Selector<Server> among, @Nullable ToLongFunction<Work> key) {
    static Choice of(Balance balance, List<Weighted<Server>> servers) {
        return switch (balance) {
            case Balance.RoundRobin() -> new Choice(Selector.roundRobin(servers), null);
            case Balance.LeastConnections() ->
                    new Choice(Selector.leastConnections(servers, Server::active), null);
            case Balance.RandomTwo() ->
                    new Choice(Selector.randomTwo(servers, Server::active), null);
            case Balance.First() -> new Choice(Selector.first(servers), null);
            case Balance.SourceHash() -> byKey(servers, Work::source);
            case Balance.UriHash() -> byKey(servers, Work::uri);
            case Balance.HeaderHash(String field) -> {
                byte[] lower = field.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
                yield byKey(servers, work -> work.field(lower));
            }
        };
    }

    private static Choice byKey(List<Weighted<Server>> servers, ToLongFunction<Work> key) {
        return new Choice(Selector.byKey(servers, Server::name, Server::active), key);
    }

    long keyOf(Work work) {
        return key == null ? Selector.NO_KEY : key.applyAsLong(work);
    }
}
