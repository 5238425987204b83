package buoy.vrrp.track;

import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Priority;
import buoy.vrrp.track.Contribution.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The effective priority of one router, and what it is made of. The package says by what rule.
 *
 * @param effective the configured priority and the weights; never 0
 * @param contributions what made it differ from the configured one, in the order configured
 * @param unknown what is tracked and nobody has told about yet, such as {@code pool app}
 */
public record Tracking(Priority effective, List<Contribution> contributions, List<String> unknown) {
    /** Beyond this the sum is clamped anyway; it keeps it from overflowing. */
    private static final int MOST = 100_000;

    public Tracking {
        contributions = List.copyOf(contributions);
        unknown = List.copyOf(unknown);
    }

    /** Weighs what is known. */
    public static Tracking of(VirtualRouter router, Facts facts) {
        if (router.priority() == Priority.OWNER.value()) {
            return new Tracking(Priority.OWNER, List.of(), List.of());
        }
        List<Contribution> found = new ArrayList<>();
        router.tracks().forEach(track -> weigh(track, facts).ifPresent(found::add));
        facts.troubleWith(new Subject.Workers())
                .map(Contribution::lastResort)
                .ifPresent(found::add);
        List<String> unknown =
                router.tracks().stream()
                        .map(Tracking::subject)
                        .distinct()
                        .filter(subject -> !facts.know(subject))
                        .map(Subject::inWords)
                        .toList();
        return new Tracking(effective(router.priority(), found), found, unknown);
    }

    /** The same for a router that the operator has resigned; the owner does not resign. */
    public Tracking resigned() {
        if (effective.isOwner()) {
            return this;
        }
        List<Contribution> all = new ArrayList<>(contributions);
        all.add(Contribution.lastResort("resigned by the operator"));
        return new Tracking(Priority.LAST_RESORT, all, unknown);
    }

    private static Priority effective(int configured, List<Contribution> found) {
        if (found.stream().anyMatch(each -> each.kind() == Kind.LAST_RESORT)) {
            return Priority.LAST_RESORT;
        }
        int weights =
                found.stream()
                        .filter(each -> each.kind() == Kind.WEIGHT)
                        .mapToInt(Contribution::amount)
                        .sum();
        return new Priority(Math.clamp(configured + weights, 1, 254));
    }

    /** Why the router is not fit to be active, if so. */
    public Optional<String> fault() {
        return contributions.stream().anyMatch(each -> each.kind() == Kind.FAULT)
                ? Optional.of(
                        contributions.stream()
                                .filter(each -> each.kind() == Kind.FAULT)
                                .map(Contribution::cause)
                                .collect(Collectors.joining("; ")))
                : Optional.empty();
    }

    /** What there is to tell others: the effective priority, or 0 where it is not fit. */
    public Priority told() {
        return fault().isPresent() ? Priority.RESIGN : effective;
    }

    /** What this track is about. */
    public static Subject subject(Track track) {
        return switch (track) {
            case Track.PoolFault(var pool, _) -> new Subject.Pool(pool);
            case Track.PoolWeight(var pool, _, _) -> new Subject.Pool(pool);
            case Track.ListenerDown(var listener, _) -> new Subject.Listener(listener);
            case Track.InterfaceDown(var name, _) -> new Subject.Interface(name);
            case Track.Script(
                            var command,
                            var every,
                            var timeout,
                            int fall,
                            int rise,
                            _,
                            var user) ->
                    new Subject.Script(command, every, timeout, fall, rise, user);
            case Track.NumberInFile(var file, _) -> new Subject.File(file);
            case Track.ProcessGone(var process, _) -> new Subject.ProcessName(process);
        };
    }

    /**
     * One thing a router tracks.
     *
     * @param known whether anybody has told about it yet
     * @param contribution what it does to the priority now; empty where all is well
     */
    public record Item(Subject subject, boolean known, Optional<Contribution> contribution) {}

    /** Everything the router tracks, in the order configured, each by itself. */
    public static List<Item> items(VirtualRouter router, Facts facts) {
        return router.tracks().stream()
                .map(
                        track -> {
                            Subject subject = subject(track);
                            return new Item(subject, facts.know(subject), weigh(track, facts));
                        })
                .toList();
    }

    private static Optional<Contribution> weigh(Track track, Facts facts) {
        return switch (track) {
            case Track.PoolFault(var pool, int below) ->
                    few(pool, below, facts).map(Contribution::lastResort);
            case Track.PoolWeight(var pool, int below, int weight) ->
                    few(pool, below, facts).map(why -> Contribution.weight(why, weight));
            case Track.ListenerDown(_, var weight) -> trouble(track, weight, facts);
            case Track.InterfaceDown(_, var weight) -> trouble(track, weight, facts);
            case Track.Script(_, _, _, _, _, var weight, _) -> trouble(track, weight, facts);
            case Track.ProcessGone(_, var weight) -> trouble(track, weight, facts);
            case Track.NumberInFile(var file, int weight) -> {
                int number = facts.numberIn(file);
                long amount = Math.clamp((long) number * weight, -MOST, MOST);
                yield amount == 0
                        ? Optional.empty()
                        : Optional.of(
                                Contribution.weight(
                                        "file %s says %d".formatted(file, number), (int) amount));
            }
        };
    }

    private static Optional<Contribution> trouble(Track track, OptionalInt weight, Facts facts) {
        return facts.troubleWith(subject(track))
                .map(
                        why ->
                                weight.isPresent()
                                        ? Contribution.weight(why, weight.getAsInt())
                                        : Contribution.fault(why));
    }

    private static Optional<String> few(String pool, int least, Facts facts) {
        OptionalInt up = facts.serversUp(pool);
        return up.isEmpty() || up.getAsInt() >= least
                ? Optional.empty()
                : Optional.of(
                        "pool %s has %d %s up, below %d"
                                .formatted(
                                        pool,
                                        up.getAsInt(),
                                        up.getAsInt() == 1 ? "server" : "servers",
                                        least));
    }
}
