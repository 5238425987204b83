package buoy.config;

import buoy.config.model.Pool;
import buoy.config.model.VirtualRouter.Track;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** {@code vrrp.NAME.track}. */
final class TrackReader {
    /** An item has one of these. */
    private static final List<String> KINDS =
            List.of("pool", "listener", "interface", "script", "file", "process");

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    static final Format<Integer> WEIGHT = Numbers.between(-254, 254).then(TrackReader::notZero);

    private final PoolTrackReader ofPool;
    private final Set<String> listenerNames;

    /** The names are those that may be tracked; {@code pools} those that were read well. */
    TrackReader(Set<String> poolNames, Map<String, Pool> pools, Set<String> listenerNames) {
        ofPool = new PoolTrackReader(poolNames, pools);
        this.listenerNames = listenerNames;
    }

    List<Track> read(Section router, int priority) {
        List<Track> tracks = router.sections("track", this::one);
        if (priority == RouterReader.OWNER && router.has("track") && !router.isEmptyList("track")) {
            router.reject(
                    "track",
                    "the owner of the addresses (priority 255) keeps its priority whatever happens"
                            + " (use a priority of 1..254, or remove track)");
        }
        return tracks;
    }

    private Optional<Track> one(Section s) {
        List<String> kinds = KINDS.stream().filter(s::has).toList();
        if (kinds.size() != 1) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            kinds.isEmpty()
                                    ? "does not say what is tracked (add %s)"
                                            .formatted(Text.choice(KINDS))
                                    : "tracks %s in one item (write an item for each)"
                                            .formatted(String.join(" and ", kinds)));
            s.ignoreRest();
            return Optional.empty();
        }
        s.kind(kinds.getFirst());
        return switch (kinds.getFirst()) {
            case "pool" -> ofPool.read(s);
            case "listener" ->
                    weighed(
                            s,
                            s.optional("listener", Words.nameOf("listener", listenerNames)),
                            Track.ListenerDown::new);
            case "interface" ->
                    weighed(
                            s,
                            s.optional("interface", Names::interfaceName),
                            Track.InterfaceDown::new);
            case "script" -> script(s);
            case "file" -> {
                Optional<Path> file = s.file("file", Names::path);
                Optional<Integer> weight = s.required("weight", WEIGHT);
                yield file.flatMap(f -> weight.map(w -> new Track.NumberInFile(f, w)));
            }
            default ->
                    weighed(
                            s,
                            s.optional("process", TrackReader::processName),
                            Track.ProcessGone::new);
        };
    }

    private static Optional<Track> weighed(
            Section s, Optional<String> name, BiFunction<String, OptionalInt, Track> track) {
        OptionalInt weight = weightOrFault(s);
        return name.map(n -> track.apply(n, weight));
    }

    private static Optional<Track> script(Section s) {
        List<String> command = Commands.read(s, "script");
        Duration every =
                s.get("every", Durations.between(SHORTEST, LONGEST), Duration.ofSeconds(2));
        Duration timeout =
                s.get("timeout", Durations.between(SHORTEST, LONGEST), Duration.ofSeconds(1));
        int fall = s.get("fall", Numbers.between(1, 100), 3);
        int rise = s.get("rise", Numbers.between(1, 100), 2);
        OptionalInt weight = weightOrFault(s);
        Optional<String> user = s.optional("user", Names::user);
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new Track.Script(command, every, timeout, fall, rise, weight, user));
    }

    private static OptionalInt weightOrFault(Section s) {
        return s.optional("weight", WEIGHT).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static Parsed<Integer> notZero(int weight) {
        return weight == 0
                ? Parsed.wrong("0 changes nothing (write one such as -60, or remove the item)")
                : Parsed.ok(weight);
    }

    /** Of the file that runs, without its directory. */
    private static Parsed<String> processName(String text) {
        return Pattern.matches("[!-~&&[^/]]{1,255}", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be the name of a program without its directory, got "
                                + Text.quoted(text));
    }
}
