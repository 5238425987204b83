package buoy.lb.http.route;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Each thing that a match asks for, as a match that asks for nothing else, by its name for people:
 * so a {@link RouteTable} of one tells whether it holds.
 */
public final class MatchParts {
    private MatchParts() {}

    /** In the order in which people read a route; empty where it takes everything. */
    public static Map<String, Match> of(Match match) {
        Map<String, Match> each = new LinkedHashMap<>();
        match.host()
                .ifPresent(
                        host ->
                                each.put(
                                        "host " + host,
                                        new Match(
                                                match.host(), Optional.empty(), Conditions.NONE)));
        match.path()
                .ifPresent(
                        path ->
                                each.put(
                                        said(path),
                                        new Match(
                                                Optional.empty(), match.path(), Conditions.NONE)));
        Conditions also = match.also();
        if (!also.methods().isEmpty()) {
            each.put(
                    "method "
                            + also.methods().stream().sorted().collect(Collectors.joining(" or ")),
                    only(new Conditions(also.methods(), Map.of(), Map.of(), List.of())));
        }
        also.headers()
                .forEach(
                        (name, value) ->
                                each.put(
                                        "header " + name + ": " + value,
                                        only(
                                                new Conditions(
                                                        Set.of(),
                                                        Map.of(name, value),
                                                        Map.of(),
                                                        List.of()))));
        also.query()
                .forEach(
                        (name, value) ->
                                each.put(
                                        "query " + name + "=" + value,
                                        only(
                                                new Conditions(
                                                        Set.of(),
                                                        Map.of(),
                                                        Map.of(name, value),
                                                        List.of()))));
        if (!also.client().isEmpty()) {
            each.put(
                    "client "
                            + also.client().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining(" or ")),
                    only(new Conditions(Set.of(), Map.of(), Map.of(), also.client())));
        }
        return each;
    }

    private static Match only(Conditions conditions) {
        return new Match(Optional.empty(), Optional.empty(), conditions);
    }

    private static String said(PathMatch path) {
        return switch (path) {
            case PathMatch.Prefix(var prefix) -> "path " + prefix;
            case PathMatch.Exact(var whole) -> "path exactly " + whole;
            case PathMatch.Regex(var pattern) -> "path like " + pattern.pattern();
        };
    }
}
