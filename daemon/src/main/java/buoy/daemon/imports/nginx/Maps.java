package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What {@code map} and {@code split_clients} make of a variable, where it names a pool. */
final class Maps {
    private static final int WHOLE = 1000;

    /** What decides about the value. */
    sealed interface Chosen {
        /** The first case that fits. */
        record ByMatch(List<Case> cases) implements Chosen {}

        /** Chance; of a thousand each has so many. */
        record Shares(Map<String, Integer> shares) implements Chosen {}
    }

    record Case(Mark at, RouteMatch match, String value) {}

    private Maps() {}

    /** Empty where it cannot be told. */
    static Optional<Chosen> of(Scope top, String variable) {
        String name = "$" + variable.replaceAll("[${}]", "");
        for (Directive map : top.own("map")) {
            if (map.arg(1).equals(name)) {
                return cases(map).map(Chosen.ByMatch::new);
            }
        }
        for (Directive split : top.own("split_clients")) {
            if (split.arg(1).equals(name)) {
                return shares(split).map(Chosen.Shares::new);
            }
        }
        return Optional.empty();
    }

    private static Optional<List<Case>> cases(Directive map) {
        Optional<Function<String, RouteMatch>> asks = asks(map.arg(0));
        if (asks.isEmpty()) {
            return Optional.empty();
        }
        boolean names =
                map.arg(0).matches("\\$(host|http_host|ssl_preread_server_name|ssl_server_name)");
        boolean wildcards = map.block().stream().anyMatch(each -> each.is("hostnames"));
        List<Case> whole = new ArrayList<>();
        List<Case> wild = new ArrayList<>();
        List<Case> patterns = new ArrayList<>();
        List<Case> usual = new ArrayList<>();
        for (Directive each : map.block()) {
            String key = each.name().replaceFirst("^\\\\", "");
            String value = each.arg(0);
            // Without hostnames a name with * is one to the letter, and no host is called so.
            boolean nobody = names && !wildcards && (key.startsWith("*") || key.startsWith("."));
            if (each.is("hostnames") || each.is("volatile") || nobody) {
                continue;
            }
            if (each.is("default")) {
                usual.add(new Case(each.at(), RouteMatch.ANY, value));
            } else if (key.startsWith("~") && names) {
                List<String> hosts = Patterns.names(key.replaceFirst("^~\\*?", ""));
                if (hosts.isEmpty()) {
                    return Optional.empty();
                }
                hosts.forEach(
                        host -> patterns.add(new Case(each.at(), asks.get().apply(host), value)));
            } else if (key.startsWith("~") || key.isEmpty()) {
                return Optional.empty();
            } else if (names && key.startsWith(".")) {
                whole.add(new Case(each.at(), asks.get().apply(key.substring(1)), value));
                wild.add(new Case(each.at(), asks.get().apply("*" + key), value));
            } else {
                (key.startsWith("*") && names ? wild : whole)
                        .add(new Case(each.at(), asks.get().apply(key), value));
            }
        }
        List<Case> all = new ArrayList<>(whole);
        all.addAll(wild);
        all.addAll(patterns);
        all.addAll(usual);
        return Optional.of(all);
    }

    private static Optional<Function<String, RouteMatch>> asks(String variable) {
        return switch (variable) {
            case "$host", "$http_host" ->
                    Optional.of(key -> RouteMatch.ofHost(key.toLowerCase(Locale.ROOT)));
            case "$ssl_preread_server_name", "$ssl_server_name" ->
                    Optional.of(key -> RouteMatch.ofSni(key.toLowerCase(Locale.ROOT)));
            case "$request_method" -> Optional.of(key -> RouteMatch.ofMethods(Set.of(key)));
            default -> {
                if (Pattern.matches("\\$http_[a-z0-9_]+", variable)) {
                    String name = variable.substring("$http_".length()).replace('_', '-');
                    yield Optional.of(key -> RouteMatch.ofHeader(name, key));
                }
                yield Pattern.matches("\\$arg_[A-Za-z0-9_]+", variable)
                        ? Optional.of(
                                key ->
                                        RouteMatch.ofQuery(
                                                variable.substring("$arg_".length()), key))
                        : Optional.empty();
            }
        };
    }

    private static Optional<Map<String, Integer>> shares(Directive split) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        int left = WHOLE;
        for (Directive each : split.block()) {
            int share;
            if (each.is("*")) {
                share = left;
            } else if (Pattern.matches("[0-9]{1,3}(\\.[0-9]{1,2})?%", each.name())) {
                share = (int) Math.round(Double.parseDouble(each.name().replace("%", "")) * 10);
            } else {
                return Optional.empty();
            }
            share = Math.min(share, left);
            left -= share;
            shares.merge(each.arg(0), share, Integer::sum);
        }
        return shares.isEmpty() ? Optional.empty() : Optional.of(shares);
    }
}
