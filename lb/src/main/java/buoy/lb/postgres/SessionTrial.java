package buoy.lb.postgres;

import buoy.config.model.Listener;
import buoy.config.model.Listener.PostgresMatch;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a route holds for a session that somebody might begin. There is no second reading of
 * routes here: each condition alone is judged as {@link Routes} does.
 */
public final class SessionTrial {
    private final StartupParameters said;
    private final InetAddress client;

    /**
     * @param said what its start-up message has: names with values, {@code user} and {@code
     *     database} among them
     */
    public SessionTrial(Map<String, String> said, InetAddress client) {
        this.said =
                new StartupParameters(
                        said.entrySet().stream()
                                .map(
                                        each ->
                                                new StartupParameters.Parameter(
                                                        each.getKey(), octets(each.getValue())))
                                .toList());
        this.client = client;
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Each condition of a match in words, with whether it holds. */
    public Map<String, Boolean> of(PostgresMatch match) {
        Map<String, PostgresMatch> conditions = new LinkedHashMap<>();
        match.database()
                .ifPresent(
                        name ->
                                conditions.put(
                                        "database " + name,
                                        new PostgresMatch(Optional.of(name), Optional.empty())));
        match.user()
                .ifPresent(
                        name ->
                                conditions.put(
                                        "user " + name,
                                        new PostgresMatch(Optional.empty(), Optional.of(name))));
        match.parameters()
                .forEach(
                        (name, value) ->
                                conditions.put(
                                        "parameter %s=%s".formatted(name, value),
                                        new PostgresMatch(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Map.of(name, value))));
        Map<String, Boolean> holds = new LinkedHashMap<>();
        conditions.forEach((words, each) -> holds.put(words, Routes.fits(each, said)));
        if (!match.client().isEmpty()) {
            List<String> networks = new ArrayList<>();
            match.client().forEach(each -> networks.add(each.toString()));
            holds.put(
                    "client " + String.join(" or ", networks),
                    Listener.isOneOf(match.client(), client));
        }
        return holds;
    }
}
