package buoy.lb.pool;

import buoy.config.model.Pool.Balance;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool's {@code balance} over the servers that may take work now.
 *
 * @param key what of a piece of work decides; null where nothing does
 */
record Choice<S>(Selector<S> among, @Nullable ToLongFunction<Work> key) {
    static Choice<Server> of(Balance balance, List<Weighted<Server>> servers) {
        return of(balance, servers, Server::name, Server::active);
    }

    /**
     * The same of servers that are told of.
     *
     * @param load what a server has under way
     */
    static <S> Choice<S> of(
            Balance balance,
            List<Weighted<S>> servers,
            Function<S, String> name,
            ToIntFunction<S> load) {
        return switch (balance) {
            case Balance.RoundRobin() -> new Choice<>(Selector.roundRobin(servers), null);
            case Balance.LeastConnections() ->
                    new Choice<>(Selector.leastConnections(servers, load), null);
            case Balance.RandomTwo() -> new Choice<>(Selector.randomTwo(servers, load), null);
            case Balance.First() -> new Choice<>(Selector.first(servers), null);
            case Balance.SourceHash() ->
                    new Choice<>(Selector.byKey(servers, name, load), Work::source);
            case Balance.UriHash() -> new Choice<>(Selector.byKey(servers, name, load), Work::uri);
            case Balance.HeaderHash(String field) -> {
                byte[] lower = field.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
                yield new Choice<>(Selector.byKey(servers, name, load), work -> work.field(lower));
            }
        };
    }

    long keyOf(Work work) {
        return key == null ? Selector.NO_KEY : key.applyAsLong(work);
    }
}
