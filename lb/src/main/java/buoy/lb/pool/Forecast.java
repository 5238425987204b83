package buoy.lb.pool;

import buoy.config.model.Pool.Balance;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import java.util.List;
import java.util.Set;

/** Which of the servers that may take some work a pool would choose, where that can be told. */
public final class Forecast {
    private Forecast() {}

    /**
     * A server that may take it.
     *
     * @param active what it has under way
     */
    public record Candidate(String name, int weight, int active) {}

    /** What can be told. */
    public sealed interface Told {
        /** This server, and why. */
        record Chosen(String server, String why) implements Told {}

        /** Nobody knows, and why. */
        record Open(String why) implements Told {}
    }

    /**
     * For a pool in which nobody is kept to a server by anything but {@code balance}.
     *
     * @param eligible in the order of the configuration
     */
    public static Told of(Balance balance, List<Candidate> eligible, Work work) {
        if (eligible.size() < 2) {
            return eligible.isEmpty()
                    ? new Told.Open("no server may take it")
                    : new Told.Chosen(eligible.getFirst().name(), "the only one that may take it");
        }
        return switch (balance) {
            case Balance.RoundRobin _ -> new Told.Open("each worker counts its own turns");
            case Balance.LeastConnections _ ->
                    new Told.Open("the one with the least under way when it comes");
            case Balance.RandomTwo _ -> new Told.Open("two are drawn at random");
            case Balance.First _ -> chosen(balance, eligible, work, "the first in order");
            case Balance.SourceHash _ -> chosen(balance, eligible, work, "by the client's address");
            case Balance.UriHash _ -> chosen(balance, eligible, work, "by path and query");
            case Balance.HeaderHash(String field) ->
                    chosen(balance, eligible, work, "by its field " + field);
        };
    }

    private static Told chosen(Balance balance, List<Candidate> eligible, Work work, String why) {
        Choice<Candidate> choice =
                Choice.of(
                        balance,
                        eligible.stream().map(each -> new Weighted<>(each, each.weight())).toList(),
                        Candidate::name,
                        Candidate::active);
        long key = choice.keyOf(work);
        if (choice.key() != null && key == Selector.NO_KEY) {
            return new Told.Open("it has nothing to be bound by, so any");
        }
        Candidate server = choice.among().select(0, key, Set.of());
        return server == null
                ? new Told.Open("no server may take it")
                : new Told.Chosen(server.name(), why);
    }
}
